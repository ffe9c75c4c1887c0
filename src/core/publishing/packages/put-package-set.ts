import { ApiError } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { sha256Hex } from '../../../kernel/signed';
import { SetRefused } from '../../code/set-refused';
import type { SetJob } from '../../../runtime/languages/set-builder';
import type { WheelRow } from '../../../storage/packages';
import type { Context } from '../../access/context';
import { actorLabel } from '../../access/permissions';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { preloadOf, type PackageSet } from '../../code/package-set';
import { allowsVersion, compareVersions, normalName } from '../../code/requirement.rules';
import { resolve, Unresolved, type Source } from '../../code/resolve-packages';
import { toPackageSetSummary } from './list-package-sets';
import type { PackageSetSummary, PutPackageSetInput } from './package.schema';

/**
 * Makes a set of uploaded wheels under a name, or replaces it: handlers that are saved from now on get the new one, versions that were saved
 * before stay on theirs. Takes some seconds. Throws 422 with the package that is missing or cannot be used, and 409 `name_taken` for the name
 * of a set that came with the deploy.
 */
export const putPackageSet = verb(
  'package.write',
  async (ctx, name: string, input: PutPackageSetInput): Promise<PackageSetSummary> => {
    const { packages } = ctx.store;
    if ((await ctx.runtime.packageSets()).some((set) => set.name === name && set.uploaded !== true))
      throw new ApiError('name_taken', `The set ${name} came with the deploy. Take another name.`);
    const wheels = await chooseWheels(await packages.wheels(), input.requirements);
    const before = await packages.set(name);
    const content = contentOf(name, wheels, input);
    if (before?.id.startsWith(content)) return toPackageSetSummary(before.entry);
    const now = ctx.now();
    // The files of a retired set may be deleted at this moment: what is made now has others.
    const id = (await packages.isKnown(content)) ? `${content}-${now}` : content;
    const entry = await make(ctx, { ...input, id, name, wheels });
    const insert = packages.insertSet({
      id,
      name,
      requirements: input.requirements,
      preload: input.preload ?? preloadOf(input.requirements, entry.packages),
      entry,
      snapshots: [ctx.packageBuilder.version],
      retiredAt: null,
      createdAt: now,
      createdBy: actorLabel(ctx.actor),
    });
    await change(ctx, {
      action: before ? 'package-set.replace' : 'package-set.create',
      id: name,
      changes: { packages: wheels.map((wheel) => `${wheel.name} ${wheel.version}`) },
      // The old one first: the name of a current set is unique.
      ...(before ? { write: packages.retireSet(before.id, now), also: [insert] } : { write: insert }),
    });
    return toPackageSetSummary(entry);
  },
);

/** A set is what it is made from: the same wheels, with the same modules imported, give the same files. Requirements decide what is imported. */
const contentOf = (name: string, wheels: readonly WheelRow[], { preload, requirements }: PutPackageSetInput): string =>
  sha256Hex(
    JSON.stringify([
      name,
      wheels.map(({ sha256 }) => sha256).sort(),
      preload ?? { requirements: requirements.toSorted() },
    ]),
  ).slice(0, 32);

async function chooseWheels(known: readonly WheelRow[], requirements: readonly string[]): Promise<WheelRow[]> {
  const source: Source<WheelRow> = {
    find: async (name, specifier) => {
      const [wheel] = known
        .filter((one) => normalName(one.name) === name && allowsVersion(specifier, one.version))
        .toSorted((a, b) => compareVersions(b.version, a.version));
      return wheel === undefined ? null : { wheel, requires: wheel.requires };
    },
  };
  try {
    return await resolve(requirements, [source]);
  } catch (error) {
    if (error instanceof Unresolved)
      throw invalidField('requirements', 'unresolved', `${error.message}. Upload a wheel of it first`);
    throw error;
  }
}

async function make(ctx: Pick<Context, 'packageBuilder'>, job: SetJob): Promise<PackageSet> {
  try {
    return await ctx.packageBuilder.make(job);
  } catch (error) {
    if (error instanceof SetRefused) throw invalidField('requirements', 'cannot_be_made', error.message);
    throw error;
  }
}

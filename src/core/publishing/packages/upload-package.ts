import { toIso } from '../../../kernel/clock';
import { ApiError } from '../../../kernel/errors';
import { invalidField } from '../../../kernel/issues';
import { sha256Hex } from '../../../kernel/signed';
import type { WheelRow } from '../../../storage/packages';
import type { Context } from '../../access/context';
import { actorLabel } from '../../access/permissions';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { SetRefused } from '../../code/set-refused';
import { fitsRuntime, parseWheelName, type WheelName } from '../../code/wheel-name.rules';
import type { UploadedPackage, UploadPackageQuery } from './package.schema';

/**
 * Stores a wheel for package sets. The same file again changes nothing. Throws 422 for another hash, for a file that is no wheel or is for
 * another platform, and 409 `name_taken` when there is another content under the name.
 */
export const uploadPackage = verb(
  'package.write',
  async (ctx, { file, sha256 }: UploadPackageQuery, bytes: Uint8Array<ArrayBuffer>): Promise<UploadedPackage> => {
    const { packages } = ctx.store;
    if (sha256Hex(bytes) !== sha256)
      throw invalidField('query/sha256', 'hash_differs', 'is not the SHA-256 of the body');
    const { name, version } = checkName(file);
    const known = await packages.wheels();
    const same = known.find((wheel) => wheel.sha256 === sha256);
    if (same !== undefined) return toUploaded(same);
    if (known.length >= packages.maxWheels)
      throw invalidField(
        'query/file',
        'too_many',
        `there are ${packages.maxWheels} packages, the most that a service keeps: delete some`,
      );
    const requires = readRequires(ctx, bytes);
    const row: WheelRow = {
      sha256,
      file,
      name,
      version,
      requires,
      bytes: bytes.length,
      createdAt: ctx.now(),
      createdBy: actorLabel(ctx.actor),
    };
    // The content first: a row without one would be taken for an upload.
    await packages.putWheel(sha256, bytes);
    await change(ctx, {
      action: 'package.create',
      id: file,
      changes: { sha256, bytes: bytes.length },
      write: packages.insertWheel(row),
      taken: new ApiError(
        'name_taken',
        `There is another file named ${file}. Delete it first, or upload another version.`,
      ),
      undo: () => packages.dropWheelFile(sha256),
    });
    return toUploaded(row);
  },
);

function checkName(file: string): WheelName {
  const parsed = parseWheelName(file);
  if (parsed === null)
    throw invalidField(
      'query/file',
      'invalid_file',
      'is not the name of a wheel: <name>-<version>-<python>-<abi>-<platform>.whl',
    );
  if (!fitsRuntime(parsed))
    throw invalidField(
      'query/file',
      'wrong_platform',
      'is for another Python or platform: py3-none-any, or CPython 3.14 for pyemscripten_2026_0_wasm32, run here',
    );
  return parsed;
}

function readRequires({ packageBuilder }: Pick<Context, 'packageBuilder'>, bytes: Uint8Array): string[] {
  try {
    return packageBuilder.readRequirements(bytes);
  } catch (error) {
    if (error instanceof SetRefused) throw invalidField('', 'invalid_wheel', error.message);
    throw error;
  }
}

export const toUploaded = ({ createdAt, ...row }: WheelRow): UploadedPackage => ({
  ...row,
  createdAt: toIso(createdAt),
});

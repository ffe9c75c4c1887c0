import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import type { PackageSet } from '../../code/package-set';
import type { ListPackageSetsQuery, PackageSetSummary } from './package.schema';

/** Lists the package sets of this deploy and those of uploaded packages, by name. A cursor is an index of the list. */
export const listPackageSets = verb(
  'handler.read',
  async (ctx, { limit, cursor }: ListPackageSetsQuery): Promise<Page<PackageSetSummary>> => {
    const sets = (await ctx.runtime.packageSets()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const start = readCursor(cursor)?.at ?? 0;
    const placed = sets.map((set, index) => ({ set, at: index + 1 })).slice(start, start + limit + 1);
    return toPage(
      placed,
      limit,
      ({ set, at }) => ({ at, id: set.name }),
      ({ set }) => toPackageSetSummary(set),
    );
  },
);

export const toPackageSetSummary = ({ name, packages, bytes, uploaded }: PackageSet): PackageSetSummary => ({
  name,
  packages,
  memory: { snapshot: bytes.memory, limit: bytes.memoryLimit },
  uploaded: uploaded === true,
});

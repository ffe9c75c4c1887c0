import { pageOf } from '../../kernel/page';
import { listPackageSets } from '../../core/publishing/handlers/list-package-sets';
import { ListPackageSetsQuery, PackageSetSummary } from '../../core/publishing/handlers/package-set.schema';
import { route } from '../wire/route';

export const packageSetRoutes = [
  route({
    id: 'listPackageSets',
    method: 'get',
    path: '/admin/package-sets',
    verb: listPackageSets,
    tag: 'Handlers',
    summary: 'List the sets of Python packages',
    query: ListPackageSetsQuery,
    answers: { 200: pageOf(PackageSetSummary) },
    args: ({ query }) => [query],
  }),
] as const;

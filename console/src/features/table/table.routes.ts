import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { queryClient } from '../../api/query-client';
import { rootRoute } from '../../shell/root.route';
import { oneOf, search, text } from '../../shell/search.rules';
import { tableQueries } from './table.queries';

export const tableRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/tables',
    validateSearch: search({ schema: text, name: text }),
    component: lazyRouteComponent(() => import('./list-tables'), 'ListTables'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/tables/$id',
    validateSearch: search({ tab: oneOf('columns', 'access'), where: text, order: text }),
    loader: ({ params: { id } }) => void queryClient.prefetchQuery(tableQueries.one(id)),
    component: lazyRouteComponent(() => import('./show-table'), 'ShowTable'),
  }),
] as const;

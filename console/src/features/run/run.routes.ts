import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { queryClient } from '../../api/query-client';
import { rootRoute } from '../../shell/root.route';
import { search, text } from '../../shell/search.rules';
import { runSearch } from './run-search.rules';
import { runQueries } from './run.queries';

export const runRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/runs',
    validateSearch: runSearch,
    component: lazyRouteComponent(() => import('./list-runs'), 'ListRuns'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/runs/compare',
    validateSearch: search({ a: text, b: text }),
    component: lazyRouteComponent(() => import('./compare-runs'), 'CompareRuns'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/runs/$id',
    validateSearch: search({ step: text }),
    loader: ({ params: { id } }) => void queryClient.prefetchQuery(runQueries.one(id)),
    component: lazyRouteComponent(() => import('./show-run'), 'ShowRun'),
  }),
] as const;

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { queryClient } from '../../api/query-client';
import { rootRoute } from '../../shell/root.route';
import { oneOf, search, someOf, text, whole } from '../../shell/search.rules';
import { ALL_OUTCOMES } from './outcome.rules';
import { time } from '../../kit/time-range.rules';
import { runQueries } from './run.queries';

export const runRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/runs',
    validateSearch: search({
      endpoint: text,
      endpointId: text,
      kind: oneOf('live', 'test', 'schedule', 'graph'),
      outcome: someOf(...ALL_OUTCOMES),
      status: whole,
      caller: text,
      minMs: whole,
      step: text,
      error: text,
      since: time,
      until: time,
      q: text,
      live: oneOf('1'),
      cursor: text,
    }),
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

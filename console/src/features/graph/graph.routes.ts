import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { queryClient } from '../../api/query-client';
import { rootRoute } from '../../shell/root.route';
import { oneOf, search, someOf, text } from '../../shell/search.rules';
import { graphQueries } from './graph.queries';
import { GRAPH_STATES } from './graph-status.rules';

export const graphRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/graphs',
    validateSearch: search({ q: text, own: oneOf('true'), status: someOf(...GRAPH_STATES) }),
    component: lazyRouteComponent(() => import('./list-graphs'), 'ListGraphs'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/graphs/$id',
    validateSearch: search({ node: text, view: oneOf('list'), tab: oneOf('results') }),
    loader: ({ params: { id } }) => void queryClient.prefetchQuery(graphQueries.one(id)),
    component: lazyRouteComponent(() => import('./show-graph'), 'ShowGraph'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/operations',
    validateSearch: search({
      q: text,
      own: oneOf('true'),
      kind: someOf('python', 'bash_jinja2', 'javascript', 'file'),
      status: someOf('CREATED', 'READY', 'DEPRECATED', 'MANDATORY_DEPRECATED'),
    }),
    component: lazyRouteComponent(() => import('./list-operations'), 'ListOperations'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/operations/$id',
    component: lazyRouteComponent(() => import('./show-operation'), 'ShowOperation'),
  }),
] as const;

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { queryClient } from '../../api/query-client';
import { rootRoute } from '../../shell/root.route';
import { oneOf, search, text } from '../../shell/search.rules';
import { endpointQueries } from './endpoint.queries';

export const endpointRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/endpoints',
    validateSearch: search({
      q: text,
      folder: text,
      handler: text,
      key: text,
      issuer: text,
      level: oneOf('public', 'key', 'authenticated', 'key-or-authenticated'),
      active: oneOf('true', 'false'),
      sort: oneOf('path', '-path', 'name', '-name', 'updated', '-updated', 'calls', '-calls'),
    }),
    component: lazyRouteComponent(() => import('./list-endpoints'), 'ListEndpoints'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/endpoints/new',
    validateSearch: search({ template: text, handler: text }),
    component: lazyRouteComponent(() => import('./new-endpoint'), 'NewEndpoint'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/endpoints/$id',
    validateSearch: search({
      tab: oneOf('overview', 'parameters', 'access', 'limits', 'answers', 'schedules', 'alert', 'settings', 'history'),
    }),
    // Begins to read while the screen is being loaded; the screen shows what comes of it.
    loader: ({ params: { id } }) => void queryClient.prefetchQuery(endpointQueries.one(id)),
    component: lazyRouteComponent(() => import('./show-endpoint'), 'ShowEndpoint'),
  }),
] as const;

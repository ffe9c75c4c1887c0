import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { queryClient } from '../../api/query-client';
import { rootRoute } from '../../shell/root.route';
import { oneOf, search, text } from '../../shell/search';
import { endpointQueries } from './endpoint.queries';

export const ENDPOINT_TABS = ['overview', 'access'] as const;

export const endpointRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/endpoints',
    validateSearch: search({ q: text, folder: text, handler: text, key: text, active: oneOf('true', 'false') }),
    component: lazyRouteComponent(() => import('./list-endpoints'), 'ListEndpoints'),
  }),
] as const;

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';
import { oneOf, search } from '../../shell/search.rules';

export const tokenRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/tokens',
    validateSearch: search({ tab: oneOf('callers', 'issuers') }),
    component: lazyRouteComponent(() => import('./list-tokens'), 'ListTokens'),
  }),
] as const;

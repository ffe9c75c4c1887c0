import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';
import { oneOf, search, text } from '../../shell/search.rules';

export const keyRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/keys',
    validateSearch: search({
      q: text,
      state: oneOf('valid', 'off', 'expired'),
      unused: oneOf('-30d', '-90d', '-365d'),
    }),
    component: lazyRouteComponent(() => import('./list-keys'), 'ListKeys'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/keys/$id',
    component: lazyRouteComponent(() => import('./show-key'), 'ShowKey'),
  }),
] as const;

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';

export const secretRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/secrets',
    component: lazyRouteComponent(() => import('./list-secrets'), 'ListSecrets'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/secrets/$name',
    component: lazyRouteComponent(() => import('./show-secret'), 'ShowSecret'),
  }),
] as const;

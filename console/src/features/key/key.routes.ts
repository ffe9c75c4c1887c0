import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';

export const keyRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/keys',
    component: lazyRouteComponent(() => import('./list-keys'), 'ListKeys'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/keys/$id',
    component: lazyRouteComponent(() => import('./show-key'), 'ShowKey'),
  }),
] as const;

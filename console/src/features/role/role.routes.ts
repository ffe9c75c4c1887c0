import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';

export const roleRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/roles',
    component: lazyRouteComponent(() => import('./list-roles'), 'ListRoles'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/roles/$name',
    component: lazyRouteComponent(() => import('./show-role'), 'ShowRole'),
  }),
] as const;

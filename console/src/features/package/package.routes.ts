import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';

export const packageRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/packages',
    component: lazyRouteComponent(() => import('./list-package-sets'), 'ListPackageSets'),
  }),
] as const;

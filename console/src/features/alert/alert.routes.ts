import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';

export const alertRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/alerts',
    component: lazyRouteComponent(() => import('./list-alerts'), 'ListAlerts'),
  }),
] as const;

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';

export const scheduleRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/schedules',
    component: lazyRouteComponent(() => import('./list-schedules'), 'ListSchedules'),
  }),
] as const;

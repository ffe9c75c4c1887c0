import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';
import { search, text } from '../../shell/search.rules';

export const deviceRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/device',
    validateSearch: search({ code: text }),
    component: lazyRouteComponent(() => import('./answer-device'), 'AnswerDevice'),
  }),
] as const;

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';
import { search, text } from '../../shell/search.rules';
import { time } from '../../kit/time-range.rules';

export const auditRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/audit',
    validateSearch: search({
      object: text,
      objectId: text,
      target: text,
      actor: text,
      action: text,
      since: time,
      until: time,
      q: text,
    }),
    component: lazyRouteComponent(() => import('./list-audit'), 'ListAudit'),
  }),
] as const;

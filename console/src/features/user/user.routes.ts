import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root.route';
import { oneOf, search } from '../../shell/search.rules';

export const userRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people',
    validateSearch: search({ tab: oneOf('providers') }),
    component: lazyRouteComponent(() => import('./list-people'), 'ListPeople'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/providers/$name',
    component: lazyRouteComponent(() => import('./list-people'), 'ShowProvider'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people/$id',
    component: lazyRouteComponent(() => import('./show-person'), 'ShowPerson'),
  }),
] as const;

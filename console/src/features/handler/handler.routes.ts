import { createRoute, lazyRouteComponent, notFound, redirect } from '@tanstack/react-router';
import { queryClient } from '../../api/query-client';
import { prepareDraft } from '../../draft/use-draft';
import { rootRoute } from '../../shell/root.route';
import { oneOf, search, text, whole } from '../../shell/search.rules';
import { handlerQueries } from './handler.queries';
import { START_KINDS } from './start.rules';

const handlerSearch = search({
  tab: oneOf('code', 'json', 'versions', 'uses'),
  version: whole,
  from: whole,
  to: whole,
  line: whole,
  file: text,
  step: text,
  endpoint: text,
});
const atSearch = search({ path: text, endpoint: text });

export const handlerRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/handlers',
    validateSearch: search({ prefix: text, toggled: text }),
    component: lazyRouteComponent(() => import('./list-handlers'), 'ListHandlers'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/handlers/new',
    validateSearch: search({ kind: oneOf(...START_KINDS) }),
    component: lazyRouteComponent(() => import('./new-handler'), 'NewHandler'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/handlers/at',
    validateSearch: atSearch,
    // Leads from the path of a handler to its screen, for screens that know the path alone.
    beforeLoad: async ({ search: given }) => {
      const { path = '', endpoint }: ReturnType<typeof atSearch> = given;
      const handler = await queryClient.fetchQuery(handlerQueries.byPath(path));
      if (handler === null) throw notFound();
      throw redirect({ to: '/handlers/$id', params: { id: handler.id }, search: { endpoint }, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/handlers/$id',
    validateSearch: handlerSearch,
    loader: ({ params: { id }, location, cause }) => {
      void queryClient.prefetchQuery(handlerQueries.one(id));
      const { tab = 'code', version } = handlerSearch(location.search);
      if (cause !== 'enter' || version !== undefined || (tab !== 'code' && tab !== 'json')) return;
      // In the same request as the handler: an editor opens with them.
      void queryClient.prefetchQuery(handlerQueries.latest(id));
      void queryClient.prefetchQuery(handlerQueries.types(id));
      prepareDraft({ kind: 'handler', id });
    },
    component: lazyRouteComponent(() => import('./show-handler'), 'ShowHandler'),
  }),
] as const;

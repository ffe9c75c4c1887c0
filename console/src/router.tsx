import { createRouter } from '@tanstack/react-router';
import { Failed } from './kit/state';
import { accountRoutes } from './features/account/account.routes';
import { alertRoutes } from './features/alert/alert.routes';
import { auditRoutes } from './features/audit/audit.routes';
import { deviceRoutes } from './features/device/device.routes';
import { endpointRoutes } from './features/endpoint/endpoint.routes';
import { graphRoutes } from './features/graph/graph.routes';
import { handlerRoutes } from './features/handler/handler.routes';
import { keyRoutes } from './features/key/key.routes';
import { overviewRoutes } from './features/overview/overview.routes';
import { packageRoutes } from './features/package/package.routes';
import { roleRoutes } from './features/role/role.routes';
import { runRoutes } from './features/run/run.routes';
import { scheduleRoutes } from './features/schedule/schedule.routes';
import { secretRoutes } from './features/secret/secret.routes';
import { tableRoutes } from './features/table/table.routes';
import { tokenRoutes } from './features/token/token.routes';
import { userRoutes } from './features/user/user.routes';
import { goRoute } from './shell/go.route';
import { parseSearch, printSearch } from './shell/search.rules';
import { rootRoute } from './shell/root.route';

/** All screens, by address. A feature adds its routes here, and its place in shell/navigation.ts. */
const routeTree = rootRoute.addChildren([
  ...overviewRoutes,
  ...endpointRoutes,
  ...handlerRoutes,
  ...runRoutes,
  ...graphRoutes,
  ...scheduleRoutes,
  ...alertRoutes,
  ...packageRoutes,
  ...keyRoutes,
  ...secretRoutes,
  ...tableRoutes,
  ...tokenRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...auditRoutes,
  ...accountRoutes,
  ...deviceRoutes,
  goRoute,
]);

export const router = createRouter({
  routeTree,
  basepath: '/console',
  parseSearch,
  stringifySearch: (values) => printSearch(values as Parameters<typeof printSearch>[0]),
  defaultPreload: 'intent',
  // The query client keeps data of a preload.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: ({ error, reset }) => <Failed error={error} onRetry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

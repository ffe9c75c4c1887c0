import { auditRoutes } from './audit.routes';
import { batchRoutes } from './batch.routes';
import { byPathRoutes } from './by-path.routes';
import { draftRoutes } from './drafts.routes';
import { runViewRoutes } from './run-views.routes';
import { endpointRoutes } from './endpoints.routes';
import { editedGraphRoutes } from './graphs.routes';
import { handlerRoutes } from './handlers.routes';
import { keyRoutes } from './keys.routes';
import { operationRoutes } from './operations.routes';
import { deviceLoginRoutes } from './device-logins.routes';
import { passkeyRoutes } from './passkeys.routes';
import { personalTokenRoutes } from './personal-tokens.routes';
import { projectRoutes } from './projects.routes';
import { providerRoutes } from './providers.routes';
import { roleRoutes } from './roles.routes';
import { runRoutes } from './runs.routes';
import { searchRoutes } from './search.routes';
import { secretRoutes } from './secrets.routes';
import { sessionRoutes } from './session.routes';
import { rowRoutes } from './rows.routes';
import { tableRoutes } from './tables.routes';
import { packageSetRoutes } from './package-sets.routes';
import { templateRoutes } from './templates.routes';
import { tokenRoutes } from './tokens.routes';
import { useRoutes } from './uses.routes';
import { userRoutes } from './users.routes';

const singleRoutes = [
  ...sessionRoutes,
  ...providerRoutes,
  ...passkeyRoutes,
  ...handlerRoutes,
  ...draftRoutes,
  ...runViewRoutes,
  ...endpointRoutes,
  ...keyRoutes,
  ...runRoutes,
  ...tableRoutes,
  ...rowRoutes,
  ...editedGraphRoutes,
  ...operationRoutes,
  ...searchRoutes,
  ...secretRoutes,
  ...byPathRoutes,
  ...projectRoutes,
  ...packageSetRoutes,
  ...templateRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...tokenRoutes,
  ...personalTokenRoutes,
  ...deviceLoginRoutes,
  ...useRoutes,
  ...auditRoutes,
] as const;

/** Every route of the admin API, in the order of its documentation. */
export const adminRoutes = [...singleRoutes, ...batchRoutes(singleRoutes)] as const;

/** Any of them, with the types of its inputs and answers. */
export type AdminRoute = (typeof adminRoutes)[number];

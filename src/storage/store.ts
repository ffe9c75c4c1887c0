import { drizzle } from 'drizzle-orm/d1';
import { createAlertQueries } from './alerts';
import { createAuditQueries } from './audit';
import { createBlobs } from './blobs';
import { createCallerNames } from './caller-names';
import { createCommit } from './commit';
import { createDefinitionQueries } from './definitions';
import { createDeviceLoginQueries } from './device-logins';
import { createDraftQueries } from './drafts';
import { createRunViewQueries } from './run-views';
import { createEndpointQueries } from './endpoints';
import { createNodeRunQueries } from './plynx/graph-node-runs';
import { createGraphRetentionQueries } from './plynx/graph-retention';
import { createGraphQueries } from './plynx/graphs';
import { createHandlerFileQueries } from './handler-files';
import { createHandlerQueries } from './handlers';
import { createIdempotencyQueries } from './idempotency';
import { createKeyCache } from './key-cache';
import { createKeyQueries } from './keys';
import { createLostRuns } from './lost-runs';
import { createNodeCacheQueries } from './plynx/node-cache';
import { createNodeQueries } from './plynx/nodes';
import { createReachQueries } from './reach';
import { createRestoreQueries } from './restores';
import { createRoleQueries } from './roles';
import { createRouteQueries } from './routes';
import { createPackageQueries } from './packages';
import { createPasskeyQueries } from './passkeys';
import { createPersonalTokenQueries } from './personal-tokens';
import { createProjectQueries } from './projects';
import { createRowAnswerQueries } from './row-answers';
import { createRowQueries } from './rows';
import { createScheduleQueries } from './schedules';
import { createSearchQueries } from './search';
import { createSecretQueries } from './secrets';
import { createSessionQueries } from './sessions';
import { createSignInQueries } from './sign-in';
import { createSnapshots } from './snapshots';
import { createStaging } from './staging';
import { createTableQueries } from './tables';
import { createTokenQueries } from './tokens';
import { createUploads } from './uploads';
import { createUseQueries } from './uses';
import { createUserQueries } from './users';

/** All stored state, by noun. The queries build writes to definitions; `commit` executes them together with their audit row. */
export const createStore = (env: Pick<Env, 'DB' | 'DATA' | 'KEYS' | 'FILES'>) => {
  const db = drizzle(env.DB);
  const blobs = createBlobs(env.FILES);
  const databases = { DB: env.DB, DATA: env.DATA };
  return {
    commit: createCommit(db),
    alerts: createAlertQueries(db),
    audit: createAuditQueries(db),
    blobs,
    callerNames: createCallerNames(db),
    definitions: createDefinitionQueries(db),
    drafts: createDraftQueries(db),
    runViews: createRunViewQueries(db),
    endpoints: createEndpointQueries(db),
    graphRetention: createGraphRetentionQueries(db),
    graphs: createGraphQueries(db),
    handlerFiles: createHandlerFileQueries(db),
    handlers: createHandlerQueries(db),
    idempotency: createIdempotencyQueries(db),
    keyCache: createKeyCache(env.KEYS),
    keys: createKeyQueries(db),
    lostRuns: createLostRuns(env.FILES),
    nodeCache: createNodeCacheQueries(db),
    nodeRuns: createNodeRunQueries(db),
    nodes: createNodeQueries(db),
    packages: createPackageQueries(db, env.FILES),
    passkeys: createPasskeyQueries(db),
    personalTokens: createPersonalTokenQueries(db),
    deviceLogins: createDeviceLoginQueries(db),
    projects: createProjectQueries(db),
    reach: createReachQueries(db),
    restores: createRestoreQueries(db),
    roles: createRoleQueries(db),
    routes: createRouteQueries(db),
    schedules: createScheduleQueries(db),
    rowAnswers: createRowAnswerQueries(env.DATA),
    rows: createRowQueries(env.DATA),
    search: createSearchQueries(db),
    secrets: createSecretQueries(db),
    sessions: createSessionQueries(db),
    signIn: createSignInQueries(db),
    snapshots: createSnapshots(databases),
    staging: createStaging(databases),
    tables: createTableQueries(db),
    tokens: createTokenQueries(db),
    uploads: createUploads(db, blobs),
    users: createUserQueries(db),
    uses: createUseQueries(db),
  };
};
export type Store = ReturnType<typeof createStore>;

import { asSystem } from './core/access/actor';
import { createLogger } from './kernel/logger';
import { createIsolateCache, type IsolateCache } from './core/gateway/isolate-cache';
import type { Context } from './core/access/context';
import type { Settings } from './core/access/settings';
import { newId } from './kernel/ids';
import type { PublicHosts } from './kernel/public-hosts.rules';
import type { Quotas } from './kernel/quota';
import type { AnswerCache } from './kernel/cached-answer';
import type { KeptAnswers } from './kernel/kept-answer';
import type { Limiter } from './kernel/rate-limiter';
import { createRefusalRecorder, type RefusalRecorder } from './core/runs/count-refusals';
import type { RunArchive } from './core/runs/run-archive';
import type { RunLog } from './core/runs/run-log';
import { createRunRecorder, type RunRecorder } from './core/runs/run-recorder';
import shellOperation from '../dist/harness/shell.txt';
import javaScriptOperation from '../dist/harness/javascript-operation.txt';
import type { GraphRuns } from './plynx/run/graph-runs';
import { createAnswerCache } from './platform/answer-cache';
import { createGraphRuns } from './platform/graph-runs';
import { createKeptAnswers } from './platform/kept-answers';
import { createLimiter } from './platform/limiter';
import { createRunArchive } from './platform/run-archive';
import { createRunLog } from './platform/run-log';
import { withStream, type RunStreamBinding } from './platform/run-stream';
import { createQuotas } from './platform/quotas';
import { createUpstream } from './platform/upstream';
import { parseSettings } from './settings';
import { createOperations, type Operations } from './runtime/operations/operations';
import { createRuntime } from './runtime/runtime';
import { createPackageBuilder, type PackageBuilder } from './runtime/languages/set-builder';
import type { Runtime } from './runtime/types';
import { countQueries } from './storage/count-queries';
import { createStore, type Store } from './storage/store';

/** Objects that an isolate creates once and all its requests share. */
export interface Base {
  settings: Settings;
  store: Store;
  runtime: Runtime;
  cache: IsolateCache;
  runLog: RunLog;
  runArchive: RunArchive;
  recorder: RunRecorder;
  refusals: RefusalRecorder;
  limiter: Limiter;
  quotas: Quotas;
  answers: KeptAnswers;
  answerCache: AnswerCache;
  fetchUpstream: Context['fetchUpstream'];
  operations: Operations;
  graphRuns: GraphRuns;
  packageBuilder: PackageBuilder;
}

let base: { env: Env; made: Base } | undefined;

/** Builds the shared objects. Bindings are the same for all requests of an isolate. */
export function openBase(env: Env & RunStreamBinding): Base {
  if (base?.env === env) return base.made;
  const settings = parseSettings(env);
  const store = createStore(env);
  const runtime = createRuntime(env, store.packages.sets);
  const runLog = withStream(createRunLog(env, settings.runObjectBytes, settings.runBatchMs / 2), env);
  const recorder = createRunRecorder(runLog, store.lostRuns, settings.runBatchMs);
  const made = {
    settings,
    store,
    runtime,
    cache: createIsolateCache(store, runtime, settings),
    runLog,
    runArchive: createRunArchive(env),
    recorder,
    refusals: createRefusalRecorder(recorder),
    limiter: createLimiter(env.LIMITER),
    quotas: createQuotas(env.QUOTA),
    answers: createKeptAnswers(env.ANSWER),
    answerCache: createAnswerCache(),
    fetchUpstream: createUpstream(settings),
    operations: createOperations(env, { shell: shellOperation, javascript: javaScriptOperation }, runtime.packageSets),
    graphRuns: createGraphRuns(env.GRAPH_RUN),
    packageBuilder: createPackageBuilder(env),
  };
  base = { env, made };
  return made;
}

/**
 * Returns `https://host` for links, and whether the request used one of the service's own host names. Callers choose the Host header: under
 * another name, links get the first own one. The platform passes absolute URLs, so no header is parsed.
 */
function readOrigin(url: string, hosts: PublicHosts | null): Pick<Context, 'origin' | 'isOwnHost'> {
  const host = url.indexOf('//') + 2;
  const end = url.indexOf('/', host);
  const authority = url.slice(host, end === -1 ? undefined : end);
  const isOwnHost = hosts === null || hosts.includes(authority);
  return { origin: url.slice(0, host) + (isOwnHost ? authority : hosts.first), isOwnHost };
}

/** Builds the Context from a request and env: the only place that knows the source of its parts. Credentials are parsed lazily. */
export function openContext(
  request: Request,
  env: Env & RunStreamBinding,
  execution: Pick<ExecutionContext, 'waitUntil'>,
): Context {
  const made = openBase(env);
  const { settings, store, runtime, cache, runLog, runArchive, recorder, refusals } = made;
  const { limiter, quotas, answers, answerCache, fetchUpstream, operations, graphRuns, packageBuilder } = made;
  const { origin, isOwnHost } = readOrigin(request.url, settings.publicHosts);
  const ctx: Context = {
    settings,
    store,
    runtime,
    cache,
    runLog,
    runArchive,
    recorder,
    refusals,
    limiter,
    quotas,
    answers,
    answerCache,
    fetchUpstream,
    operations,
    graphRuns,
    packageBuilder,
    actor: ANONYMOUS_ACTOR,
    now: Date.now,
    defer: (work) => execution.waitUntil(work.catch((error: unknown) => reportDeferred(ctx.requestId, error))),
    // Values, not getters: V8 makes a hash table of a literal that has getters, and every access to it slower.
    requestId: newId('req', Date.now()),
    address: request.headers.get('cf-connecting-ip') ?? 'unknown',
    firstAnswer: null,
    gathered: null,
    origin,
    isOwnHost,
  };
  return ctx;
}

/** Builds the Context of work that no request asked for. Its links begin with the first own host name. */
export const openSystemContext = (env: Env, execution: Pick<ExecutionContext, 'waitUntil'>): Context =>
  asSystem(openContext(new Request('https://localhost/'), env, execution));

/** Builds the Context of a run of a graph, and counts the queries that it makes of D1. */
export function openRunContext(
  origin: string,
  env: Env,
  execution: Pick<ExecutionContext, 'waitUntil'>,
): { ctx: Context; queries: () => number } {
  const { database, queries } = countQueries(env.DB);
  const ctx = asSystem(openContext(new Request(origin), env, execution));
  return { ctx: { ...ctx, store: createStore({ ...env, DB: database }) }, queries };
}

const ANONYMOUS_ACTOR = { kind: 'anonymous', credential: 'none' } as const;

const log = createLogger('http');

/** Logs a failure of work after the response. It cannot change the response, and must not fail unseen. */
const reportDeferred = (requestId: string, error: unknown): void =>
  log.for({ requestId }).error('work after the response failed', { event: 'request.background_work_failed', error });

import { describeError } from './core/describe-error';
import { createIsolateMemory, type IsolateMemory } from './core/dispatch/isolate-memory';
import type { Context, Settings } from './core/context';
import { newId } from './core/ids';
import type { Limiter } from './core/rate-limiter';
import { createRunRecorder, type RunRecorder } from './core/run/run-recorder';
import shellOperation from '../dist/harness/shell.txt';
import javaScriptOperation from '../dist/harness/javascript-operation.txt';
import type { GraphRuns } from './core/graph/run/graph-runs';
import { createGraphRuns } from './entrypoints/graph-runs';
import { createLimiter } from './entrypoints/rate-limiter.do';
import { createRunSink } from './entrypoints/run-log.queue';
import { parseSettings } from './settings';
import { createOperations, type Operations } from './runtime/operations';
import { createRuntime } from './runtime/runtime';
import type { Runtime } from './runtime/types';
import { createStore, type Store } from './storage/store';

/** What an isolate makes once and every request of it uses. */
export interface Base {
  settings: Settings;
  store: Store;
  runtime: Runtime;
  memory: IsolateMemory;
  recorder: RunRecorder;
  limiter: Limiter;
  operations: Operations;
  graphRuns: GraphRuns;
}

let base: { env: Env; made: Base } | undefined;

/** Bindings are the same for all requests of an isolate, so what stands on them is made once. */
export function openBase(env: Env): Base {
  if (base?.env === env) return base.made;
  const settings = parseSettings(env);
  const store = createStore(env);
  const runtime = createRuntime(env);
  const made = {
    settings,
    store,
    runtime,
    memory: createIsolateMemory(store, runtime, settings),
    recorder: createRunRecorder(createRunSink(env.RUN_QUEUE), settings.runBatchMs),
    limiter: createLimiter(env.LIMITER),
    operations: createOperations(env, { shell: shellOperation, javascript: javaScriptOperation }),
    graphRuns: createGraphRuns(env.GRAPH_RUN),
  };
  base = { env, made };
  return made;
}

/** Names under which this Portico has been called: handlers may not call them. Bounded; a Host header is the caller's to choose. */
export const ownHosts = new Set<string>();
const origins = new Set<string>();
const MAX_OWN_HOSTS = 100;

/** `https://host` of a URL. The platform hands out absolute ones; nothing is parsed that was seen before. */
function originOf(url: string): string {
  const end = url.indexOf('/', url.indexOf('//') + 2);
  const origin = end === -1 ? url : url.slice(0, end);
  if (!origins.has(origin) && origins.size < MAX_OWN_HOSTS) {
    origins.add(origin);
    ownHosts.add(new URL(origin).hostname);
  }
  return origin;
}

/** A context without a request, for what the platform or an isolate calls. It can do nothing until it is given an actor. */
export const openSystemContext = (env: Env, execution: Pick<ExecutionContext, 'waitUntil'>): Context =>
  openContext(new Request('https://portico.invalid/'), env, execution);

/** Request and env -> Context: the only place that knows where its parts come from. Credentials are read later, by who needs them. */
export function openContext(request: Request, env: Env, execution: Pick<ExecutionContext, 'waitUntil'>): Context {
  const { settings, store, runtime, memory, recorder, limiter, operations, graphRuns } = openBase(env);
  return {
    settings,
    store,
    runtime,
    memory,
    recorder,
    limiter,
    operations,
    graphRuns,
    actor: STRANGER,
    now: Date.now,
    defer: (work) => execution.waitUntil(work.catch(reportDeferred)),
    requestId: newId('req', Date.now()),
    origin: originOf(request.url),
    address: request.headers.get('cf-connecting-ip') ?? 'unknown',
  };
}

const STRANGER = { type: 'anonymous', credential: 'none' } as const;

/** Work after the response cannot break an answer; it is not to fail unseen either. */
const reportDeferred = (error: unknown): void =>
  console.error(
    JSON.stringify({
      level: 'error',
      message: 'work after the response failed',
      error: describeError(error),
    }),
  );

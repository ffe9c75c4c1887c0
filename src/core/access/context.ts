import type { Operations } from '../../runtime/operations/operations';
import type { Runtime } from '../../runtime/types';
import type { Store } from '../../storage/store';
import type { IsolateCache } from '../gateway/isolate-cache';
import type { Actor } from './actor';
import type { Settings } from './settings';
import type { GraphRuns } from '../../plynx/run/graph-runs';
import type { FirstAnswer } from '../idempotency/first-answer';
import type { Limiter } from '../../kernel/rate-limiter';
import type { RunRecorder } from '../runs/run-recorder';

/** All that a verb may touch. Verbs never see env, Hono or a binding. */
export interface Context {
  actor: Actor;
  store: Store;
  runtime: Runtime;
  /** Runs operations of graphs. */
  operations: Operations;
  graphRuns: GraphRuns;
  cache: IsolateCache;
  recorder: RunRecorder;
  limiter: Limiter;
  /** Sends a request of user code, and follows no redirect. What may be sent is decided before. */
  fetchUpstream: (url: URL, init: RequestInit) => Promise<Response>;
  settings: Settings;
  now: () => number;
  /** Runs after the response has been sent (waitUntil). A rejection is logged, never the caller's. */
  defer: (work: Promise<unknown>) => void;
  requestId: string;
  /** Makes what is kept of a verb's answer; null for a request without an Idempotency-Key. */
  firstAnswer: ((answer: unknown) => FirstAnswer) | null;
  /** `https://host`, what public URLs start with: of the request, or Portico's first name when it came under none of its own. */
  origin: string;
  /** False for a request under a foreign host name: only published endpoints answer it. */
  isOwnHost: boolean;
  /** The caller's address; `unknown` where the platform has none. */
  address: string;
}

import type { Operations } from '../../runtime/operations/operations';
import type { PackageBuilder } from '../../runtime/languages/set-builder';
import type { Runtime } from '../../runtime/types';
import type { Store } from '../../storage/store';
import type { Change } from '../change/wanted-change';
import type { IsolateCache } from '../gateway/isolate-cache';
import type { Actor } from './actor';
import type { Settings } from './settings';
import type { GraphRuns } from '../../plynx/run/graph-runs';
import type { FirstAnswer } from '../idempotency/first-answer';
import type { AnswerCache } from '../../kernel/cached-answer';
import type { KeptAnswers } from '../../kernel/kept-answer';
import type { Limiter } from '../../kernel/rate-limiter';
import type { RefusalRecorder } from '../runs/count-refusals';
import type { RunArchive } from '../runs/run-archive';
import type { RunLog } from '../runs/run-log';
import type { Quotas } from '../../kernel/quota';
import type { RunRecorder } from '../runs/run-recorder';

/** Everything that a verb may use. Verbs never get env, Hono or a binding. */
export interface Context {
  actor: Actor;
  store: Store;
  runtime: Runtime;
  /** Runs operations of graphs. */
  operations: Operations;
  graphRuns: GraphRuns;
  packageBuilder: PackageBuilder;
  cache: IsolateCache;
  runLog: RunLog;
  runArchive: RunArchive;
  recorder: RunRecorder;
  /** Records refused calls, and counts many of the same kind. */
  refusals: RefusalRecorder;
  limiter: Limiter;
  quotas: Quotas;
  /** Answers of calls, for their repeats. */
  answers: KeptAnswers;
  /** Answers of endpoints that have a cache. */
  answerCache: AnswerCache;
  /** Sends a request of user code, and follows no redirect. Callers check the egress rules before. */
  fetchUpstream: (url: URL, init: RequestInit) => Promise<Response>;
  settings: Settings;
  now: () => number;
  /** Runs work after the response has been sent (waitUntil). A rejection is logged and never reaches the caller. */
  defer: (work: Promise<unknown>) => void;
  requestId: string;
  /** Builds the stored response of a verb; null for a request without an Idempotency-Key. */
  firstAnswer: ((answer: unknown) => FirstAnswer) | null;
  /** Changes that verbs decide together, to be made in one transaction; null: each is made at once. */
  gathered: Change[] | null;
  /**
   * `https://host`, with which public URLs start: that of the request, or Portico's first host name when the request used an unknown one.
   */
  origin: string;
  /** False for a request under a foreign host name: only published endpoints answer it. */
  isOwnHost: boolean;
  /** The caller's address; `unknown` where the platform has none. */
  address: string;
}

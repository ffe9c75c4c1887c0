import type { Operations } from '../../runtime/operations/operations';
import type { Runtime } from '../../runtime/types';
import type { Store } from '../../storage/store';
import type { IsolateMemory } from '../gateway/isolate-memory';
import type { GraphRuns } from '../../plynx/run/graph-runs';
import type { FirstAnswer } from '../idempotency/first-answer';
import type { PublicHosts } from '../../kernel/public-hosts.rules';
import type { Limiter } from '../../kernel/rate-limiter';
import type { RunRecorder } from '../runs/run-recorder';

/** Who stands behind a request. `system` is Portico itself: crons and queues. */
export type Actor =
  | {
      type: 'user';
      id: string;
      name: string;
      roles: string[];
      sessionId: string;
      /** A handler acts with this user's rights (gateway/host/outlet.ts); the person is not there. Tables know the difference. */
      executing?: true;
      /** Unix seconds when the token of a dialect ends that the user came in with: what it is swapped for ends no later. */
      until?: number;
      /** A user of PLynx's dialect who has no password: anybody may be them. */
      passwordless?: true;
    }
  /**
   * A named token, on the wires that take one. `userId` is who made it, and owns what it makes; `roles` are what both of them have;
   * `executorId` is who runs what it makes; null: the user who made the token.
   */
  | { type: 'token'; id: string; name: string; roles: string[]; userId: string; executorId: string | null }
  /** `hint` is for who sent a good credential to the wrong place. */
  | { type: 'anonymous'; credential: 'none' | 'invalid'; hint?: string }
  | { type: 'system' };

/** Settings and secrets, parsed once per isolate. A secret that is not set is null, and what needs it answers `not_configured`. */
export interface Settings {
  bootstrapToken: string | null;
  authSecret: Uint8Array | null;
  keyPepper: string | null;
  /** 32 bytes. */
  secretsKey: Uint8Array | null;
  /** Milliseconds that an isolate may go on using what it read. */
  freshnessMs: number;
  retentionDays: number;
  /** Milliseconds that an isolate gathers run records before it sends them. */
  runBatchMs: number;
  /** The PLynx user `default` with an empty password exists. */
  plynxDefaultUser: boolean;
  /** Anybody may make a PLynx demo user. */
  plynxDemo: boolean;
  /** The id of a file is enough to read it, as in PLynx. */
  plynxOpenResources: boolean;
  /** Where requests to a host go instead, by its name: a stand-in for it on a developer's machine. */
  localEgress: ReadonlyMap<string, string>;
  /** null: every name that the platform brings here. */
  publicHosts: PublicHosts | null;
}

/** All that a verb may touch. Verbs never see env, Hono or a binding. */
export interface Context {
  actor: Actor;
  store: Store;
  runtime: Runtime;
  /** Runs operations of graphs. */
  operations: Operations;
  graphRuns: GraphRuns;
  memory: IsolateMemory;
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
  /** False for a request under a name that is none of Portico's: only published endpoints answer it. */
  isOwnHost: boolean;
  /** The caller's address; `unknown` where the platform does not say. */
  address: string;
}

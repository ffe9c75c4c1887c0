import type { Artifact, CodeLanguage } from '../core/code/artifact';
import type { PackageSet } from '../core/code/package-set';
import type { Mention } from '../core/code/mention.rules';
import type { Issue } from '../kernel/errors';
import type { LongText } from './harness/meta-text';
import type { StepRecord } from './harness/workflow/types';

/**
 * Separates the isolates of one endpoint from all others. `owner` is the endpoint, distinct from an earlier one with the same id;
 * `executorId` is the user whose rights its code has. `subRequests` bounds the requests to its host, in all: the platform's own limit.
 */
export interface IsolatePolicy {
  owner: string;
  executorId: string;
  cpuMs: number;
  subRequests: number;
}

/** One version of a handler under one policy. `id` includes everything that changes the isolate's code or rights. */
export interface Bundle {
  /** Cache key of the loader: a hash of the artifact, the harness and the policy. The loader never compares code. */
  id: string;
  /** [endpoint revision, handler revision]: grows with every change, until a restore of the database sets it back. */
  generation: [number, number];
  /** Time in Unix milliseconds at which the read that found this version began: a shared instance follows the latest read. */
  asOf: number;
  artifact: Artifact;
  policy: IsolatePolicy;
  /** Its code may ask its host for something (core/code/asks-host.rules.ts). */
  asksHost: boolean;
  /** The isolate serves one call and is then released: other calls under its id must not see its module state. */
  once?: true;
}

/** A file of a multipart body, on its way into the isolate. */
export interface InputFile {
  /** It represents the raw body, beside the parameters: `body` of a workflow. */
  isSent?: true;
  field: string;
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

/** A request that the code of a call sends. `id` names it for cancellation. */
export interface OutboundRequest {
  id: number;
  method: string;
  url: string;
  headers: [string, string][];
  body?: ArrayBuffer | undefined;
  redirect: 'follow' | 'manual' | 'error';
}
/** The response and its final URL; or the reason for a refusal, for the author of the code. */
export type OutboundAnswer = { response: Response; url: string; redirected: boolean } | { refused: string };

/**
 * The single interface through which an isolate reaches Portico: made for one call, useless after it. A handler can forge the arguments, so
 * they are unknown. Never rejects.
 */
export interface CallHost {
  /** Executes an operation of Portico; its arguments and its result are JSON text (core/gateway/host/host-call.ts). */
  send: (op: unknown, args: unknown) => Promise<string>;
  /** Sends an OutboundRequest. */
  fetch: (request: unknown) => Promise<OutboundAnswer>;
  /** Cancels a running request, by its id. */
  cancel: (id: unknown) => void;
}

/** One call as text and bytes, and its host. `meta` is described in harness/javascript/call.ts. */
export interface Invocation {
  /** Id of the run, which is in `meta` as well. */
  run: string;
  meta: string;
  /** Parameters that are long texts, for JavaScript: in `meta`, each is empty. */
  texts?: LongText[] | undefined;
  body?: ArrayBuffer | undefined;
  files?: InputFile[] | undefined;
  /** Opens the host of the call; most code never asks it. */
  host: () => CallHost;
  /** Called when the code is about to run, with a function that reads what the call has reported so far. Absent where no user watches. */
  follow?: (peek: Peek) => void;
}

/**
 * Returns what a call has reported so far, its steps only for a workflow. Resolves when its isolate is not computing. Rejects when the
 * isolate cannot be reached.
 */
export type Peek = () => Promise<Report>;

export type InstancePlan = { mode: 'pooled' } | { mode: 'per-call' } | { mode: 'shared'; name: string };

export interface HandlerError {
  name: string;
  message: string;
  stack: string;
  /** Id of the workflow step that failed. */
  step?: string;
}
/** An outbound request, sent or refused; `at` is milliseconds since the start of the call. */
export interface OutboundLine {
  at: number;
  method: string;
  host: string;
  status: number | null;
  refused: string | null;
}
export type LogLine = [ms: number, level: 'debug' | 'info' | 'warn' | 'error', message: string];

/** The record of one workflow step in a run. */
export interface StepLine extends StepRecord {
  /** Position in the endpoint of the middleware that the step belongs to; absent for the handler. */
  middleware?: number;
}

/** The isolate's report on a call beside its response. Checked for types and size; the text in it is the handler's. */
export interface Report {
  logs: LogLine[];
  logsCut: boolean;
  steps: StepLine[];
  /** Characters of the JSON of which it was read. */
  chars: number;
  /** The first failure of work that continued after the response. */
  lateError: HandlerError | null;
}

/**
 * Returns the report once all work that a call left has ended, or its time is over (runtime.ts). For a call without a response: the report
 * of its logs so far (within 1 s). Never rejects: work that fails, is lost or takes too long becomes the report's `lateError`.
 */
export type Drain = () => Promise<Report>;

/**
 * How a call ended. `isHung`: the call waits for an event that cannot happen, so it never responds, though its time is not over. `text` is
 * a whole response, `response` one whose body is still coming; both still have to pass the response rules. `bad` is a response that cannot
 * be sent, `invalid` a call whose arguments the function does not accept. `unstarted`: no user code ran, so the call may be retried.
 */
export type Outcome = { cold: boolean; report: Report; drain: Drain | null } & (
  | {
      kind: 'text';
      format: 'json' | 'text' | 'none';
      status: number | null;
      headers: [string, string][];
      body: string;
      /** Text without a type, which is HTML where the endpoint allows HTML: flask's default. */
      html?: true;
    }
  | { kind: 'response'; response: Response }
  /** `isOversized`: what was sent to the code was more than a message takes, so it did not run. */
  | { kind: 'bad'; reason: string; isOversized?: boolean }
  | { kind: 'invalid'; issues: Issue[] }
  /** `isAway`: the platform could not reach the instance. */
  | { kind: 'failed'; error: HandlerError; isAway?: boolean }
  | { kind: 'timeout'; isHung?: boolean }
  | { kind: 'replaced' }
);

/** `warnings` predict failures of a run: they do not stop a save. `mentions` only where the runtime has to find them. */
export type Prepared =
  | { kind: 'ready'; artifact: Artifact; warnings: Issue[]; mentions?: Mention[] }
  | { kind: 'refused'; issues: Issue[] };

export interface Runtime {
  /** Returns the sets of Python packages that handlers and operations may declare. */
  packageSets: () => Promise<PackageSet[]>;
  /**
   * Checks a source, or the JavaScript that esbuild made of many, and builds the text for the loader. Save time only. `modules`: the other
   * sources of a Python handler by their paths in its folder; then `path` is that of the entry in the project.
   */
  prepare: (
    language: CodeLanguage | 'bundle',
    source: string,
    path: string,
    modules?: Record<string, string>,
  ) => Promise<Prepared>;
  /** Runs one call. Never throws for an error of user code; `timeoutMs` is wall time until the response. */
  invoke: (bundle: Bundle, plan: InstancePlan, invocation: Invocation, timeoutMs: number) => Promise<Outcome>;
  /** Deletes a shared instance with its storage. */
  discard: (name: string) => Promise<void>;
  /** Part of each bundle id: changes with the code around the user code of this runtime. */
  harnessVersion: (runtime: Artifact['runtime']) => string;
}

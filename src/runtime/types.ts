import type { Artifact, CodeLanguage } from '../core/code/artifact';
import type { Mention } from '../core/code/mention.rules';
import type { StepRecord } from './harness/workflow/types';

/**
 * What tells the isolates of one endpoint from all others: `owner` is the endpoint, and not an earlier one with the same id; `executorId` is
 * whose rights its code has. `subRequests` bounds what it may ask of its host, in all: the platform's own limit.
 */
export interface IsolatePolicy {
  owner: string;
  executorId: string;
  cpuMs: number;
  subRequests: number;
}

/** What runs: one version of a handler under one policy. Everything that changes what the isolate may do is in `id`. */
export interface Bundle {
  /** Cache key of the loader: endpoint, handler, version (which never changes), harness and policy. The loader never compares code. */
  id: string;
  /** [endpoint revision, handler revision]: grows with every change, so a shared instance can tell newer from older. */
  generation: [number, number];
  artifact: Artifact;
  policy: IsolatePolicy;
  /** It gets an isolate of its own, which is given back: others under its id are not to meet its module state. */
  once?: true;
}

/** A file of a multipart body, on its way into the isolate. */
export interface InputFile {
  /** It stands for what was sent, beside the parameters: `body` of a workflow. */
  isSent?: true;
  field: string;
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

/** A request that code of a call wants to send. `id` names it when it is to be canceled. */
export interface OutboundRequest {
  id: number;
  method: string;
  url: string;
  headers: [string, string][];
  body?: ArrayBuffer | undefined;
  redirect: 'follow' | 'manual' | 'error';
}
/** What came back, and from where in the end; or why nothing did, in words for the author of the code. */
export type OutboundAnswer = { response: Response; url: string; redirected: boolean } | { refused: string };

/**
 * The one way out of an isolate: made for one call, worth nothing after it. What comes in is the handler's to forge, so it is unknown. It
 * never rejects.
 */
export interface CallHost {
  /** Carries out an operation of Portico; its arguments and its answer are JSON text (core/gateway/host/host.schema.ts). */
  send: (op: unknown, args: unknown) => Promise<string>;
  /** Sends an OutboundRequest. */
  fetch: (request: unknown) => Promise<OutboundAnswer>;
  /** Gives up a request that is under way, by its id. */
  cancel: (id: unknown) => void;
}

/** One call, as text and bytes, and the way out that it has. `meta` is described in harness/javascript/call.ts. */
export interface Invocation {
  /** Id of the run, which is in `meta` as well. */
  run: string;
  meta: string;
  body?: ArrayBuffer | undefined;
  files?: InputFile[] | undefined;
  host: CallHost;
}

export type InstancePlan = { mode: 'pooled' } | { mode: 'per-call' } | { mode: 'shared'; name: string };

export interface HandlerError {
  name: string;
  message: string;
  stack: string;
  /** Id of the workflow step that failed. */
  step?: string;
}
/** A request that left, or tried to: `at` in milliseconds since the call came in. */
export interface OutboundLine {
  at: number;
  method: string;
  host: string;
  status: number | null;
  refused: string | null;
}
export type LogLine = [ms: number, level: 'debug' | 'info' | 'warn' | 'error', message: string];

/** What a run keeps of one workflow step. */
export interface StepLine extends StepRecord {
  /** The middleware it is of, by its place in the endpoint; of the handler when absent. */
  middleware?: number;
}

/** What the isolate says about a call beside its answer. Checked for form and size; the text in it is the handler's. */
export interface Report {
  logs: LogLine[];
  logsCut: boolean;
  steps: StepLine[];
  /** The first failure of work that went on after the answer. */
  lateError: HandlerError | null;
}

/**
 * Asks for the report once everything that a call left behind has ended, or its time is over (runtime.ts). Of a call without an answer,
 * for what it has logged so far (at most 1 s). Never rejects: work that fails, is lost or takes too long is the report's `lateError`.
 */
export type Drain = () => Promise<Report>;

/**
 * How a call ended. `isHung`: its time is not over, but it waits for something that cannot happen, so that it will never answer. `text` is a whole answer, `response` one whose body is still coming; both still have to pass the response rules.
 * `bad` is an answer that cannot be sent, `invalid` a call whose arguments the function does not take. `unstarted` means that no user code ran, so that the call may be tried again.
 */
export type Outcome = { cold: boolean; report: Report; drain: Drain | null } & (
  | {
      kind: 'text';
      format: 'json' | 'text' | 'none';
      status: number | null;
      headers: [string, string][];
      body: string;
      /** Text without a type that is HTML where the endpoint answers with HTML: flask's default. */
      html?: true;
    }
  | { kind: 'response'; response: Response }
  | { kind: 'bad'; reason: string }
  | { kind: 'invalid'; issues: { pointer: string; code: string; message: string }[] }
  | { kind: 'failed'; error: HandlerError }
  | { kind: 'timeout'; isHung?: boolean }
  | { kind: 'replaced' }
);

/** An issue of a source: where (1-based line, 0-based column; absent when it is not about a place) and what. */
export interface SourceFault {
  code: 'syntax' | 'import' | 'export' | 'size';
  message: string;
  line?: number;
  column?: number;
}
/** `warnings` are about what may go wrong when it runs: they do not stop a save. `mentions` only where the runtime has to look for them. */
export type Prepared =
  | { kind: 'ready'; artifact: Artifact; warnings: SourceFault[]; mentions?: Mention[] }
  | { kind: 'refused'; issues: SourceFault[] };

export interface Runtime {
  /** Checks a source and makes the text that the loader will get. Save time only. */
  prepare: (language: CodeLanguage, source: string, path: string) => Promise<Prepared>;
  /** Runs one call. Never throws for what user code does; `timeoutMs` is wall time until the answer is there. */
  invoke: (bundle: Bundle, plan: InstancePlan, invocation: Invocation, timeoutMs: number) => Promise<Outcome>;
  /** Throws a shared instance away, with its storage. */
  discard: (name: string) => Promise<void>;
  /** Part of every bundle id: changes when the code around user code of this runtime does. */
  harnessVersion: (runtime: Artifact['runtime']) => string;
}

import type { Bundle, InputFile, InstancePlan, Report } from '../../runtime/types';
import type { ApiError } from '../../kernel/errors';
import type { HeaderReader } from '../../kernel/read-headers';
import type { RunKind } from '../runs/run.schema';
import type { Caller } from '../access/actor';
import type { Content } from './body-content';
import type { CachedView } from './cached-view';
import type { Outlet } from './host/outlet';
import type { Definition } from './definition';

/** The response to an error, and the text of its body: the record of a call keeps the text, as a Response belongs to its request. */
export interface RenderedError {
  response: Response;
  text: string;
}

/** Renders an error in the format of a wire, with `headers` beside its own. */
export type RenderError = (error: ApiError, requestId: string, headers?: Record<string, string>) => RenderedError;

/** A claimed name: this call is the first one that has it, and its answer is kept for repeats. */
export interface ClaimedName {
  name: string;
  /** True when the code of the handler ran: only then a repeat must not run it again. */
  hasRun: boolean;
}

/** One call on its way through the steps of docs/calls.md, which fill it in. Times in Unix milliseconds. */
export interface CallContext {
  runId: string;
  kind: RunKind;
  definition: Definition;
  bundle: Bundle | null;
  plan: InstancePlan;
  startedAt: number;
  /** Age of the definition or of what is known of the bearer, when it is older than `freshness` because D1 is unavailable; otherwise 0. */
  staleMs: number;
  /** Time at which everything before the handler was done. */
  admittedAt: number;
  caller: Caller;
  /** The method that the handler sees: GET for a HEAD, where only GET is listed. */
  method: string;
  request: { method: string; path: string; query: string; headers: HeaderReader; origin: string };
  /** Segments in the places of the names of the endpoint's path, as sent. */
  named: readonly string[];
  /** The rest of the path after the endpoint's: empty, or starting with a slash. */
  subpath: string;
  body: ArrayBuffer | null;
  /** The decoded body, where it has a content-encoding and a reader needed it decoded. */
  unpacked: ArrayBuffer | null;
  /** The parsed body, where parameters or steps need it and it can be parsed. */
  content: Content | null;
  params: Record<string, unknown>;
  /** `params` as JSON for JavaScript, where it is the text of the body: no check has changed or added a value. */
  paramsText: string | null;
  files: InputFile[];
  /** Results of the middleware, in order, and their reports. */
  middlewareResults: unknown[];
  reports: Report[];
  /** The host of the call; null until code asks for something. */
  outlet: Outlet | null;
  /** The view of the handler when the answer may be cached; null: the whole request. */
  view: CachedView | null;
  /** True for an answer from the cache: no handler ran. */
  isCached: boolean;
  /** Of a test run of a workflow: the step to stop after, and results of steps that do not run. */
  test: { until?: string; mocks?: Record<string, unknown> } | null;
  /** The event that a signed call delivers, the same at each attempt; null: unknown, or not signed. */
  event: string | null;
  /** The name under which the answer is kept for repeats; null: it is not. */
  claimed: ClaimedName | null;
  /** The origin of the call, other than a client of HTTP. */
  via: 'mcp' | null;
  /** Number of calls of Portico that led to this one. */
  depth: number;
  /** Headers added to every response of the call. */
  headers: Record<string, string>;
}

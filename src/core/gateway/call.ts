import type { Bundle, InputFile, InstancePlan, Report } from '../../runtime/types';
import type { ApiError } from '../../kernel/errors';
import type { RunKind } from '../runs/run.schema';
import type { Caller } from '../access/actor';
import type { Content } from './body-content';
import type { Outlet } from './host/outlet';
import type { Definition } from './definition';

/** Renders an error in the form of a wire, with `headers` beside its own. */
export type RenderError = (error: ApiError, requestId: string, headers?: Record<string, string>) => Response;

/** One call on its way through the steps of docs/calls.md; filled in as they are passed. Times in Unix milliseconds. */
export interface CallContext {
  runId: string;
  kind: RunKind;
  definition: Definition;
  bundle: Bundle | null;
  plan: InstancePlan;
  startedAt: number;
  /** When everything before the handler was done. */
  admittedAt: number;
  caller: Caller;
  /** The method as the handler sees it: HEAD is answered by GET where only that is listed. */
  method: string;
  request: { method: string; path: string; query: string; headers: Headers; origin: string };
  /** What follows the endpoint's path: empty, or starting with a slash. */
  subpath: string;
  body: ArrayBuffer | null;
  /** The body without its content-encoding, where it has one that somebody needed undone. */
  unpacked: ArrayBuffer | null;
  /** What the body says, where parameters or steps need it and it can be read. */
  content: Content | null;
  params: Record<string, unknown>;
  files: InputFile[];
  /** What the middleware passed on, in order, and what they left to report. */
  middlewareResults: unknown[];
  reports: Report[];
  /** What its code asks for while it runs; null until any of it does. */
  outlet: Outlet | null;
  /** Of a test run of a workflow: the step to stop after, and results of steps that are not to run. */
  test: { until?: string; mocks?: Record<string, unknown> } | null;
  /** How many calls of Portico stand behind this one. */
  depth: number;
  /** Added to whatever is answered. */
  headers: Record<string, string>;
}

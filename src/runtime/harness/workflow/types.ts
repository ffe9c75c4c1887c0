/** A row of a table, as JSON: its columns and `id`. */
export type Row = Record<string, unknown>;

export interface Filter {
  field: string;
  /** Default `eq`. `isNull` has no value, `in` a list. */
  op?: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'in' | 'contains' | 'startsWith' | 'isNull';
  value?: unknown;
}
/** Filters all apply. `limit` is 1-1,000. */
export interface RowQuery {
  where?: Filter[];
  sort?: { field: string; dir?: 'asc' | 'desc' }[];
  limit: number;
  offset?: number;
}

/** Tables as a workflow uses them. Every method rejects with an Error when the table, a column or a value is not allowed. */
export interface Tables {
  /** The row, or null. */
  get(table: string, row: unknown): Promise<Row | null>;
  find(table: string, query: RowQuery): Promise<Row[]>;
  /** The row as stored, with its id. */
  insert(table: string, values: Row): Promise<Row>;
  /** The changed row, or null when it does not exist. */
  update(table: string, row: unknown, values: Row): Promise<Row | null>;
  /** `all: true` confirms that every row is meant, when there is no condition. */
  updateMany(table: string, where: Filter[], values: Row, many?: { all?: boolean }): Promise<{ count: number }>;
  delete(table: string, row: unknown): Promise<{ count: number }>;
  deleteMany(table: string, where: Filter[], many?: { all?: boolean }): Promise<{ count: number }>;
}

export interface Caller {
  kind: string;
  id: string | null;
  name?: string | null;
  roles?: readonly string[];
}

/** Argument of a compiled workflow beside the request: the `ctx` of every handler, and data that only workflows have. */
export interface WorkflowContext {
  params: Record<string, unknown>;
  /** The listed secrets. Their values are scrubbed from step records. */
  env: Record<string, unknown>;
  caller: Caller;
  executor?: unknown;
  run: { id: string };
  /** Its URL as called, without the subpath. */
  endpoint: { path: string; url: string };
  /** A promise that rejects is a late failure of the run. */
  waitUntil(work: Promise<unknown>): void;
  /** Receives step records in the order of their start; the record is completed when its step ends. */
  steps: StepRecord[];
  /** When absent, table steps fail. */
  tables?: Tables;
  /** Calls the default version of another handler. When absent, call steps fail. */
  call?(target: { handler: string; params: Record<string, unknown> }): Promise<{ status: number; body: unknown }>;
  /** Outbound requests; by default the isolate's own `fetch`. */
  fetch?: typeof fetch;
  /** Results of the middleware that ran before, in order. */
  mw?: readonly unknown[];
  /** The parsed body: JSON, or the fields and files of a form. When absent, `body` is its text. */
  sent?: { value: unknown };
  /** The endpoint's own limits, in place of the workflow's. */
  limits?: { steps?: number; rounds?: number };
  /**
   * Resolves when the response of this call is delivered: steps after `continue` wait for it. When absent, they wait for the next turn of
   * the event loop after the response was returned.
   */
  afterAnswer?(): Promise<void>;
  /** Id of the request, for the errors of the workflow. */
  requestId?: string;
  /** Only in test runs: the step to stop after, whose result is the response; results of steps that are mocked. */
  test?: { until?: string; mocks?: Record<string, unknown> };
}

/** The record of one step in a run. Times in ms; `startedMs` counts from the start of the steps. */
export interface StepRecord {
  id: string;
  action: string;
  /** `running` while it runs; in a report it means that the run was cut short. */
  outcome: 'running' | 'success' | 'failed' | 'mocked';
  startedMs: number;
  durationMs: number;
  input?: unknown;
  output?: unknown;
  error?: { name: string; message: string; status?: number };
}

/** Facts about a compiled module. */
export interface Definition {
  kind: 'workflow' | 'middleware';
  limits: { steps: number; rounds: number };
  /** True when the body has to be read before the steps start. */
  body: boolean;
  /** Computes a middleware's parameters from the roots of the call. */
  with?: (roots: Roots) => Record<string, unknown>;
}

/** Names that expressions start from; the other roots, `loop` and `error`, are variables of the compiled module. */
export interface Roots {
  params: Record<string, unknown>;
  body: unknown;
  query: Record<string, string>;
  headers: Record<string, string>;
  request: {
    method: string;
    url: string;
    path: string;
    text: string;
    /** The body's bytes. */
    base64: string;
    queries: Record<string, string[]>;
    endpoint: WorkflowContext['endpoint'];
  };
  auth: {
    kind: string;
    user: { id: string | null; name: string | null; roles: readonly string[] } | null;
    key: { id: string | null; alias: string | null } | null;
  };
  steps: Record<string, unknown>;
  vars: Record<string, unknown>;
  mw: readonly unknown[];
}

/**
 * Result of the handler. A workflow: `[body, status, headers]`, or nothing for 204 without a body. A middleware: an object; any other
 * outcome of a middleware (an error, another form, a time-out) refuses the call.
 */
export type Answer =
  | undefined
  | [body: unknown, status: number, headers: [name: string, value: string][]]
  | { outcome: 'pass'; result: Record<string, unknown> }
  | { outcome: 'refuse'; status: number; headers: [name: string, value: string][]; body?: unknown };

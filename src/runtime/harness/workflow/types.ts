/** A row of a table, as JSON: its columns and `id`. */
export type Row = Record<string, unknown>;

export interface Filter {
  field: string;
  /** `eq` when left out. `isNull` has no value, `in` a list. */
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

/** Tables as a workflow wants them. Every method rejects with an Error when the table, a column or a value is not allowed. */
export interface Tables {
  /** The row, or null. */
  get(table: string, row: unknown): Promise<Row | null>;
  find(table: string, query: RowQuery): Promise<Row[]>;
  /** The row as stored, with its id. */
  insert(table: string, values: Row): Promise<Row>;
  /** The changed row, or null when there is none. */
  update(table: string, row: unknown, values: Row): Promise<Row | null>;
  /** `all: true` says that every row is meant, where there is no condition. */
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

/** What a compiled workflow is handed beside the request: the `ctx` of every handler, and what only workflows know. */
export interface WorkflowContext {
  params: Record<string, unknown>;
  /** The listed secrets. Their values are scrubbed from step records. */
  env: Record<string, unknown>;
  caller: Caller;
  executor?: unknown;
  run: { id: string };
  /** Its URL as it was called, without what follows it. */
  endpoint: { path: string; url: string };
  /** A promise that rejects is a late failure of the run. */
  waitUntil(work: Promise<unknown>): void;
  /** Where step records go, in the order that the steps began; a record is filled in when its step ends. */
  steps: StepRecord[];
  /** Left out: table steps fail. */
  tables?: Tables;
  /** Calls the default version of another handler. Left out: call steps fail. */
  call?(target: { handler: string; params: Record<string, unknown> }): Promise<{ status: number; body: unknown }>;
  /** Outbound requests; the isolate's own `fetch` when left out. */
  fetch?: typeof fetch;
  /** Results of the middleware that ran before, in order. */
  mw?: readonly unknown[];
  /** What the body says: JSON, or the fields and files of a form. Left out: `body` is its text. */
  sent?: { value: unknown };
  /** The endpoint's own limits instead of the workflow's. */
  limits?: { steps?: number; rounds?: number };
  /**
   * Resolves when the answer of this call has left for the caller: steps after `continue` wait for it. Left out: they wait for the
   * next turn of the event loop, after the answer was returned.
   */
  afterAnswer?(): Promise<void>;
  /** Names the request in what the workflow refuses. */
  requestId?: string;
  /** Only in test runs: stop after this step and answer its result; results of steps that are not to run. */
  test?: { until?: string; mocks?: Record<string, unknown> };
}

/** What a run keeps of one step. Times in ms; `startedMs` counts from the start of the steps. */
export interface StepRecord {
  id: string;
  action: string;
  /** `running` only while it runs, so in a report: when the run was cut short. */
  outcome: 'running' | 'success' | 'failed' | 'mocked';
  startedMs: number;
  durationMs: number;
  input?: unknown;
  output?: unknown;
  error?: { name: string; message: string; status?: number };
}

/** What a compiled module says of itself. */
export interface Definition {
  kind: 'workflow' | 'middleware';
  limits: { steps: number; rounds: number };
  /** The body has to be read before the steps start. */
  body: boolean;
  /** A middleware's parameters, from the roots of the call. */
  with?: (roots: Roots) => Record<string, unknown>;
}

/** What expressions start from; the other roots, `loop` and `error`, are variables of the compiled module. */
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
 * What the handler returns. A workflow: `[body, status, headers]`, or nothing for 204 without a body. A middleware: an object; whatever
 * else comes out of a middleware (an error, another form, nothing in time) refuses the call.
 */
export type Answer =
  | undefined
  | [body: unknown, status: number, headers: Record<string, string>]
  | { outcome: 'pass'; result: Record<string, unknown> }
  | { outcome: 'refuse'; status: number; headers: Record<string, string>; body?: unknown };

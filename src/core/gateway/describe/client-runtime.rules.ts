/** The part of every generated client that does not depend on the endpoints. */
export const CLIENT_RUNTIME = `
export interface ClientOptions {
  /** URL below which the endpoints are. */
  baseUrl?: string;
  apiKey?: string;
  token?: string;
  fetch?: typeof fetch;
  /** How often a 429 is tried again, after the time that it names; a 503 too, of a GET or with an Idempotency-Key. Default: 2. */
  retries?: number;
}
export interface CallOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
}
export interface Result<T> {
  data: T;
  response: Response;
  runId: string | null;
}
export interface Problem {
  status: number;
  code: string;
  detail: string;
  requestId: string;
  policy?: string;
  errors?: { pointer: string; code: string; message: string }[];
}
/** Thrown for every status of 400 and above. \`problem\` is null where a handler answered in another form. */
export class PorticoError extends Error {
  readonly response: Response;
  readonly problem: Problem | null;
  readonly body: unknown;
  readonly runId: string | null;
  constructor(response: Response, body: unknown) {
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
    const problem = isProblem ? (body as Problem) : null;
    super(problem?.detail ?? 'The endpoint answered ' + response.status);
    this.name = 'PorticoError';
    this.response = response;
    this.problem = problem;
    this.body = body;
    this.runId = response.headers.get('x-run-id');
  }
}

interface Spec {
  method: string;
  path: string;
  /** Names of parameters, and the names under which they are sent. */
  query: [string, string][];
  header: [string, string][];
  form: boolean;
  /** The body is sent as it is. */
  raw: boolean;
}

const MAX_WAIT_SECONDS = 60;

async function send<T>(options: ClientOptions, spec: Spec, params: object, call: CallOptions): Promise<Result<T>> {
  const rest: Record<string, unknown> = { ...params };
  const take = (name: string): unknown => {
    const value = rest[name];
    delete rest[name];
    return value;
  };
  const path = spec.path.replace(/\\{([^}]+)\\}/g, (_, name: string) => segment(name, text(take(name))));
  const query = new URLSearchParams();
  for (const [name, sent] of spec.query)
    for (const value of [take(name)].flat()) if (value !== undefined && value !== null) query.append(sent, text(value));
  const headers = new Headers(call.headers);
  for (const [name, sent] of spec.header) {
    const value = take(name);
    if (value !== undefined && value !== null) headers.set(sent, text(value));
  }
  if (options.apiKey !== undefined) headers.set('x-api-key', options.apiKey);
  if (options.token !== undefined) headers.set('authorization', 'Bearer ' + options.token);
  const body = bodyOf(spec, rest, headers);
  const url = (options.baseUrl ?? __ORIGIN__) + '/' + path + (query.size === 0 ? '' : '?' + query.toString());
  const request: RequestInit = { method: spec.method, headers, signal: call.signal ?? null };
  if (body !== undefined) request.body = body;
  // After a 503 the handler may have run.
  const repeated = spec.method === 'GET' || headers.has('idempotency-key') ? [429, 503] : [429];
  for (let tries = options.retries ?? 2; ; tries--) {
    const response = await (options.fetch ?? fetch)(url, request);
    const wait = Number(response.headers.get('retry-after'));
    if (repeated.includes(response.status) && tries > 0 && wait <= MAX_WAIT_SECONDS) {
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, Math.max(1, wait) * 1000));
      call.signal?.throwIfAborted();
      continue;
    }
    const data = await read(response);
    if (!response.ok) throw new PorticoError(response, data);
    return { data: data as T, response, runId: response.headers.get('x-run-id') };
  }
}

/** A URL takes '.' and '..' as steps, however they are encoded: they would lead to another endpoint. */
function segment(name: string, value: string): string {
  if (value === '.' || value === '..') throw new TypeError(name + ' must not be . or .., which a URL cannot hold');
  return encodeURIComponent(value);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value) ?? '');

function bodyOf(spec: Spec, rest: Record<string, unknown>, headers: Headers): BodyInit | undefined {
  const fields = Object.entries(rest).filter(([, value]) => value !== undefined);
  if (spec.raw) return rest.body as BodyInit | undefined;
  if (spec.method === 'GET' || fields.length === 0) return undefined;
  if (!spec.form) {
    headers.set('content-type', 'application/json');
    return JSON.stringify(rest);
  }
  const form = new FormData();
  for (const [name, value] of fields)
    for (const item of value instanceof Blob ? [value] : [value].flat())
      if (item instanceof Blob) form.append(name, item);
      else form.append(name, text(item));
  return form;
}

function read(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (/^application\\/([a-z0-9.-]+\\+)?json/.test(type)) return response.json();
  return type.startsWith('text/') || type === '' ? response.text() : response.blob();
}
`;

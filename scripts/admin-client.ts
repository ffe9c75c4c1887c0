/** A refusal of the admin API, with its problem document. */
export class AdminError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(request: string, status: number, code: string, detail: string) {
    super(`${request} answered ${status} ${code}: ${detail}`);
    this.status = status;
    this.code = code;
  }
}

interface Problem {
  code?: string;
  detail?: string;
  errors?: { pointer: string; message: string }[];
}
interface Page<T> {
  items: T[];
}

export interface AdminClient {
  get: <T>(path: string) => Promise<T>;
  /** With an idempotency key, a repeat gets the first response. */
  post: <T>(path: string, body: unknown, idempotencyKey?: string) => Promise<T>;
  patch: <T>(path: string, body: unknown) => Promise<T>;
  put: <T>(path: string, body: unknown) => Promise<T>;
  delete: (path: string) => Promise<void>;
  /** Returns the items of the first page of a list. */
  list: <T>(path: string) => Promise<T[]>;
}

/** Builds a client of the admin API over HTTP. `bearer` is an access token, or the bootstrap token for that one call. */
function createAdminClient(origin: string, bearer: string | null): AdminClient {
  const send = async (method: string, path: string, body?: unknown, more = {}): Promise<unknown> => {
    const headers: Record<string, string> =
      bearer === null ? { ...more } : { ...more, authorization: `Bearer ${bearer}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(`${origin}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return text === '' ? undefined : JSON.parse(text);
    const { code = 'no_code', detail = '', errors = [] } = readProblem(text);
    const places = errors.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
    throw new AdminError(`${method} ${path}`, response.status, code, places === '' ? detail : `${detail} (${places})`);
  };
  return {
    get: async <T>(path: string) => (await send('GET', path)) as T,
    post: async <T>(path: string, body: unknown, idempotencyKey?: string) =>
      (await send('POST', path, body, idempotencyKey ? { 'idempotency-key': idempotencyKey } : {})) as T,
    patch: async <T>(path: string, body: unknown) => (await send('PATCH', path, body)) as T,
    put: async <T>(path: string, body: unknown) => (await send('PUT', path, body)) as T,
    delete: async (path) => void (await send('DELETE', path)),
    list: async <T>(path: string) => ((await send('GET', path)) as Page<T>).items,
  };
}

function readProblem(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { detail: text.slice(0, 200) };
  }
}

/** Creates the user `admin` with this password. Returns false when the service already has an admin. */
export async function bootstrap(origin: string, token: string, password: string): Promise<boolean> {
  try {
    await createAdminClient(origin, token).post('/admin/bootstrap', { name: 'admin', password });
    return true;
  } catch (error) {
    if (error instanceof AdminError && error.code === 'already_bootstrapped') return false;
    throw error;
  }
}

/** Signs a user in. Throws an AdminError `invalid_credentials` when the password has been changed since. */
export async function signIn(origin: string, password: string, name = 'admin'): Promise<AdminClient> {
  const credentials = { name, password };
  const { accessToken } = await createAdminClient(origin, null).post<{ accessToken: string }>(
    '/admin/session',
    credentials,
  );
  return createAdminClient(origin, accessToken);
}

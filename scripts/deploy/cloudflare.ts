/** A refusal of Cloudflare's API. */
export class CloudflareError extends Error {
  readonly status: number;
  readonly code: number;
  constructor(request: string, status: number, code: number, message: string) {
    super(`Cloudflare answered ${status} to ${request}: ${message} (code ${code})`);
    this.status = status;
    this.code = code;
  }
}

/** How wrangler signs in, as `wrangler auth token --json` prints it. */
export type Credentials =
  | { type: 'oauth' | 'api_token'; token: string }
  | { type: 'api_key'; key: string; email: string };

interface Envelope<T> {
  success: boolean;
  result: T;
  errors?: { code: number; message: string }[];
}

/** Reads from Cloudflare's API. All changes are made by wrangler. */
export interface Cloudflare {
  get: <T>(path: string) => Promise<T>;
  /** Returns null for what does not exist. */
  find: <T>(path: string) => Promise<T | null>;
  /** Runs a statement that reads in a D1 database. */
  select: <T>(account: string, database: string, sql: string) => Promise<T[]>;
}

const TIMEOUT_MS = 30_000;

export function createCloudflare(base: string, credentials: Credentials): Cloudflare {
  const headers: Record<string, string> =
    credentials.type === 'api_key'
      ? { 'x-auth-key': credentials.key, 'x-auth-email': credentials.email }
      : { authorization: `Bearer ${credentials.token}` };
  const send = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const envelope = parse<T>(text);
    if (response.ok && envelope?.success) return envelope.result;
    const { code, message } = envelope?.errors?.[0] ?? { code: 0, message: text.slice(0, 200) };
    throw new CloudflareError(`${method} ${path}`, response.status, code, message);
  };
  return {
    get: (path) => send('GET', path),
    find: async (path) => {
      try {
        return await send('GET', path);
      } catch (error) {
        if (error instanceof CloudflareError && error.status === 404) return null;
        throw error;
      }
    },
    select: async <T>(account: string, database: string, sql: string) => {
      const path = `/accounts/${account}/d1/database/${database}/query`;
      const [first] = await send<{ results: T[] }[]>('POST', path, { sql });
      return first?.results ?? [];
    },
  };
}

function parse<T>(text: string): Envelope<T> | null {
  try {
    return JSON.parse(text) as Envelope<T>;
  } catch {
    return null;
  }
}

import { SECRETS } from './serve.ts';

/** Fields of POST /admin/endpoints that the bench sets; all others have the product's defaults. */
export interface EndpointInput {
  path: string;
  instance?: 'pooled' | 'per-call' | 'shared';
  keys: string[];
  parameters?: object[];
  log?: 'full' | 'metadata' | 'off';
  limits?: { bodyBytes?: number; responseBytes?: number };
}
interface Published {
  id: string;
  /** Path of the URL: Portico's own host may differ from the measured socket. */
  url: string;
}
export interface Portico {
  origin: string;
  createKey: (alias: string) => Promise<{ id: string; key: string }>;
  createHandler: (path: string, source: string) => Promise<void>;
  createEndpoint: (handlerPath: string, input: EndpointInput) => Promise<Published>;
  /** Any other request to the admin API. Throws for a status other than 2xx. */
  request: <T>(method: string, path: string, body?: unknown) => Promise<T>;
}

const ADMIN = { name: 'admin', password: SECRETS.LOCAL_ADMIN_PASSWORD };

/** Creates the first admin of a new service and signs in, over HTTP. */
export async function openPortico(origin: string): Promise<Portico> {
  await send(origin, 'POST', '/admin/bootstrap', SECRETS.BOOTSTRAP_TOKEN, ADMIN);
  const signIn = async (): Promise<string> =>
    (await send<{ accessToken: string }>(origin, 'POST', '/admin/session', null, ADMIN)).accessToken;
  let token = await signIn();
  let signedInAt = Date.now();
  const request = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    // Access tokens live for 15 minutes; a whole bench takes longer.
    if (Date.now() - signedInAt > 600_000) {
      signedInAt = Date.now();
      token = await signIn();
    }
    return send<T>(origin, method, path, token, body);
  };
  return {
    origin,
    request,
    createKey: (alias) => request('POST', '/admin/keys', { alias }),
    createHandler: (path, source) => request('POST', '/admin/handlers', { path, source }),
    createEndpoint: async (handlerPath, { keys, ...input }) => {
      const body = { ...input, handler: { path: handlerPath }, access: { level: 'key', keys } };
      const { id } = await request<{ id: string }>('POST', '/admin/endpoints', body);
      return { id, url: `${origin}/u/${input.path}` };
    },
  };
}

async function send<T>(
  origin: string,
  method: string,
  path: string,
  bearer: string | null,
  body?: unknown,
): Promise<T> {
  const response = await fetch(origin + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

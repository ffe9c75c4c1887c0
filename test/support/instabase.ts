import { callAdmin } from './admin-api';
import { call, unique } from './publish';
import { adminToken } from './sign-in';

export interface InstabaseAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  text: string;
}

/** A named token over HTTP, as an admin makes one under "Settings > Security". */
export async function makeToken(
  roles: string[] = [],
  expiresAt: string | null = null,
): Promise<{ id: string; token: string }> {
  const body = { name: unique('token'), roles, expiresAt };
  const answer = await callAdmin('POST', '/tokens', { token: await adminToken(), body });
  if (answer.status !== 201) throw new Error(`making a token answered ${answer.status}: ${answer.text}`);
  return answer.body as { id: string; token: string };
}

/** Saves a script over the admin API. */
export async function saveScript(path: string, source: string): Promise<string> {
  const answer = await callAdmin('POST', '/handlers', { token: await adminToken(), body: { path, source } });
  if (answer.status !== 201) throw new Error(`saving ${path} answered ${answer.status}: ${answer.text}`);
  return path;
}

/** One request below `/api/v1/http-endpoint`, as Python's requests sends it: JSON text without a content type. */
export async function instabase(
  method: string,
  path: string,
  { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<InstabaseAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await call(`/api/v1/http-endpoint${path}`, {
    method,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    // Bytes, because a string would be given a content type on its way.
    ...(body === undefined ? {} : { body: new TextEncoder().encode(text) }),
  });
  const answer = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  const read = isJson && answer !== '' ? (JSON.parse(answer) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, body: read, text: answer };
}

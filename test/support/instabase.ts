import { expect } from 'vitest';
import sample from '../fixtures/python/instabase.py?raw';
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

/** The answer of a refusal in the format of this wire, to match. */
export const wrong = (status: number, code: string, msg: unknown = expect.any(String)) => ({
  status,
  body: { status: 'ERROR', code, msg, request_id: expect.stringMatching(/^req_/) as unknown },
});

/** Common parts of the tests of the document: its own script in Python, one in JavaScript, a token of a developer, and one that may only call. */
export async function setUpInstabase() {
  // The document's own path, spaces and all.
  const HELLO = await saveScript('/jaydoe/my_repo/fs/Instabase Drive/handlers/hello.py', sample);
  const ECHO = await saveScript(
    '/jaydoe/my_repo/fs/Instabase Drive/handlers/echo.js',
    'export const handler = async (request) => `${request.method} ${await request.text()}`',
  );
  const { token } = await makeToken(['developer']);
  const { token: caller } = await makeToken();
  /** Makes an endpoint with PUT, and returns its two names. */
  const make = async (script: string = ECHO): Promise<{ id: string; path: string }> => {
    const [id, path] = [unique('id'), unique('path')];
    const made = await instabase('PUT', `/${id}`, { token, body: { path, handler_script_path: script } });
    if (made.status !== 201) throw new Error(`PUT answered ${made.status}: ${made.text}`);
    return { id, path };
  };
  return { HELLO, ECHO, token, caller, make };
}

import { exports } from 'cloudflare:workers';

export interface AdminAnswer {
  status: number;
  headers: Headers;
  /** The JSON of the answer; {} for one without a body, or with a file. */
  body: Record<string, unknown>;
  text: string;
}

/** One request to the admin API of the Worker under test. `token` is an access token; headers given as well win over it. */
export async function callAdmin(
  method: string,
  path: string,
  { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<AdminAnswer> {
  const response = await exports.default.fetch(`https://portico.test/admin${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') ? JSON.parse(text) : {},
    text,
  };
}

import { exports } from 'cloudflare:workers';

const ROOT = 'https://portico.test/plynx/api/v0';

export interface PlynxAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON of the answer; null for other text. */
  body: Record<string, unknown> | null;
}

/** The value of Authorization for HTTP Basic. */
export const basic = (username: string, password = ''): string => `Basic ${btoa(`${username}:${password}`)}`;

/** One request to the PLynx dialect. `auth` is the value of Authorization; without one it is the user `default`. */
export async function askPlynx(
  method: string,
  path: string,
  {
    auth,
    body,
    params,
  }: { auth?: string | undefined; body?: unknown; params?: Record<string, string> | undefined } = {},
): Promise<PlynxAnswer> {
  const query = params ? `?${new URLSearchParams(params).toString()}` : '';
  const raw = typeof body === 'string' || body instanceof FormData;
  const response = await exports.default.fetch(`${ROOT}${path}${query}`, {
    method,
    headers: auth === undefined ? {} : { authorization: auth },
    ...(body === undefined || body === null ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: readJson(text) };
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** A form with one file under `name`. */
export function fileForm(
  content: string | Uint8Array<ArrayBuffer>,
  fields: Record<string, string> = {},
  name = 'data',
): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set(name, new File([content], 'file'));
  return form;
}

const ENDED = ['SUCCESS', 'FAILED', 'CANCELED'];

interface ShownGraph {
  graph_running_status: string;
  nodes: Record<string, unknown>[];
}

/** Waits, at most 60 s, until a graph has one of these statuses, and answers how it is read then. */
export async function graphWith(
  id: string,
  statuses: string[] = ENDED,
  auth?: string,
): Promise<PlynxAnswer & { graph: ShownGraph }> {
  for (let i = 0; i < 600; i++) {
    const answer = await askPlynx('GET', `/graphs/${id}`, { auth });
    const graph = answer.body?.data as ShownGraph | undefined;
    if (graph && statuses.includes(graph.graph_running_status)) return { ...answer, graph };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`graph ${id} never was ${statuses.join(' or ')}`);
}

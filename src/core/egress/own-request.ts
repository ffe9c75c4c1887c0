import { readUtf8 } from '../../kernel/encoding';
import type { Context } from '../access/context';
import { egressIssue } from './egress.rules';
import { publicUrlIssue } from './public-url.rules';

const TIMEOUT_MS = 5000;
const MAX_BYTES = 262_144;

type Requesting = Pick<Context, 'settings' | 'fetchUpstream'>;

/**
 * Returns why this service itself may not send a request to a URL, or null. A local service also reaches `http://localhost:<port>`, but not
 * itself.
 */
export function ownRequestIssue(url: URL, settings: Requesting['settings']): string | null {
  const local = url.hostname === 'localhost' ? [`localhost:${url.port || '80'}`] : [];
  const issue = egressIssue(url, [url.hostname, ...local], settings);
  return issue ?? (url.protocol === 'https:' ? publicUrlIssue(url.href) : null);
}

/**
 * Sends a request of this service and returns the JSON of its response with the status. Throws an Error for a URL that it may not reach, no
 * response within 5 s, a redirect, more than 256 KiB, and a body that is not JSON.
 */
export async function fetchJson(
  { settings, fetchUpstream }: Requesting,
  url: URL,
  init: Pick<RequestInit, 'method' | 'body'> & { headers?: Record<string, string> } = {},
): Promise<{ status: number; value: unknown }> {
  const refusal = ownRequestIssue(url, settings);
  if (refusal !== null) throw new Error(refusal);
  const response = await fetchUpstream(url, {
    ...init,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'application/json', ...init.headers },
  });
  const bytes = await readStart(response);
  return { status: response.status, value: JSON.parse(readUtf8(bytes) ?? '') as unknown };
}

async function readStart(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
    parts.push(part as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

import type { OutboundAnswer, OutboundRequest } from '../../runtime/types';
import { afterRedirect, isRedirect, MAX_BYTES, MAX_REDIRECTS, type Hop, toHeaders } from './outbound.rules';

/** Checks and records the hops of a request, and sends them. */
export interface Gate {
  /** Records and counts a hop. Returns the reason in `refused` when it must not be sent, else the callbacks for its outcome. */
  enter: (hop: Hop) => { refused: string } | { answered: (status: number) => void; failed: (why: string) => void };
  /** Sends one hop without following redirects. */
  fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** Headers set on every request that is sent. */
  headers: () => Record<string, string>;
  signal: AbortSignal;
}

/** Sends a request and follows its redirects, each hop through the gate. The body of the response ends with an error at MAX_BYTES. */
export async function sendOutbound(request: OutboundRequest & { target: URL }, gate: Gate): Promise<OutboundAnswer> {
  const { method, target: url, headers, body, redirect } = request;
  let hop: Hop = { method, url, headers, body };
  for (let hops = 0; ; hops++) {
    const passed = gate.enter(hop);
    if ('refused' in passed) return passed;
    const refuse = (refused: string): { refused: string } => {
      passed.failed(refused);
      return { refused };
    };
    let response: Response;
    try {
      response = await send(hop, gate);
    } catch {
      return refuse(gate.signal.aborted ? CANCELED : `${hop.url.hostname} cannot be reached`);
    }
    const location = isRedirect(response.status) && redirect !== 'manual' ? response.headers.get('location') : null;
    if (location === null) {
      if (Number(response.headers.get('content-length') ?? 0) <= MAX_BYTES) {
        passed.answered(response.status);
        return { response: rebuilt(response), url: hop.url.href, redirected: hops > 0 };
      }
      await discard(response);
      return refuse(`the response is larger than ${MAX_BYTES} bytes`);
    }
    await discard(response);
    passed.answered(response.status);
    if (redirect === 'error') return { refused: `${hop.url.hostname} responded with a redirect` };
    if (hops === MAX_REDIRECTS) return { refused: `it was redirected more than ${MAX_REDIRECTS} times` };
    const next = afterRedirect(hop, response.status, location);
    if (next === null) return { refused: `${hop.url.hostname} redirects to an invalid URL` };
    hop = next;
  }
}

export const CANCELED = 'the request was canceled';

/** Sends a new request, without a `cf`, socket or cache key that the handler may have set. */
async function send({ method, url, headers, body }: Hop, gate: Gate): Promise<Response> {
  const sent = toHeaders(headers);
  for (const [name, value] of Object.entries(gate.headers())) sent.set(name, value);
  return gate.fetch(url, { method, headers: sent, body: body ?? null, redirect: 'manual', signal: gate.signal });
}

/** Cancels the body of a response: unread, it would keep its connection open. */
async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}

function rebuilt(response: Response): Response {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  // All endpoints share one origin, so cookies of other hosts must not be set.
  headers.delete('set-cookie');
  // The body is decompressed when it is read here. With these headers, the Response would compress it again.
  if (headers.has('content-encoding')) for (const name of ['content-encoding', 'content-length']) headers.delete(name);
  return new Response(response.body?.pipeThrough(limited()) ?? null, { status, statusText, headers });
}

/** Passes the chunk that exceeds the limit: the isolate then reports the reason to its code, which an error here could not. */
function limited(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      if (bytes > MAX_BYTES) throw new Error(`the response is larger than ${MAX_BYTES} bytes`);
      bytes += chunk.length;
      controller.enqueue(chunk);
    },
  });
}

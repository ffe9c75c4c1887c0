import type { OutboundAnswer, OutboundRequest } from '../../runtime/types';
import { afterRedirect, isRedirect, MAX_BYTES, MAX_REDIRECTS, type Hop, toHeaders } from './outbound.rules';

/** What a request has to pass, hop by hop, and what is kept of it. */
export interface Gate {
  /** Takes a hop on the record and counts it. `refused` says why it may not leave; otherwise the rest is told how it went. */
  enter: (hop: Hop) => { refused: string } | { answered: (status: number) => void; failed: (why: string) => void };
  /** Sends one hop, and follows no redirect. */
  fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** Set on every request that leaves. */
  headers: () => Record<string, string>;
  signal: AbortSignal;
}

/** Sends a request and follows its redirects, each hop through the gate. The body of the answer is cut off with an error at MAX_BYTES. */
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
      return refuse(`the answer is larger than ${MAX_BYTES} bytes`);
    }
    await discard(response);
    passed.answered(response.status);
    if (redirect === 'error') return { refused: `${hop.url.hostname} answered with a redirect` };
    if (hops === MAX_REDIRECTS) return { refused: `it was redirected more than ${MAX_REDIRECTS} times` };
    const next = afterRedirect(hop, response.status, location);
    if (next === null) return { refused: `${hop.url.hostname} redirects to what is no URL` };
    hop = next;
  }
}

export const CANCELED = 'the request was canceled';

/** A new request: nothing of `cf`, no socket, no cache key that the handler may have set. */
async function send({ method, url, headers, body }: Hop, gate: Gate): Promise<Response> {
  const sent = toHeaders(headers);
  for (const [name, value] of Object.entries(gate.headers())) sent.set(name, value);
  return gate.fetch(url, { method, headers: sent, body: body ?? null, redirect: 'manual', signal: gate.signal });
}

/** The body of an answer that nobody reads would keep its connection. */
async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}

function rebuilt(response: Response): Response {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  // All endpoints share one origin: cookies of others have no place there.
  headers.delete('set-cookie');
  // The body is unpacked when it is read here. A Response that said otherwise would pack it again for whoever it is handed to.
  if (headers.has('content-encoding')) for (const name of ['content-encoding', 'content-length']) headers.delete(name);
  return new Response(response.body?.pipeThrough(limited()) ?? null, { status, statusText, headers });
}

/** Lets the chunk pass that makes it too much: the isolate then tells its code why it gets no more, which no error here can. */
function limited(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      if (bytes > MAX_BYTES) throw new Error(`the answer is larger than ${MAX_BYTES} bytes`);
      bytes += chunk.length;
      controller.enqueue(chunk);
    },
  });
}

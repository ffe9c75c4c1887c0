import { WorkerEntrypoint } from 'cloudflare:workers';
import { DEPTH_HEADER } from '../core/dispatch/depth';
import { egressFault } from '../core/egress/egress.rules';
import { isClosedToRequests } from '../core/http-headers';
import { openBase } from '../open-context';

/** What an isolate's gate knows: set when the isolate is loaded, out of the handler's reach. */
export interface EgressProps {
  hosts: string[];
}

/** Bytes of a request body, and of an answer, that pass the gate. */
const MAX_BYTES = 10_485_760;

/**
 * The only way out of an isolate: every request of a handler arrives here, every hop of a redirect as one of its own. What is refused
 * fails in the handler as a 403 with the reason, which its fetch turns into an error and a line in the run.
 */
export class EgressGate extends WorkerEntrypoint<Env, EgressProps> {
  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const own = openBase(this.env).settings.publicHosts;
    const fault = egressFault(url, this.ctx.props.hosts, own) ?? transportFault(request);
    if (fault !== null) return refuse(fault);
    const headers = new Headers([...request.headers].filter(([name]) => !isClosedToRequests(name)));
    const depth = request.headers.get(DEPTH_HEADER);
    if (depth !== null) headers.set(DEPTH_HEADER, depth);
    const body = request.body === null ? null : await request.arrayBuffer();
    if (body !== null && body.byteLength > MAX_BYTES) return refuse(`the body is larger than ${MAX_BYTES} bytes`);
    // A new request: nothing of `cf`, no socket, no cache key that the handler may have set.
    const response = await fetch(url, { method: request.method, headers, body, redirect: 'manual' });
    if (Number(response.headers.get('content-length') ?? 0) > MAX_BYTES)
      return refuse(`the answer is larger than ${MAX_BYTES} bytes`);
    const answer = new Headers(response.headers);
    answer.delete('set-cookie');
    answer.delete(REFUSED_HEADER);
    return new Response(response.body?.pipeThrough(limited(MAX_BYTES)) ?? null, {
      status: response.status,
      headers: answer,
    });
  }
}

/** Read by harness/javascript/outbound.ts. */
const REFUSED_HEADER = 'x-portico-refused';

const transportFault = (request: Request): string | null =>
  request.headers.has('upgrade') ? 'sockets are not let out' : null;

const refuse = (reason: string): Response => new Response(null, { status: 403, headers: { [REFUSED_HEADER]: reason } });

function limited(max: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.length;
      if (bytes > max) throw new Error(`the answer is larger than ${max} bytes`);
      controller.enqueue(chunk);
    },
  });
}

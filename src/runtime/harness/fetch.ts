import type { OutboundAnswer, OutboundRequest } from '../types';
import type { HostStub } from './host-stub';

/** Taken before any user code runs. */
const NativeRequest = Request;
const NativeResponse = Response;
const REFUSED = 'fetch failed: ';
/** Of a body, either way. The host holds to it as well, but what it says of a stream is lost on the way. */
const MAX_BYTES = 10_485_760;

let requests = 0;

/**
 * Puts a `fetch` in place that asks the host of the call that is running: isolates have no network of their own. Redirects, limits and the
 * egress list are the host's matter; what is here gives code the `fetch` that it knows. Sockets and event streams, which it does not have,
 * say so.
 */
export function provideFetch(hostOfCall: () => HostStub | undefined): void {
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const host = hostOfCall();
    if (host === undefined) throw new TypeError(`${REFUSED}there is no network here`);
    // The platform's Request does not know this mode.
    const isStrict = init?.redirect === 'error';
    const request = new NativeRequest(input as RequestInfo, isStrict ? { ...init, redirect: 'manual' } : init);
    const signal = init?.signal ?? (input instanceof NativeRequest ? input.signal : null);
    signal?.throwIfAborted();
    const sent = request.body === null ? undefined : await request.arrayBuffer();
    if (sent !== undefined && sent.byteLength > MAX_BYTES)
      throw new TypeError(`${REFUSED}the body is larger than ${MAX_BYTES} bytes`);
    const message: OutboundRequest = {
      id: ++requests,
      method: request.method,
      url: request.url,
      headers: [...request.headers],
      body: sent,
      redirect: isStrict ? 'error' : (request.redirect as OutboundRequest['redirect']),
    };
    const answer = await untilAborted(host, message, signal);
    if ('refused' in answer) throw new TypeError(REFUSED + answer.refused);
    const { body } = answer.response;
    const bounded = body && toBounded(body, signal);
    return asFetched(new NativeResponse(bounded, answer.response), answer.url, answer.redirected);
  };
  Object.assign(globalThis, {
    fetch,
    WebSocket: closed('WebSocket'),
    EventSource: closed('EventSource'),
  });
}

/** What the host answers, or the reason of the signal as soon as it is aborted. */
async function untilAborted(
  host: HostStub,
  message: OutboundRequest,
  signal: AbortSignal | null,
): Promise<OutboundAnswer> {
  // A stub that is no longer good rejects: the call that it belongs to has its answer, and left nothing that is waited for.
  const answered = host.fetch(message).catch((): OutboundAnswer => ({ refused: 'the call has ended' }));
  if (signal === null) return answered;
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      host.cancel(message.id);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([answered, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Passes a body on up to MAX_BYTES, until the signal is aborted. Read by hand: a body that breaks off is told of in no words of the platform. */
function toBounded(body: ReadableStream<Uint8Array>, signal: AbortSignal | null): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  const pull = async (out: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const part = await reader.read().catch(() => {
      throw new TypeError(`${REFUSED}the answer broke off`);
    });
    if (part.done) return out.close();
    bytes += part.value.length;
    if (bytes <= MAX_BYTES) return out.enqueue(part.value);
    const tooLarge = new TypeError(`${REFUSED}the response is larger than ${MAX_BYTES} bytes`);
    reader.cancel(tooLarge).catch(() => undefined);
    throw tooLarge;
  };
  const bounded = new ReadableStream({ pull, cancel: (reason) => reader.cancel(reason) }, { highWaterMark: 0 });
  return signal === null ? bounded : bounded.pipeThrough(new TransformStream(), { signal });
}

/** A Response of the platform does not tell where it came from unless the platform fetched it. Its copies do as it does. */
function asFetched(response: Response, url: string, redirected: boolean): Response {
  const clone = (): Response => asFetched(NativeResponse.prototype.clone.call(response), url, redirected);
  return Object.defineProperties(response, {
    url: { value: url, configurable: true },
    redirected: { value: redirected, configurable: true },
    clone: { value: clone, configurable: true, writable: true },
  });
}

const closed = (name: string) =>
  class {
    constructor() {
      throw new TypeError(`there is no ${name} here: handlers reach hosts by fetch`);
    }
  };

import type { OutboundAnswer, OutboundRequest } from '../types';
import type { HostStub } from './host-stub';

/** Captured before any user code runs. */
const NativeRequest = Request;
const NativeResponse = Response;
const REFUSED = 'fetch failed: ';
/** Bytes of a request or response body. The host enforces it as well, but its error for a stream does not reach the isolate. */
const MAX_BYTES = 10_485_760;

let requests = 0;

/**
 * Installs a `fetch` that asks the host of the running call: isolates have no network of their own. The host handles redirects, limits and
 * the egress list; this file gives code the standard `fetch`. Sockets and event streams are not available and throw an error that explains it.
 */
export function provideFetch(hostOfCall: () => HostStub | Promise<never> | undefined): void {
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const found = hostOfCall();
    const host = found instanceof Promise ? await found : found;
    if (host === undefined) throw new TypeError(`${REFUSED}no network is available`);
    // The platform's Request does not support this mode.
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

/** Returns the host's result, or throws the signal's reason as soon as it aborts. */
async function untilAborted(
  host: HostStub,
  message: OutboundRequest,
  signal: AbortSignal | null,
): Promise<OutboundAnswer> {
  // A stub whose call has ended rejects: the call has its response and left no work that is waited for.
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

/** Passes a body on, up to MAX_BYTES or until the signal aborts. Reads it by hand, to replace the platform's message for a body that breaks off. */
function toBounded(body: ReadableStream<Uint8Array>, signal: AbortSignal | null): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  const pull = async (out: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const part = await reader.read().catch(() => {
      throw new TypeError(`${REFUSED}the response broke off`);
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

/** Sets the URL that the platform sets only on responses it fetched itself. Copies keep it. */
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
      throw new TypeError(`${name} is not available: use fetch`);
    }
  };

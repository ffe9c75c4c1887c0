import { RUN_BODY_BYTES } from '../run/run.schema';
import type { KeptBody } from '../run/run-record';

/** Why a body did not come to its own end. */
export type Cut = 'too_large' | 'timeout' | 'handler_failed' | 'caller_left';

export interface CountedBody {
  body: ReadableStream;
  /** Resolves when the last byte is through, or it was cut; never rejects. */
  ended: Promise<{ kept: KeptBody; cut: Cut | null }>;
}

/**
 * Passes a handler's body on, chunk by chunk, and cuts it at `maxBytes` or after `maxMs`. What was sent cannot be taken back, so a body
 * that is cut ends in a broken connection, not in a shorter document. The first 8 KiB are kept for the run.
 */
export function countBody(source: ReadableStream, maxBytes: number, maxMs: number): CountedBody {
  const kept = new Uint8Array(RUN_BODY_BYTES);
  const abort = new AbortController();
  let bytes = 0;
  let cut: Cut | null = null;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      if (bytes < kept.length) kept.set(chunk.subarray(0, kept.length - bytes), bytes);
      bytes += chunk.length;
      if (bytes > maxBytes) {
        cut = 'too_large';
        throw new Error('the body is larger than this endpoint may answer');
      }
      controller.enqueue(chunk);
    },
    cancel: () => {
      cut ??= 'caller_left';
    },
  });
  const timer = setTimeout(() => {
    cut ??= 'timeout';
    abort.abort(new Error('the time for this answer is over'));
  }, maxMs);
  const ended = source
    .pipeTo(counter.writable, { signal: abort.signal })
    .catch(() => {
      cut ??= 'handler_failed';
    })
    .then(() => {
      clearTimeout(timer);
      const text = new TextDecoder().decode(kept.subarray(0, Math.min(bytes, kept.length)));
      return { kept: { text, bytes, cut: bytes > kept.length }, cut };
    });
  return { body: counter.readable, ended };
}

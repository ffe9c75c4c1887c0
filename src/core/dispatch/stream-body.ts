import { RUN_BODY_BYTES } from '../run/run.schema';
import type { KeptBody } from '../run/run-record';

/** Why a body did not come to its own end. */
export type Cut = 'too_large' | 'timeout' | 'handler_failed' | 'caller_left';

export interface CountedBody {
  body: ReadableStream;
  /** Resolves when the last byte is through, or it was cut; never rejects. */
  ended: Promise<{ kept: KeptBody; cut: Cut | null }>;
}

const MESSAGES = {
  too_large: 'the body is larger than this endpoint may answer',
  timeout: 'the time for this answer is over',
} as const;

/**
 * Passes a handler's body on, chunk by chunk, and cuts it at `maxBytes` or after `maxMs`. What was sent cannot be taken back, so a body
 * that is cut ends in a broken connection, not in a shorter document. The first 8 KiB are kept for the run. Read by hand and not
 * through a TransformStream, which does not tell a caller who left from a handler that failed.
 */
export function countBody(source: ReadableStream<Uint8Array>, maxBytes: number, maxMs: number): CountedBody {
  const kept = new Uint8Array(RUN_BODY_BYTES);
  const reader = source.getReader();
  const { promise: ended, resolve } = Promise.withResolvers<{ kept: KeptBody; cut: Cut | null }>();
  let out: ReadableStreamDefaultController<Uint8Array>;
  let bytes = 0;
  let over = false;
  const end = (cut: Cut | null): void => {
    over = true;
    clearTimeout(timer);
    const text = new TextDecoder().decode(kept.subarray(0, Math.min(bytes, kept.length)));
    resolve({ kept: { text, bytes, cut: bytes > kept.length }, cut });
  };
  const stop = (cut: keyof typeof MESSAGES): void => {
    if (over) return;
    end(cut);
    out.error(new Error(MESSAGES[cut]));
    reader.cancel(MESSAGES[cut]).catch(() => undefined);
  };
  const timer = setTimeout(() => stop('timeout'), maxMs);
  const pull = async (): Promise<void> => {
    let part: ReadableStreamReadResult<Uint8Array>;
    try {
      part = await reader.read();
    } catch (error) {
      if (!over) end('handler_failed');
      throw error;
    }
    if (over) return;
    if (part.done) {
      end(null);
      return out.close();
    }
    if (bytes < kept.length) kept.set(part.value.subarray(0, kept.length - bytes), bytes);
    bytes += part.value.length;
    if (bytes > maxBytes) stop('too_large');
    else out.enqueue(part.value);
  };
  const cancel = (reason: unknown): Promise<void> => {
    if (!over) end('caller_left');
    return reader.cancel(reason);
  };
  const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    out = controller;
  };
  return { body: new ReadableStream({ start, pull, cancel }, { highWaterMark: 0 }), ended };
}

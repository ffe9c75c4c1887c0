import { keepBytes, type KeptBody } from '../runs/redact-body';

/** Reason that a body is incomplete. */
export type CutReason = 'too_large' | 'timeout' | 'handler_failed' | 'caller_left';

export interface CountedBody {
  body: ReadableStream;
  /** Resolves when the last byte is sent, or the body was cut; never rejects. */
  ended: Promise<{ kept: KeptBody; cut: CutReason | null }>;
}

const MESSAGES = {
  too_large: 'the body is larger than this endpoint may answer',
  timeout: 'the time for this answer is over',
} as const;

/** Bytes of a body that are kept for its record: eight times those that a record shows, so that most JSON can be parsed as a whole. */
const KEPT_BYTES = 65_536;
const FIRST_BYTES = 4096;

/**
 * Passes a handler's body on, chunk by chunk, and cuts it at `maxBytes` or after `maxMs`. Sent bytes cannot be taken back, so a cut body
 * ends in a broken connection, not in a shorter document. Its start is kept for the run. Reads by hand instead of through a
 * TransformStream, which does not distinguish a caller that disconnected from a handler that failed.
 */
export function countBody(
  source: ReadableStream<Uint8Array>,
  maxBytes: number,
  maxMs: number,
  contentType: string | null,
): CountedBody {
  const kept = createStart();
  const reader = source.getReader();
  const { promise: ended, resolve } = Promise.withResolvers<{ kept: KeptBody; cut: CutReason | null }>();
  let out: ReadableStreamDefaultController<Uint8Array>;
  let bytes = 0;
  let over = false;
  const end = (cut: CutReason | null): void => {
    over = true;
    clearTimeout(timer);
    const start = keepBytes(kept.bytes(), contentType, bytes);
    resolve({ kept: { ...start, isCut: start.isCut || cut !== null }, cut });
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
    kept.add(part.value);
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

/** Copies the start of a body, chunk by chunk: the chunks themselves belong to the stream. */
function createStart(): { add: (chunk: Uint8Array) => void; bytes: () => Uint8Array } {
  let buffer = new Uint8Array(FIRST_BYTES);
  let length = 0;
  const add = (chunk: Uint8Array): void => {
    const part = chunk.subarray(0, KEPT_BYTES - length);
    if (length + part.length > buffer.length) {
      const larger = new Uint8Array(Math.min(KEPT_BYTES, 2 * (length + part.length)));
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    buffer.set(part, length);
    length += part.length;
  };
  return { add, bytes: () => buffer.subarray(0, length) };
}

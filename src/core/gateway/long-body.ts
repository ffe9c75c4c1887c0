import type { RunDraft } from '../runs/run-recorder';

/** Bytes of a request, or characters of a response, of which the record is made at once: it keeps 8 KB of them. */
const LONG_BODY = 16_384;

/** Checks whether a call has so long a body that its record is made at once. */
export const isLong = (request: ArrayBuffer | null, response: string): boolean =>
  (request !== null && request.byteLength > LONG_BODY) || response.length > LONG_BODY;

/**
 * Makes a record at once, so that the bodies of a call are garbage when it ends: each collection copies those of the hundred calls that
 * wait for their batch.
 */
export function madeNow(make: RunDraft): RunDraft {
  try {
    const run = make();
    return () => run;
  } catch {
    // The recorder makes it again, and reports the error.
    return make;
  }
}

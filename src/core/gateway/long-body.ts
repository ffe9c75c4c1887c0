import type { Report } from '../../runtime/types';
import type { RunDraft } from '../runs/run-recorder';

/** Bytes of a request, or characters of a response, of which the record is made at once: it keeps 8 KB of them. */
const LONG_BODY = 8192;

/** Checks whether a call has so long a body that its record is made at once. */
export const isLong = (request: ArrayBuffer | null, response: string): boolean =>
  (request !== null && request.byteLength > LONG_BODY) || response.length > LONG_BODY;

/**
 * Makes a record at once, so that the bodies of a call are garbage when it ends: each collection copies those of all calls that wait for
 * their batch.
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

/** Counted for the steps of a workflow, whose size only their record knows: a batch has a hundred of such runs. */
const STEPS = 16_000;

/** Returns about the bytes that a draft holds until its batch leaves, or that its record has. */
export function sizeOfDraft(request: ArrayBuffer | null, response: string, { logs, steps }: Report): number {
  const bodies = Math.min(request?.byteLength ?? 0, LONG_BODY) + Math.min(response.length, LONG_BODY);
  return logs.reduce((sum, [, , text]) => sum + text.length, bodies + (steps.length === 0 ? 0 : STEPS));
}

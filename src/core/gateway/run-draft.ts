import type { Report } from '../../runtime/types';
import type { RunDraft, SizedDraft } from '../runs/run-recorder';
import type { CallContext } from './call';

/** Bytes and characters that a call may hold until its batch leaves. */
const LONG = 8192;

/**
 * Measures a draft. The record of a call that holds much is made at once, and keeps 8 KB of each body, so that the rest is garbage when the
 * call ends: each collection copies what waits for a batch, and hundreds of such calls would fill an isolate.
 */
export function sizeDraft(make: RunDraft, held: number): SizedDraft {
  if (held <= LONG) return { make, size: held };
  try {
    const run = make();
    return { make: () => run, size: run.detail.length };
  } catch {
    // The recorder makes it again, and reports the error.
    return { make, size: held };
  }
}

/** Counted for a request that the handler sent. */
const LINE = 200;

type Held = Pick<CallContext, 'body' | 'request' | 'reports' | 'middlewareResults' | 'outlet'>;

/**
 * Returns about the bytes and characters that the draft of a call holds, with those of its response and of the handler's report; Infinity with
 * results of middleware, which nothing measures.
 */
export function heldBy({ body, request, reports, middlewareResults, outlet }: Held, text: string, own: Report): number {
  const { path, query, headers } = request;
  let held = (body?.byteLength ?? 0) + text.length + path.length + query.length;
  if (outlet !== null) held += outlet.outbound.length * LINE;
  headers.forEach((value, name) => void (held += name.length + value.length));
  for (const { chars } of reports) held += chars;
  if (outlet !== null) for (const { chars } of outlet.called) held += chars;
  return middlewareResults.length > 0 ? Infinity : held + own.chars;
}

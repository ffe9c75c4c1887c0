import type { Context } from '../../access/context';
import { exactUtf8, toBase64 } from '../../../kernel/encoding';
import type { RenderError } from '../call';
import { refuse } from '../dispatch';
import { performCall } from '../perform-call';
import { toRun } from '../../runs/get-run';
import { mapRun } from '../../runs/map-run';
import type { RunDraft } from '../../runs/run-recorder';
import { toRecord } from '../../runs/stored-run.rules';
import type { OpenedTest } from './open-test';
import type { TestResult } from './test-endpoint.schema';

/** Performs a test with a recorder of its own, so that its record is available when it ends; the record goes into the history too. */
export async function performTest(
  ctx: Context,
  { call, refused, skipped }: OpenedTest,
  renderError: RenderError,
): Promise<TestResult> {
  let draft: RunDraft | undefined;
  const deferred: Promise<unknown>[] = [];
  const recorder: Context['recorder'] = {
    record: ({ make }) => {
      draft = make;
    },
  };
  const defer = (work: Promise<unknown>): void => {
    // The response waits for it; its failure is logged with all work after a response.
    deferred.push(work.catch(() => undefined));
    ctx.defer(work);
  };
  const testCtx: Context = { ...ctx, recorder, defer };
  try {
    const response = refused
      ? refuse(testCtx, call, refused, renderError)
      : await performCall(testCtx, call, renderError);
    const body = toShown(await response.arrayBuffer().catch(() => new ArrayBuffer()));
    while (deferred.length > 0) await deferred.shift();
    const stored = draft!();
    ctx.recorder.record({ make: () => stored, size: stored.detail.length }, ctx.now(), ctx.defer);
    const run = await mapRun(ctx, toRun(toRecord(stored)));
    const headers = Object.fromEntries(response.headers);
    return { run, response: { status: response.status, headers, ...body }, accessSkipped: skipped?.code ?? null };
  } finally {
    if (call.plan.mode === 'shared' && !refused) ctx.defer(ctx.runtime.discard(call.plan.name));
  }
}

/** Returns a body as text, or as base64 where it is not text. */
function toShown(bytes: ArrayBuffer): { body: string; base64: string | null } {
  const body = exactUtf8(bytes);
  return body === null
    ? { body: new TextDecoder().decode(bytes), base64: toBase64(new Uint8Array(bytes)) }
    : { body, base64: null };
}

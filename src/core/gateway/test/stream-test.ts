import { verb } from '../../access/verb';
import type { Context } from '../../access/context';
import type { Report } from '../../../runtime/types';
import { toRunRecord } from '../../runs/to-run-record';
import type { CallContext, RenderError } from '../call';
import { toFinished, wholeReport } from '../record-call';
import { followedRuntime } from './followed-runtime';
import { openTest, type OpenedTest } from './open-test';
import { performTest } from './perform-test';
import type { TestEndpointInput, TestProgress } from './test-endpoint.schema';

/** Between two comments, which show that the tester is gone. */
const BEAT_MS = 2000;

/**
 * Runs an endpoint once, as `testEndpoint` does, and streams server-sent events: `progress` with the steps and the new log lines while it
 * runs, and at the end `result`. A tester who leaves ends the test.
 */
export const streamTest = verb(
  'endpoint.test',
  async (
    ctx,
    id: string,
    input: TestEndpointInput,
    renderError: RenderError,
  ): Promise<{ type: string; body: ReadableStream<Uint8Array> }> => {
    const opened = await openTest(ctx, id, input);
    return { type: 'text/event-stream', body: toEvents(ctx, opened, renderError) };
  },
);

function toEvents(ctx: Context, opened: OpenedTest, renderError: RenderError): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const left = new AbortController();
  let beat: ReturnType<typeof setInterval> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const send = (text: string): void => {
          if (!left.signal.aborted) controller.enqueue(encoder.encode(text));
        };
        const toProgress = progressOf(opened.call, ctx.now);
        const onReport = (report: Report): void => {
          // A reader who does not keep up gets the next one, with the lines of this one.
          if ((controller.desiredSize ?? 0) <= 0) return;
          const progress = toProgress(report);
          if (progress !== null) send(toEvent('progress', progress));
        };
        const runtime = followedRuntime(ctx.runtime, opened.call, ctx.now, onReport, left.signal);
        send(':\n\n');
        beat = setInterval(() => send(':\n\n'), BEAT_MS);
        const work = performTest({ ...ctx, runtime }, opened, renderError)
          .then((result) => {
            send(toEvent('result', result));
            if (!left.signal.aborted) controller.close();
          })
          .catch((error: unknown) => {
            if (!left.signal.aborted) controller.error(error);
            throw error;
          })
          .finally(() => clearInterval(beat));
        // The run of a tester who left is recorded as well.
        ctx.defer(work);
      },
      cancel: () => {
        clearInterval(beat);
        left.abort();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 262_144 }),
  );
}

const toEvent = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * Returns a function that says what is new in a report: the steps, all of them, when one has changed, and the log lines that were not there
 * before; null for nothing. Redacted and cut as in the record of the run.
 */
function progressOf(call: CallContext, now: () => number): (report: Report) => TestProgress | null {
  let lines = 0;
  let known = '[]';
  return (report) => {
    const { detail } = toRunRecord({ ...toFinished(call, now()), report: wholeReport(call, report, []) });
    const logs = detail.logs.slice(lines);
    const steps = JSON.stringify(detail.steps);
    const isChanged = steps !== known;
    lines = Math.max(lines, detail.logs.length);
    known = steps;
    return logs.length === 0 && !isChanged ? null : { logs, ...(isChanged ? { steps: detail.steps } : {}) };
  };
}

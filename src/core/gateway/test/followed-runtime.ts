import type { Bundle, Outcome, Peek, Report, Runtime } from '../../../runtime/types';
import { NO_REPORT } from '../../code/no-report';
import { placeReport } from '../../workflow/document/place-failure.rules';
import type { CallContext } from '../call';
import { inRun } from '../run-middleware';

/** Milliseconds between two reads of what the code has reported: they grow, so that a long test costs few of them. */
const FIRST_MS = 100;
const MAX_MS = 1000;
const GROWTH = 1.2;

/** The outcome of code that the tester stopped. What it does after this has no host. */
const STOPPED: Outcome = {
  cold: false,
  report: NO_REPORT,
  drain: null,
  kind: 'failed',
  error: { name: 'Stopped', message: 'the user who started this test left before it ended', stack: '' },
};

/**
 * Returns the runtime for one call: it reads again and again what the middleware and the handler of the call report while they run, and
 * gives up on them when `signal` is aborted. A `call` step's handler reports to the step.
 */
export function followedRuntime(
  runtime: Runtime,
  call: CallContext,
  now: () => number,
  onReport: (report: Report) => void,
  signal: AbortSignal,
): Runtime {
  const stopped = new Promise<Outcome>((resolve) => signal.addEventListener('abort', () => resolve(STOPPED)));
  return {
    ...runtime,
    invoke: async (bundle, plan, invocation, timeoutMs) => {
      const place = placeOf(bundle, call, now());
      if (place === null) return runtime.invoke(bundle, plan, invocation, timeoutMs);
      if (signal.aborted) return STOPPED;
      const ended = new AbortController();
      const follow = (peek: Peek): void =>
        void readReports(peek, (report) => onReport(place(report)), AbortSignal.any([signal, ended.signal]));
      const running = runtime.invoke(bundle, plan, { ...invocation, follow }, timeoutMs);
      const outcome = await Promise.race([running, stopped]);
      const { drain } = outcome;
      if (drain !== null) return { ...outcome, drain: () => drain().finally(() => ended.abort()) };
      ended.abort();
      return outcome;
    },
  };
}

/** Reads reports until `signal` is aborted, or the isolate cannot be reached: the outcome of the call then says why. */
async function readReports(peek: Peek, onReport: (report: Report) => void, signal: AbortSignal): Promise<void> {
  for (let wait = FIRST_MS; !signal.aborted; wait = Math.min(MAX_MS, wait * GROWTH)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const report = signal.aborted ? null : await peek().catch(() => null);
    if (report === null) return;
    if (!signal.aborted) onReport(report);
  }
}

/** Returns what makes the report of a bundle one of its call; null where the bundle is neither the handler nor a middleware. */
function placeOf(bundle: Bundle, call: CallContext, startedAt: number): ((report: Report) => Report) | null {
  if (bundle === call.bundle) return (report) => placeReport(report, bundle.artifact);
  const index = call.definition.middleware.findIndex((one) => one.bundle === bundle);
  return index === -1 ? null : (report) => inRun(report, bundle.artifact, index, startedAt - call.admittedAt);
}

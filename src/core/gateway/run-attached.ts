import type { Outcome, Report } from '../../runtime/types';
import { NO_REPORT } from '../code/no-report';
import type { Context } from '../access/context';
import type { AttachedHandler } from './attached-bundles';
import type { CallContext } from './call';
import { toParamsInvocation } from './params-invocation';
import { ofHandler } from './host/called-answer';
import { inRun } from './run-middleware';

/**
 * Runs an attached handler with parameters, as JSON text, in an isolate of its own. Its report becomes a part of the run, where its steps have
 * `place`, the number of attached handlers before it. A `drain` is for the caller, to be called when it has read the body, whose code may ask
 * its host until then.
 */
export async function runAttached(
  ctx: Context,
  call: CallContext,
  { path, bundle }: AttachedHandler,
  place: number,
  params: string,
  timeoutMs: number,
): Promise<Outcome> {
  if (bundle === null) return attachedFailure(`${path} has no deployed version`);
  if (timeoutMs <= 0) return attachedFailure(`no time was left to run ${path}`);
  const outlet = call.outlet!;
  const startedAt = ctx.now();
  const mode = call.plan.mode === 'shared' ? 'pooled' : call.plan.mode;
  const seen = { ...call, caller: call.view?.caller ?? call.caller };
  const invocation = toParamsInvocation(ctx, bundle, seen, () => outlet.for(bundle, call.depth + 1), params);
  const outcome = await ctx.runtime.invoke(bundle, { mode }, invocation, timeoutMs);
  const toPart = (report: Report): Report => {
    const part = inRun(report, bundle.artifact, place, startedAt - call.admittedAt);
    return { ...part, lateError: part.lateError && ofHandler(path, part.lateError) };
  };
  const index = call.reports.push(toPart({ ...outcome.report, lateError: null })) - 1;
  const { drain } = outcome;
  if (drain === null) return outcome;
  const drainIntoRun = (): Promise<Report> => {
    const late = drain();
    // It has all of the first report. The run is recorded after it.
    outlet.awaits(
      late.then((report) => (call.reports[index] = toPart(report))),
      ctx,
    );
    return late;
  };
  if (outcome.kind === 'response') return { ...outcome, drain: drainIntoRun };
  void drainIntoRun();
  return { ...outcome, drain: null };
}

export const attachedFailure = (message: string): Outcome => ({
  cold: false,
  report: NO_REPORT,
  drain: null,
  kind: 'failed',
  error: { name: 'AttachedHandlerError', message, stack: '' },
});

/** Returns the request of a call for attached handlers, as JSON text: what its own handler sees of it. */
export function requestJson(
  { request, method, view, params }: CallContext,
  isHidden: (name: string) => boolean,
): string {
  const headers = [...request.headers].filter(([name]) => !isHidden(name) && (view === null || view.hasHeader(name)));
  const { path } = request;
  const query = view === null ? request.query : view.query;
  return JSON.stringify({ method, path, query, headers: Object.fromEntries(headers), params });
}

/** Why an attached handler gave no answer, for the run. */
export function reasonOf(path: string, outcome: Outcome): string {
  switch (outcome.kind) {
    case 'failed':
      return `${path}: ${outcome.error.message}`;
    case 'timeout':
      return `${path} did not answer in time`;
    case 'bad':
      return `${path}: ${outcome.reason}`;
    case 'invalid':
      return `${path} does not take these parameters: ${outcome.issues[0]?.message ?? ''}`;
    default:
      return `${path} was replaced during the call`;
  }
}

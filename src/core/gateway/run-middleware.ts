import type { HandlerError, Outcome } from '../../runtime/types';
import type { Context } from '../access/context';
import type { Artifact } from '../code/artifact';
import type { ApiError } from '../../kernel/errors';
import { isObject } from '../../kernel/json.rules';
import { placeError, placeReport } from '../workflow/document/place-failure.rules';
import type { CallContext } from './call';
import { toInvocation } from './invocation';
import type { Middleware } from './middleware-bundles';
import { messageTooLarge } from './read-body';

type TextOutcome = Extract<Outcome, { kind: 'text' }>;

/**
 * The refusal of a call by a middleware. `answer` is its response for the caller; null when it failed, and the caller gets a bare 403.
 * `error` is for the run.
 */
export interface MiddlewareRefusal {
  path: string;
  outcome: Outcome | null;
  answer: (Pick<TextOutcome, 'format' | 'headers' | 'body'> & { status: number }) | null;
  error: HandlerError;
}

/**
 * Performs step 8: runs an endpoint's middleware in order, each in an isolate of its own, before the handler. Their results are in
 * `call.middlewareResults`, their reports in `call.reports`. Fails closed: everything but `pass` refuses the call.
 */
export async function runMiddleware(ctx: Context, call: CallContext): Promise<MiddlewareRefusal | ApiError | null> {
  for (const [index, middleware] of call.definition.middleware.entries()) {
    const refusal = await runOne(ctx, call, middleware, index);
    if (refusal !== null) return refusal;
  }
  return null;
}

const NO_VERDICT = 'it returned neither `pass` nor `refuse`';

async function runOne(
  ctx: Context,
  call: CallContext,
  { path, bundle }: Middleware,
  index: number,
): Promise<MiddlewareRefusal | ApiError | null> {
  const failed = (outcome: Outcome | null, message: string, error?: HandlerError): MiddlewareRefusal => ({
    path,
    outcome,
    answer: null,
    error: { name: 'MiddlewareError', stack: '', ...error, message: `${path}: ${error?.message ?? message}` },
  });
  if (bundle === null)
    return failed(null, 'the middleware does not exist, or does not accept the values that the endpoint gives it');
  const left = call.admittedAt + call.definition.limits.timeoutMs - ctx.now();
  if (left <= 0) return failed(null, 'no time was left to run it');
  const mode = call.plan.mode === 'shared' ? 'pooled' : call.plan.mode;
  const startedAt = ctx.now();
  const outcome = await ctx.runtime.invoke(bundle, { mode }, toInvocation(ctx, call, bundle), left);
  call.reports.push(inRun(outcome.report, bundle.artifact, index, startedAt - call.admittedAt));
  if (outcome.kind === 'timeout') return failed(outcome, 'it did not answer in time');
  if (outcome.kind === 'failed') return failed(outcome, '', placeError(outcome.error, bundle.artifact));
  if (outcome.kind === 'bad') return outcome.isOversized ? messageTooLarge() : failed(outcome, outcome.reason);
  const verdict = outcome.kind === 'text' && outcome.format === 'json' ? readVerdict(outcome.body) : null;
  if (verdict === null) return failed(outcome, NO_VERDICT);
  if (verdict.kind === 'refuse') {
    const error = { name: 'Refused', message: `${path}: ${verdict.why}`, stack: '' };
    return { path, outcome, answer: verdict.answer, error };
  }
  // A pass leaves no background work; if it ever does, its end is logged.
  if (outcome.drain) ctx.defer(outcome.drain());
  call.middlewareResults.push(verdict.result);
  return null;
}

type Verdict =
  | { kind: 'pass'; result: object }
  | { kind: 'refuse'; answer: NonNullable<MiddlewareRefusal['answer']>; why: string };

/** Verdict of a middleware, as in harness/workflow/types.ts. Parsed strictly: it comes from an isolate. */
function readVerdict(text: string): Verdict | null {
  try {
    return toVerdict(JSON.parse(text));
  } catch {
    return null;
  }
}

function toVerdict(verdict: unknown): Verdict | null {
  if (!isObject(verdict)) return null;
  if (verdict.outcome === 'pass' && isObject(verdict.result)) return { kind: 'pass', result: verdict.result };
  if (verdict.outcome !== 'refuse') return null;
  const { status, headers, body } = verdict;
  const isStatus = Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599;
  const pairs = Array.isArray(headers) ? headers.filter(isPair) : [];
  const detail = isObject(body) && typeof body.detail === 'string' ? body.detail : 'refused the call';
  const answer = { status: isStatus ? (status as number) : 403, headers: pairs };
  if (body === undefined) return { kind: 'refuse', why: detail, answer: { ...answer, format: 'none', body: '' } };
  const sent =
    typeof body === 'string'
      ? { format: 'text' as const, body }
      : { format: 'json' as const, body: JSON.stringify(body) };
  return { kind: 'refuse', why: detail, answer: { ...answer, ...sent } };
}

const isPair = (pair: unknown): pair is [string, string] =>
  Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string');

/** Converts a middleware's report to a part of its run's: each step names its middleware, times count from the start of the run. */
export const inRun = (
  report: Outcome['report'],
  artifact: Artifact | undefined,
  index: number,
  offsetMs: number,
): Outcome['report'] => {
  const placed = placeReport(report, artifact);
  return {
    ...placed,
    logs: placed.logs.map(([ms, level, text]) => [ms + offsetMs, level, text]),
    steps: placed.steps.map((step) => ({ ...step, middleware: index, startedMs: step.startedMs + offsetMs })),
  };
};

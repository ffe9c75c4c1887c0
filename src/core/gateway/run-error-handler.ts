import type { Drain, Outcome } from '../../runtime/types';
import { isHiddenFromHandlers } from '../../kernel/http-headers';
import type { Context } from '../access/context';
import { toAnswer, type Answer } from './answer.rules';
import type { AttachedHandler } from './attached-bundles';
import type { CallContext, RenderedError } from './call';
import { reasonOf, requestJson, runAttached } from './run-attached';
import { policyOf } from './send-answer';

/** Milliseconds that an error handler has: its caller may have waited for the whole time limit already. */
const MAX_MS = 5000;

/**
 * Runs the error handler of an endpoint with the problem that the caller would get, and the request. Returns its answer, with the status of the
 * problem where it sets none; or a reason, for the run, when it fails as well. `drain` is to be called when its body was sent.
 */
export async function runErrorHandler(
  ctx: Context,
  call: CallContext,
  attached: AttachedHandler,
  problem: RenderedError,
): Promise<Answer & { drain: Drain | null }> {
  const { definition } = call;
  const params = `{"problem":${jsonOf(problem.text)},"request":${requestJson(call, isHiddenFromHandlers)}}`;
  const place = definition.middleware.length + definition.after.length;
  const outcome = await runAttached(ctx, call, attached, place, params, MAX_MS);
  if (outcome.kind !== 'text' && outcome.kind !== 'response')
    return { kind: 'bad', reason: reasonOf(attached.path, outcome), drain: null };
  const answer = toAnswer(withStatus(outcome, problem.response.status), policyOf(call));
  if (answer.kind === 'ok') return { ...answer, drain: outcome.drain };
  if (outcome.kind === 'response') ctx.defer(outcome.response.body?.cancel() ?? Promise.resolve());
  void outcome.drain?.();
  return { kind: 'bad', reason: `${attached.path}: ${answer.reason}`, drain: null };
}

/** Every wire answers errors as JSON; any other text is a value. */
function jsonOf(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return JSON.stringify(text);
  }
}

const withStatus = <O extends Outcome>(outcome: O, status: number): O =>
  outcome.kind === 'text' && outcome.status === null ? { ...outcome, status } : outcome;

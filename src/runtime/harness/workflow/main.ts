import { toErrorAnswer } from './answer';
import { toStepError, Until } from './errors';
import { createRoots } from './roots';
import { createRun, type Run } from './run';
import type { Answer, Definition, Roots, WorkflowContext } from './types';

export { $key, $text } from './names';
export type { Answer, Definition, Roots, StepRecord, Tables, WorkflowContext } from './types';

type Steps = (run: Run, roots: Roots) => Promise<Answer>;

/**
 * Builds the `handler` of a compiled workflow. It responds exactly once: with the input of a `respond` step, with 204 and no body, or with a
 * thrown error. After a `respond` with `continue` it returns at once and the steps continue under `ctx.waitUntil`; a failure of one of them
 * rejects that promise.
 */
export function $workflow(
  definition: Definition,
  steps: Steps,
): (request: Request, ctx: WorkflowContext) => Promise<Answer> {
  return async function handler(request, ctx) {
    const roots = await createRoots(definition, request, ctx);
    let isEarly = false;
    let sendEarly: (answer: Answer) => void = () => undefined;
    const early = new Promise<Answer>((resolve) => (sendEarly = resolve));
    const run = createRun(definition, ctx, roots, (answer) => {
      isEarly = true;
      sendEarly(answer);
    });
    const whole = toEnd(definition, steps, run, roots, ctx.requestId);
    const answer = await Promise.race([early, whole]);
    if (isEarly) ctx.waitUntil(whole);
    return answer;
  };
}

/** Runs all steps and closes their records. Resolves to the response, unless it was sent already; rejects for an uncaught error. */
async function toEnd(
  definition: Definition,
  steps: Steps,
  run: Run,
  roots: Roots,
  requestId: string | undefined,
): Promise<Answer> {
  try {
    const answer = await steps(run, roots);
    run.finish();
    const passes = definition.kind === 'middleware' && !run.isAnswered();
    return passes ? { outcome: 'pass', result: roots.vars } : answer;
  } catch (thrown) {
    if (thrown instanceof Until) {
      run.finish();
      return run.isAnswered() ? undefined : [thrown.result ?? null, 200, []];
    }
    const error = toStepError(thrown, '');
    run.unwind(error);
    const answer = run.isAnswered() ? null : toErrorAnswer(definition.kind, error, requestId);
    if (answer === null) throw error;
    return answer;
  }
}

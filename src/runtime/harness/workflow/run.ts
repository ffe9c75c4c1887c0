import { toAnswer } from './answer';
import { createControl } from './control';
import { createEffects } from './effects';
import { pause } from './pause';
import { createProgress } from './progress';
import type { Answer, Definition, Roots, WorkflowContext } from './types';

export type Run = ReturnType<typeof createRun>;

/**
 * Builds `$run`, which a compiled module calls step by step. Each step counts against the limits, leaves a record and stores its result at
 * `steps.<id>`; its error is rethrown as an Error with the step's id. `early` is called with a response after which the steps continue.
 */
export function createRun(
  definition: Definition,
  ctx: WorkflowContext,
  { steps, vars }: Roots,
  early: (answer: Answer) => void,
) {
  const progress = createProgress(definition, ctx, steps);
  const { recorder } = progress;
  let answered = false;

  function respond(id: string, input: () => Record<string, unknown>): Answer {
    const record = progress.begin(id, 'respond');
    return progress.evaluate(record, () => {
      const value = input();
      recorder.input(record, value);
      if (answered) throw new Error('the workflow has already responded');
      const result = toAnswer(definition.kind, value);
      answered = true;
      recorder.output(record, undefined);
      return result;
    });
  }

  return {
    ...createControl(progress),
    ...createEffects(progress, ctx, vars),
    /** Responds to the caller; the compiled module returns the result. */
    respond,
    /** Responds to the caller, and continues once the response is delivered. */
    async respondAndContinue(id: string, input: () => Record<string, unknown>): Promise<void> {
      early(respond(id, input));
      await (ctx.afterAnswer === undefined ? pause(0) : ctx.afterAnswer());
      progress.done(id);
    },
    isAnswered: (): boolean => answered,
    finish: (): void => recorder.finish(),
    unwind: (error: Error): void => recorder.unwind(error),
  };
}

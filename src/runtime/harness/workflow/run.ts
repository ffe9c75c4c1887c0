import { toAnswer } from './answer';
import { createControl } from './control';
import { createEffects } from './effects';
import { pause } from './pause';
import { createProgress } from './progress';
import type { Answer, Definition, Roots, WorkflowContext } from './types';

export type Run = ReturnType<typeof createRun>;

/**
 * What a compiled module calls, step by step (`$run`). Each step counts against the limits, leaves a record and puts its result at
 * `steps.<id>`; what goes wrong in it is thrown on as an Error with the step's id. `early` is called with an answer after which the
 * steps go on.
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
      if (answered) throw new Error('the caller has an answer already');
      const result = toAnswer(definition.kind, value);
      answered = true;
      recorder.output(record, undefined);
      return result;
    });
  }

  return {
    ...createControl(progress),
    ...createEffects(progress, ctx, vars),
    /** Answers the caller; the compiled module returns what this returns. */
    respond,
    /** Answers the caller, and goes on once the answer has left. */
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

import { LimitError, toStepError, Until } from './errors';
import { createRecorder } from './recorder';
import { createScrubber } from './secret';
import type { Definition, StepRecord, WorkflowContext } from './types';

export type Progress = ReturnType<typeof createProgress>;

/** The state of one run: its limits, its records, the results of its steps. The files that use this define the steps. */
export function createProgress(definition: Definition, ctx: WorkflowContext, steps: Record<string, unknown>) {
  const recorder = createRecorder(ctx.steps, createScrubber(ctx.env));
  const limits = { ...definition.limits, ...ctx.limits };
  const { until, mocks = {} } = ctx.test ?? {};
  let ran = 0;
  let rounds = 0;

  function fail(record: StepRecord, thrown: unknown): Error {
    const error = toStepError(thrown, record.id);
    recorder.fail(record, error);
    return error;
  }
  /** Ends a test run after its last requested step. */
  function done(id: string): void {
    if (id === until) throw new Until(steps[id]);
  }
  function begin(id: string, action: string): StepRecord {
    if (++ran > limits.steps) throw toStepError(new LimitError(`more than ${limits.steps} steps ran`), id);
    return recorder.start(id, action);
  }
  function round(record: StepRecord): void {
    if (++rounds > limits.rounds) throw fail(record, new LimitError(`more than ${limits.rounds} loop rounds`));
  }
  /** Evaluates a step's expressions; an error in them is the step's. */
  function evaluate<T>(record: StepRecord, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fail(record, error);
    }
  }
  /** Ends a step that contains no steps. */
  function succeed(record: StepRecord, result: unknown, outcome: 'success' | 'mocked' = 'success'): void {
    steps[record.id] = result;
    recorder.output(record, result, outcome);
    done(record.id);
  }
  const isMocked = (id: string): boolean => Object.hasOwn(mocks, id);
  const mock = (id: string): unknown => mocks[id];
  return { recorder, steps, begin, round, evaluate, succeed, fail, done, isMocked, mock };
}

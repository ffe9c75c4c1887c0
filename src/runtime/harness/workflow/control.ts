import { LimitError, toErrorRoot, toStepError, Until } from './errors';
import type { Progress } from './progress';
import type { StepRecord } from './types';

/** Value of `loop` in a round. */
export interface Loop {
  index: number;
  item?: unknown;
}

/** Steps that contain steps. Each opens a record here, which `end` closes. */
export function createControl(progress: Progress) {
  const { recorder, steps, begin, evaluate, fail, isMocked, mock } = progress;

  return {
    if(id: string, test: () => unknown): boolean {
      const record = begin(id, 'if');
      const value = isMocked(id) ? mock(id) : evaluate(record, test);
      recorder.input(record, { when: value });
      recorder.enter(record);
      steps[id] = Boolean(value);
      return Boolean(value);
    },
    switch(id: string, tests: (() => unknown)[]): number {
      const record = begin(id, 'switch');
      const index = isMocked(id)
        ? Number(mock(id))
        : evaluate(record, () => tests.findIndex((test) => Boolean(test())));
      recorder.enter(record);
      steps[id] = index;
      return index;
    },
    *each(id: string, input: () => { items: unknown; limit?: unknown }): Generator<Loop, void> {
      const record = begin(id, 'each');
      const { items, limit } = evaluate(record, () => (isMocked(id) ? { items: mock(id) } : input()));
      recorder.input(record, { items, limit });
      if (!Array.isArray(items)) throw fail(record, new TypeError('items must be a list'));
      if (items.length > toLimit(progress, record, limit)) {
        throw fail(record, new RangeError(`items has ${items.length} items, more than the limit of ${String(limit)}`));
      }
      // A copy: a step may change the list under iteration.
      const list: unknown[] = [...items];
      yield* rounds(progress, record, (index) => (index < list.length ? { index, item: list[index] } : null));
    },
    *while(id: string, input: () => { limit: unknown }, test: (loop: Loop) => unknown): Generator<Loop, void> {
      const record = begin(id, 'while');
      const { limit } = evaluate(record, input);
      recorder.input(record, { limit });
      const most = toLimit(progress, record, limit);
      yield* rounds(progress, record, (index) => {
        if (!evaluate(record, () => test({ index }))) return null;
        if (index >= most) throw fail(record, new RangeError(`still true after ${most} rounds`));
        return { index };
      });
    },
    try(id: string): void {
      recorder.enter(begin(id, 'try'));
      steps[id] = { failed: false };
    },
    /** Returns the value of `error` for the steps of a catch. Limits and the end of a test run are not caught. */
    catch(id: string, thrown: unknown): Record<string, unknown> {
      if (thrown instanceof Until || thrown instanceof LimitError) throw thrown;
      const error = toStepError(thrown, id);
      recorder.unwind(error, id);
      steps[id] = { failed: true };
      return toErrorRoot(error);
    },
    /** Closes the record after the steps that it contains. */
    end(id: string): void {
      recorder.leave(id, steps[id]);
      progress.done(id);
    },
  };
}

/** Runs the rounds of one loop; `next` returns the value of a round, or null at the end. */
function* rounds(
  { recorder, round, steps }: Progress,
  record: StepRecord,
  next: (index: number) => Loop | null,
): Generator<Loop, void> {
  recorder.enter(record);
  let index = 0;
  for (let loop = next(0); loop !== null; loop = next(index)) {
    round(record);
    index++;
    yield loop;
  }
  steps[record.id] = { rounds: index };
}

function toLimit({ fail }: Progress, record: StepRecord, limit: unknown): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  if (Number.isInteger(limit) && (limit as number) > 0) return limit as number;
  throw fail(record, new TypeError('the limit must be a whole number above 0'));
}

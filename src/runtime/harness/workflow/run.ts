import { toAnswer } from './answer';
import { LimitError, Thrown, toErrorRoot, toStepError, Until } from './errors';
import { sendRequest, type HttpInput } from './http';
import { createRecorder } from './recorder';
import { createScrubber, reveal, Secret } from './secret';
import type { Answer, Definition, StepRecord, Tables, WorkflowContext } from './types';

type Level = 'debug' | 'info' | 'warn' | 'error';
type Input<T = Record<string, unknown>> = () => T;
export interface Loop {
  index: number;
  item?: unknown;
}

const noTables = (): Promise<never> => Promise.reject(new Error('there are no tables here'));
const NO_TABLES: Tables = {
  get: noTables,
  find: noTables,
  insert: noTables,
  update: noTables,
  updateMany: noTables,
  delete: noTables,
  deleteMany: noTables,
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export type Run = ReturnType<typeof createRun>;

/**
 * What a compiled module calls, step by step (`$run`). Each step counts against the limits, leaves a record and puts its result at
 * `steps.<id>`; what goes wrong in it is thrown on as an Error with the step's id. `early` is called with an answer after which the
 * steps go on.
 */
export function createRun(
  definition: Definition,
  ctx: WorkflowContext,
  steps: Record<string, unknown>,
  vars: Record<string, unknown>,
  early: (answer: Answer) => void,
) {
  const recorder = createRecorder(ctx.steps, createScrubber(ctx.env));
  const limits = { ...definition.limits, ...ctx.limits };
  const { until, mocks = {} } = ctx.test ?? {};
  let ran = 0;
  let rounds = 0;
  let answered = false;

  function begin(id: string, action: string): StepRecord {
    if (++ran > limits.steps) throw toStepError(new LimitError(`more than ${limits.steps} steps ran`), id);
    return recorder.start(id, action);
  }
  function fail(record: StepRecord, thrown: unknown): Error {
    const error = toStepError(thrown, record.id);
    recorder.fail(record, error);
    return error;
  }
  function evaluate<T>(record: StepRecord, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fail(record, error);
    }
  }
  const isMocked = (id: string): boolean => Object.hasOwn(mocks, id);
  function done(id: string): void {
    if (id === until) throw new Until(steps[id]);
  }
  /** Ends a step without steps below it. */
  function succeed(record: StepRecord, result: unknown, outcome: 'success' | 'mocked' = 'success'): void {
    steps[record.id] = result;
    recorder.output(record, result, outcome);
    done(record.id);
  }
  function round(record: StepRecord): void {
    if (++rounds > limits.rounds) throw fail(record, new LimitError(`more than ${limits.rounds} loop rounds`));
  }

  /** The rounds of one loop; `next` answers what the round is about, or null at the end. */
  function* loop(record: StepRecord, next: (index: number) => Loop | null): Generator<Loop, void> {
    recorder.enter(record);
    let index = 0;
    for (let each = next(0); each !== null; each = next(index)) {
      round(record);
      index++;
      yield each;
    }
    steps[record.id] = { rounds: index };
  }
  function count(record: StepRecord, limit: unknown): number {
    if (limit === undefined) return Number.POSITIVE_INFINITY;
    if (Number.isInteger(limit) && (limit as number) > 0) return limit as number;
    throw fail(record, new TypeError('the limit is not a whole number above 0'));
  }

  function answer(id: string, input: Input): Answer {
    const record = begin(id, 'respond');
    return evaluate(record, () => {
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
    tables: ctx.tables ?? NO_TABLES,
    secret(name: string): Secret {
      const value = ctx.env[name];
      if (typeof value !== 'string') throw new Error(`there is no secret ${name}`);
      return new Secret(name, value);
    },
    set(id: string, name: string, value: () => unknown): void {
      const record = begin(id, 'set');
      const result = isMocked(id) ? mocks[id] : evaluate(record, value);
      vars[name] = result;
      succeed(record, result, isMocked(id) ? 'mocked' : 'success');
    },
    if(id: string, test: () => unknown): boolean {
      const record = begin(id, 'if');
      const value = isMocked(id) ? mocks[id] : evaluate(record, test);
      recorder.input(record, { when: value });
      recorder.enter(record);
      steps[id] = Boolean(value);
      return Boolean(value);
    },
    switch(id: string, tests: (() => unknown)[]): number {
      const record = begin(id, 'switch');
      const index = isMocked(id)
        ? Number(mocks[id])
        : evaluate(record, () => tests.findIndex((test) => Boolean(test())));
      recorder.enter(record);
      steps[id] = index;
      return index;
    },
    *each(id: string, input: Input<{ items: unknown; limit?: unknown }>): Generator<Loop, void> {
      const record = begin(id, 'each');
      const { items, limit } = evaluate(record, () => (isMocked(id) ? { items: mocks[id] } : input()));
      recorder.input(record, { items, limit });
      if (!Array.isArray(items)) throw fail(record, new TypeError('items is not a list'));
      if (items.length > count(record, limit))
        throw fail(record, new RangeError(`items has ${items.length} items, more than the limit of ${String(limit)}`));
      const list: unknown[] = [...items];
      yield* loop(record, (index) => (index < list.length ? { index, item: list[index] } : null));
    },
    *while(id: string, input: Input<{ limit: unknown }>, test: (loop: Loop) => unknown): Generator<Loop, void> {
      const record = begin(id, 'while');
      const { limit } = evaluate(record, input);
      recorder.input(record, { limit });
      const most = count(record, limit);
      yield* loop(record, (index) => {
        if (!evaluate(record, () => test({ index }))) return null;
        if (index >= most) throw fail(record, new RangeError(`still true after ${most} rounds`));
        return { index };
      });
    },
    try(id: string): void {
      recorder.enter(begin(id, 'try'));
      steps[id] = { failed: false };
    },
    /** What `error` is from here on. Limits and the end of a test run are not caught. */
    catch(id: string, thrown: unknown): Record<string, unknown> {
      if (thrown instanceof Until || thrown instanceof LimitError) throw thrown;
      const error = toStepError(thrown, id);
      recorder.unwind(error, id);
      steps[id] = { failed: true };
      return toErrorRoot(error);
    },
    /** After the steps below a step. */
    end(id: string): void {
      recorder.leave(id, steps[id]);
      done(id);
    },
    throw(id: string, input: Input): void {
      const record = begin(id, 'throw');
      if (isMocked(id)) return succeed(record, mocks[id], 'mocked');
      evaluate(record, () => {
        const value = input();
        recorder.input(record, value);
        const { message, status, cause } = value;
        const isStatus = Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599;
        if (status !== undefined && !isStatus) throw new TypeError('the status is not a whole number from 400 to 599');
        throw new Thrown(String(message), status as number | undefined, cause);
      });
    },
    stop(id: string): undefined {
      succeed(begin(id, 'stop'), undefined);
    },
    log(id: string, level: Level, message: () => unknown): void {
      const record = begin(id, 'log');
      const value = evaluate(record, message);
      recorder.input(record, { level, message: value });
      console[level](value);
      succeed(record, undefined);
    },
    /** Runs a step that reaches outside: `work` gets the input with the values of secrets in it. */
    async act<T, R>(
      id: string,
      action: string,
      input: Input<T>,
      work: (input: T, hasSecret: boolean) => R | Promise<R>,
    ): Promise<void> {
      const record = begin(id, action);
      if (isMocked(id)) return succeed(record, mocks[id], 'mocked');
      const given = evaluate(record, input);
      recorder.input(record, given);
      let result: R;
      try {
        const { value, secret } = reveal(given);
        result = await work(value, secret);
      } catch (error) {
        throw fail(record, error);
      }
      succeed(record, result);
    },
    http: (input: HttpInput, hasSecret: boolean) => sendRequest(input, hasSecret, ctx.fetch ?? fetch),
    async call({ handler, with: params = {} }: { handler: string; with?: Record<string, unknown> }): Promise<unknown> {
      if (ctx.call === undefined) throw new Error('no other handler can be called here');
      const { status, body } = await ctx.call({ handler, params });
      if (status >= 400) throw new Error(`${handler} answered ${status}`, { cause: { status, body } });
      return body;
    },
    async sleep({ ms }: { ms: unknown }): Promise<null> {
      if (typeof ms !== 'number' || !(ms >= 0 && ms <= 30_000))
        throw new TypeError('ms is not a number from 0 to 30,000');
      await pause(ms);
      return null;
    },
    /** Answers the caller; the compiled module returns what this returns. */
    respond: answer,
    /** Answers the caller, and goes on once the answer has left. */
    async respondAndContinue(id: string, input: Input): Promise<void> {
      early(answer(id, input));
      await (ctx.afterAnswer === undefined ? pause(0) : ctx.afterAnswer());
      done(id);
    },
    isAnswered: (): boolean => answered,
    finish: (): void => recorder.finish(),
    unwind: (error: Error): void => recorder.unwind(error),
  };
}

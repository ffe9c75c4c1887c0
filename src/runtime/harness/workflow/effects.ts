import { Thrown } from './errors';
import { sendRequest, type HttpInput } from './http';
import { pause } from './pause';
import type { Progress } from './progress';
import { reveal, Secret } from './secret';
import type { Tables, WorkflowContext } from './types';

const noTables = (): Promise<never> => Promise.reject(new Error('tables are not available'));
const NO_TABLES: Tables = {
  get: noTables,
  find: noTables,
  insert: noTables,
  update: noTables,
  updateMany: noTables,
  delete: noTables,
  deleteMany: noTables,
};

/** Steps that act, and what they may reach. */
export function createEffects(progress: Progress, ctx: WorkflowContext, vars: Record<string, unknown>) {
  const { recorder, begin, evaluate, fail, succeed, isMocked, mock } = progress;

  return {
    tables: ctx.tables ?? NO_TABLES,
    secret(name: string): Secret {
      const value = ctx.env[name];
      if (typeof value !== 'string') throw new Error(`secret ${name} is not available`);
      return new Secret(name, value);
    },
    set(id: string, name: string, value: () => unknown): void {
      const record = begin(id, 'set');
      const result = isMocked(id) ? mock(id) : evaluate(record, value);
      vars[name] = result;
      succeed(record, result, isMocked(id) ? 'mocked' : 'success');
    },
    throw(id: string, input: () => Record<string, unknown>): void {
      const record = begin(id, 'throw');
      if (isMocked(id)) return succeed(record, mock(id), 'mocked');
      evaluate(record, () => {
        const value = input();
        recorder.input(record, value);
        throw toThrown(value);
      });
    },
    stop(id: string): undefined {
      succeed(begin(id, 'stop'), undefined);
    },
    log(id: string, level: 'debug' | 'info' | 'warn' | 'error', message: () => unknown): void {
      const record = begin(id, 'log');
      const value = evaluate(record, message);
      recorder.input(record, { level, message: value });
      console[level](value);
      succeed(record, undefined);
    },
    /** Runs a step that reaches outside: `work` gets the input with secrets replaced by their values. */
    async act<T, R>(
      id: string,
      action: string,
      input: () => T,
      work: (input: T, hasSecret: boolean) => R | Promise<R>,
    ): Promise<void> {
      const record = begin(id, action);
      if (isMocked(id)) return succeed(record, mock(id), 'mocked');
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
      if (ctx.call === undefined) throw new Error('other handlers cannot be called');
      const { status, body } = await ctx.call({ handler, params });
      if (status >= 400) throw new Error(`${handler} answered ${status}`, { cause: { status, body } });
      return body;
    },
    async sleep({ ms }: { ms: unknown }): Promise<null> {
      if (typeof ms !== 'number' || !(ms >= 0 && ms <= 30_000))
        throw new TypeError('ms must be a number from 0 to 30,000');
      await pause(ms);
      return null;
    },
  };
}

function toThrown({ message, status, cause }: Record<string, unknown>): Error {
  if (status === undefined) return new Thrown(String(message), undefined, cause);
  const isStatus = Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599;
  return isStatus
    ? new Thrown(String(message), status as number, cause)
    : new TypeError('the status must be a whole number from 400 to 599');
}

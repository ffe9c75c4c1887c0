import { createLogger } from '../../../kernel/logger';
import type { Context } from '../../access/context';
import { ApiError, type Issue } from '../../../kernel/errors';
import { hasMoreValues } from '../../../kernel/json.rules';
import { isOutage } from '../../../kernel/outage.rules';
import type { Bundle, CallHost, Report } from '../../../runtime/types';
import type { Caller } from '../../access/actor';
import type { Definition } from '../definition';

/** Facts about the call whose code asks. Times in Unix milliseconds. */
export interface CallFacts {
  runId: string;
  definition: Definition;
  caller: Caller;
  request: { origin: string; path: string };
  subpath: string;
  startedAt: number;
  admittedAt: number;
}

/** The asking code: that of `bundle`, at a depth of `depth` calls of Portico. */
export interface Asking {
  outlet: {
    readonly call: CallFacts;
    for: (bundle: Bundle, depth: number) => CallHost;
    awaits: (work: Promise<unknown>, ctx: Pick<Context, 'defer'>) => void;
    adds: (report: Report) => void;
  };
  bundle: Bundle;
  depth: number;
}

/**
 * The response to an operation that a handler asks for, as JSON. `error.code` is an ErrorCode, the message is for the author of the handler,
 * and `errors` has the issues of an input.
 */
export type HostAnswer = { ok: unknown } | { error: { code: string; message: string; errors?: Issue[] } };

const log = createLogger('gateway');

/** One operation that handlers may ask for. Gets unchecked arguments and checks them as any verb does. */
export type HostOperation = (ctx: Context, args: unknown, asking: Asking) => Promise<unknown>;

/** Values in the arguments of one operation: 1,000 rows have 90,000. Empty lists beyond would fill the memory of this Worker. */
const MAX_VALUES = 1_000_000;

function readArguments(text: string): unknown {
  if (hasMoreValues(text, MAX_VALUES))
    throw new ApiError('invalid_input', `the arguments have more than ${MAX_VALUES} values; send them in parts`);
  return JSON.parse(text);
}

/**
 * Performs an operation with the rights of the executor only, in the context that `open` returns. An ApiError becomes an answer, so that it
 * is thrown in the handler; any other error is internal and gives no details.
 */
export async function hostCall(
  open: () => Promise<Context>,
  operations: Readonly<Record<string, HostOperation>>,
  op: string,
  argsText: string,
  asking: Asking,
): Promise<HostAnswer> {
  const operation = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (operation === undefined) return { error: { code: 'not_found', message: `unknown operation ${op.slice(0, 64)}` } };
  try {
    return { ok: (await operation(await open(), readArguments(argsText), asking)) ?? null };
  } catch (error) {
    if (error instanceof ApiError) {
      const { issues } = error.extra;
      return { error: { code: error.code, message: error.message, ...(issues ? { errors: issues } : {}) } };
    }
    if (error instanceof SyntaxError) return { error: { code: 'invalid_json', message: 'the arguments are not JSON' } };
    const { runId } = asking.outlet.call;
    if (isOutage(error)) {
      log.error('a store does not answer', { event: 'store.unavailable', op, runId, error });
      return { error: { code: 'unavailable', message: 'the storage cannot be reached at the moment' } };
    }
    log.error('a host call failed', { event: 'host_call.failed', op, runId, error });
    return { error: { code: 'internal', message: 'the operation failed inside Portico' } };
  }
}

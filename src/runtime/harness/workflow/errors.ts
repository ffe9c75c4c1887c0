import { describeThrown } from '../javascript/inspect';

/** The error of a `throw` step. */
export class Thrown extends Error {
  readonly status: number | undefined;
  constructor(message: string, status: number | undefined, cause: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Thrown';
    this.status = status;
  }
}

/** A limit of the run was reached. `try` does not catch it, or a loop around one would never end. */
export class LimitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LimitError';
  }
}

/** Not an error: ends a test run after its last requested step. */
export class Until {
  readonly result: unknown;
  constructor(result: unknown) {
    this.result = result;
  }
}

/** Returns an Error that names its step for any thrown value; the innermost step is kept. '' names none. */
export function toStepError(thrown: unknown, step: string): Error & { step?: string } {
  const error: Error & { step?: string } =
    thrown instanceof Error ? thrown : new Error(describeThrown(thrown, 4096), { cause: thrown });
  try {
    // Hidden from logs, which show the fields of an error: the record has the step beside it.
    if (step !== '' && error.step === undefined)
      Object.defineProperty(error, 'step', { value: step, writable: true, configurable: true });
  } catch {
    // A frozen error keeps no step.
  }
  return error;
}

/** Returns the value of `error` in a `catch`. */
export const toErrorRoot = (error: Error & { status?: unknown; step?: unknown }): Record<string, unknown> => ({
  name: error.name,
  message: error.message,
  cause: toData(error.cause, 0),
  status: error.status,
  step: error.step,
});

/** Maximum depth of causes; an error may be its own. */
const MAX_CAUSES = 8;

/** Converts a cause that is an Error to its fields: an expression cannot read them from an Error. */
function toData(cause: unknown, depth: number): unknown {
  if (!(cause instanceof Error)) return cause;
  const { name, message } = cause;
  if (cause.cause === undefined || depth === MAX_CAUSES) return { name, message };
  return { name, message, cause: toData(cause.cause, depth + 1) };
}

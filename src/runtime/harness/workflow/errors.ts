import { describeThrown } from '../javascript/inspect';

/** What a `throw` step throws. */
export class Thrown extends Error {
  readonly status: number | undefined;
  constructor(message: string, status: number | undefined, cause: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Thrown';
    this.status = status;
  }
}

/** A limit of the run was reached. No `try` catches it, or a loop around one would never end. */
export class LimitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LimitError';
  }
}

/** Not an error: ends a test run after the step that it was to run up to. */
export class Until {
  readonly result: unknown;
  constructor(result: unknown) {
    this.result = result;
  }
}

/** Whatever was thrown, as an Error that knows its step; the innermost step stays. '' names none. */
export function toStepError(thrown: unknown, step: string): Error & { step?: string } {
  const error: Error & { step?: string } =
    thrown instanceof Error ? thrown : new Error(describeThrown(thrown, 4096), { cause: thrown });
  try {
    if (step !== '') error.step ??= step;
  } catch {
    // A frozen error keeps to itself.
  }
  return error;
}

/** What `error` is in a `catch`. */
export const toErrorRoot = (error: Error & { status?: unknown; step?: unknown }): Record<string, unknown> => ({
  name: error.name,
  message: error.message,
  cause: toData(error.cause, 0),
  status: error.status,
  step: error.step,
});

/** Causes of causes that are kept; an error may be its own. */
const MAX_CAUSES = 8;

/** A cause that is an Error as the fields that steps read: a workflow has no way to make them out of it. */
function toData(cause: unknown, depth: number): unknown {
  if (!(cause instanceof Error)) return cause;
  const { name, message } = cause;
  if (cause.cause === undefined || depth === MAX_CAUSES) return { name, message };
  return { name, message, cause: toData(cause.cause, depth + 1) };
}

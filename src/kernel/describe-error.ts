/** Maximum depth of causes in a log line. */
const MAX_CAUSES = 5;

/** An error as the log has it. `cause` is what the platform or the database reported, when `message` is of a layer above. */
export interface DescribedError {
  name: string;
  message: string;
  stack?: string | undefined;
  cause?: DescribedError | undefined;
}

/**
 * Returns whatever was thrown with its stack and up to five causes, one in the other. Leaves out the parameters of a failed query: they are
 * hashes, sealed secrets and input of callers.
 */
export function describeError(thrown: unknown, maxCauses: number = MAX_CAUSES): DescribedError {
  if (!(thrown instanceof Error)) return { name: typeof thrown, message: String(thrown) };
  const { name, stack, cause } = thrown;
  const message = withoutParameters(thrown);
  return {
    name,
    message,
    stack: stack?.replace(thrown.message, () => message),
    ...(cause === undefined || maxCauses === 0 ? {} : { cause: describeError(cause, maxCauses - 1) }),
  };
}

/** Drizzle ends the message of an error that has `params` with the values of the parameters. */
function withoutParameters(error: Error): string {
  const end = 'params' in error ? error.message.indexOf('\nparams: ') : -1;
  return end === -1 ? error.message : error.message.slice(0, end);
}

import type { Issue } from '../../../kernel/errors';

/** What a handler asks of Portico while it runs: an operation and its arguments, as JSON. */
interface HostRequest {
  op: string;
  args: unknown;
}
/** The answer, as JSON. `error.code` is one of ErrorCode; the message is for the handler's author, `errors` the issues of an input. */
export type HostAnswer = { ok: unknown } | { error: { code: string; message: string; errors?: Issue[] } };

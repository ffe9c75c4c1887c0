import type { Issue } from '../../../kernel/errors';

/**
 * The response to an operation that a handler asks for, as JSON. `error.code` is an ErrorCode, the message is for the author of the handler,
 * and `errors` has the issues of an input.
 */
export type HostAnswer = { ok: unknown } | { error: { code: string; message: string; errors?: Issue[] } };

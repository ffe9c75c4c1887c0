import type * as z from 'zod';
import type { ApiError, ErrorCode } from '../../kernel/errors';
import { SAFE_HEADERS, STATUS as NATIVE } from '../wire/errors';
import { toFieldName, type InstabaseProblem } from './forms';

/**
 * Where the native wire has 422 for a body, this one has 400, and a handler's own arguments are the one 422 that is left. It has no
 * revisions, so a concurrent change is a conflict like any other.
 */
const STATUS = {
  ...NATIVE,
  invalid_input: 400,
  unknown_field: 400,
  invalid_path: 400,
  reserved_path: 400,
  weak_key: 400,
  weak_password: 400,
  invalid_source: 400,
  idempotency_mismatch: 400,
  stale_revision: 409,
} as const satisfies Record<ErrorCode, number>;

const say = (field: string, message: string): string => (field === '' ? message : `${field}: ${message}`);

/** An error as this wire says it. */
export function toInstabaseError(error: ApiError, requestId: string, headers: Record<string, string> = {}): Response {
  const { issues } = error.extra;
  const msg = issues?.map(({ pointer, message }) => say(toFieldName(pointer), message)).join('; ') ?? error.message;
  const problem: z.output<typeof InstabaseProblem> = { status: 'ERROR', msg, code: error.code, request_id: requestId };
  return new Response(JSON.stringify(problem), {
    status: STATUS[error.code],
    headers: {
      ...SAFE_HEADERS,
      ...headers,
      ...error.extra.headers,
      'content-type': 'application/json',
      'x-request-id': requestId,
    },
  });
}

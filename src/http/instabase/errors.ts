import type * as z from 'zod';
import type { ApiError, ErrorCode } from '../../kernel/errors';
import { SAFE_HEADERS, STATUS as NATIVE } from '../wire/errors';
import { toFieldName, type InstabaseProblem } from './forms';

/**
 * Where the native wire has 422 for a body, this one has 400, and a handler's own arguments are the one 422 that is left. It has no
 * revisions, so what changed meanwhile is a conflict like any other.
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

/** A fault as this wire says it. */
export function toInstabaseError(fault: ApiError, requestId: string, headers: Record<string, string> = {}): Response {
  const { errors } = fault.extra;
  const msg = errors?.map(({ pointer, message }) => say(toFieldName(pointer), message)).join('; ') ?? fault.message;
  const problem: z.output<typeof InstabaseProblem> = { status: 'ERROR', msg, code: fault.code, request_id: requestId };
  return new Response(JSON.stringify(problem), {
    status: STATUS[fault.code],
    headers: {
      ...SAFE_HEADERS,
      ...headers,
      ...fault.extra.headers,
      'content-type': 'application/json',
      'x-request-id': requestId,
    },
  });
}

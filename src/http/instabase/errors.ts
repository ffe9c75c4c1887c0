import type { RenderedError } from '../../core/gateway/call';
import type * as z from 'zod';
import type { ApiError, ErrorCode } from '../../kernel/errors';
import { SAFE_HEADERS, STATUS as NATIVE } from '../wire/errors';
import { toFieldName, type InstabaseProblem } from './forms';

/**
 * Statuses that differ from the native wire: 400 for a body instead of 422, which remains for a handler's own arguments. This wire has no
 * revisions, so a concurrent change is a conflict.
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

/** Renders an error in the format of this wire. */
export function toInstabaseError(
  error: ApiError,
  requestId: string,
  headers: Record<string, string> = {},
): RenderedError {
  const { issues } = error.extra;
  const msg = issues?.map(({ pointer, message }) => say(toFieldName(pointer), message)).join('; ') ?? error.message;
  const problem: z.output<typeof InstabaseProblem> = { status: 'ERROR', msg, code: error.code, request_id: requestId };
  const text = JSON.stringify(problem);
  const response = new Response(text, {
    status: STATUS[error.code],
    headers: {
      ...SAFE_HEADERS,
      ...headers,
      ...error.extra.headers,
      'content-type': 'application/json',
      'x-request-id': requestId,
    },
  });
  return { response, text };
}

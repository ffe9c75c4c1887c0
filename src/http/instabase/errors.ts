import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type * as z from 'zod';
import type { Fault, FaultCode } from '../../core/errors';
import { SAFE_HEADERS } from '../errors';
import { toFieldName, type InstabaseProblem } from './wire';

/** Total: a new code does not compile until it has a status here. Where the native wire has 422 for a body, this one has 400. */
const STATUS = {
  invalid_json: 400,
  json_too_deep: 400,
  duplicate_key: 400,
  invalid_body: 400,
  invalid_parameter: 400,
  ambiguous_credentials: 400,
  invalid_input: 400,
  unknown_field: 400,
  invalid_path: 400,
  reserved_path: 400,
  weak_key: 400,
  weak_password: 400,
  invalid_source: 400,
  idempotency_mismatch: 400,
  auth_required: 401,
  invalid_key: 401,
  invalid_token: 401,
  invalid_credentials: 401,
  forbidden: 403,
  key_not_allowed: 403,
  role_required: 403,
  not_found: 404,
  method_not_allowed: 405,
  path_taken: 409,
  key_taken: 409,
  key_in_use: 409,
  handler_in_use: 409,
  name_taken: 409,
  value_taken: 409,
  in_use: 409,
  last_admin: 409,
  already_bootstrapped: 409,
  idempotency_in_flight: 409,
  // This wire has no revisions: what changed meanwhile is a conflict like any other.
  stale_revision: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  // A handler's own arguments, on a trigger: the one 422 that is left.
  invalid_parameters: 422,
  rate_limited: 429,
  handler_error: 500,
  internal: 500,
  handler_bad_response: 502,
  executor_disabled: 503,
  instance_replaced: 503,
  not_configured: 503,
  handler_timeout: 504,
  loop_detected: 508,
} as const satisfies Record<FaultCode, ContentfulStatusCode>;

/** A fault as this wire says it. */
export function toInstabaseError(fault: Fault, requestId: string, headers: Record<string, string> = {}): Response {
  const { errors } = fault.extra;
  const msg =
    errors?.map(({ pointer, message }) => `${toFieldName(pointer)} ${message}`.trim()).join('; ') ?? fault.message;
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

import type { RenderedError } from '../../core/gateway/call';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ApiError, unavailable, type ErrorCode } from '../../kernel/errors';
import { createLogger } from '../../kernel/logger';
import { isOutage } from '../../kernel/outage.rules';
import { SANDBOX_HEADERS } from '../../kernel/http-headers';

/** Statuses by code. Total: a new code does not compile until it has a status here. */
export const STATUS = {
  invalid_json: 400,
  json_too_deep: 400,
  duplicate_key: 400,
  invalid_body: 400,
  invalid_parameter: 400,
  ambiguous_credentials: 400,
  idempotency_key_required: 400,
  auth_required: 401,
  invalid_key: 401,
  invalid_token: 401,
  invalid_signature: 401,
  invalid_credentials: 401,
  authorization_pending: 400,
  slow_down: 400,
  access_denied: 400,
  expired_token: 400,
  forbidden: 403,
  foreign_origin: 403,
  key_not_allowed: 403,
  key_scope: 403,
  address_not_allowed: 403,
  role_required: 403,
  not_found: 404,
  method_not_allowed: 405,
  path_taken: 409,
  schedule_skipped: 409,
  key_taken: 409,
  idempotency_in_flight: 409,
  name_taken: 409,
  value_taken: 409,
  table_changed: 409,
  plan_changed: 409,
  plan_blocked: 409,
  in_use: 409,
  graph_approved: 409,
  last_admin: 409,
  already_bootstrapped: 409,
  run_canceled: 410,
  stale_revision: 412,
  body_too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  invalid_input: 422,
  unknown_field: 422,
  invalid_path: 422,
  reserved_path: 422,
  weak_key: 422,
  weak_password: 422,
  invalid_source: 422,
  invalid_parameters: 422,
  idempotency_mismatch: 422,
  rate_limited: 429,
  quota_exceeded: 429,
  handler_error: 500,
  internal: 500,
  handler_bad_response: 502,
  executor_disabled: 503,
  instance_replaced: 503,
  not_configured: 503,
  unavailable: 503,
  table_storage_missing: 503,
  handler_timeout: 504,
  loop_detected: 508,
} as const satisfies Record<ErrorCode, ContentfulStatusCode>;

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  508: 'Loop Detected',
};

/** Returns the title of an error: the reason phrase of its status. */
export const titleOf = (code: ErrorCode): string => TITLES[STATUS[code]]!;

/** Headers of every response that Portico itself writes: browsers must not execute, sniff or store it. */
export const SAFE_HEADERS = { ...SANDBOX_HEADERS, 'cache-control': 'no-store' };

/** Copied for each response: the platform does that faster than it sets five headers. */
const PROBLEM_HEADERS = new Headers({ ...SAFE_HEADERS, 'content-type': 'application/problem+json' });

/** Renders an error as RFC 9457 problem details. */
export function toProblem(error: ApiError, requestId: string, headers: Record<string, string> = {}): RenderedError {
  const status = STATUS[error.code];
  const problem = {
    type: `urn:portico:error:${error.code}`,
    title: titleOf(error.code),
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.extra.issues ? { errors: error.extra.issues } : {}),
    ...(error.extra.policy ? { policy: error.extra.policy } : {}),
    ...(error.extra.uses ? { uses: error.extra.uses } : {}),
  };
  const text = JSON.stringify(problem);
  const response = new Response(text, { status, headers: PROBLEM_HEADERS });
  for (const name in headers) response.headers.set(name, headers[name]!);
  for (const name in error.extra.headers) response.headers.set(name, error.extra.headers[name]!);
  response.headers.set('x-request-id', requestId);
  return { response, text };
}

const log = createLogger('http');

/** Seconds. A database of the platform that fails over or restarts is usually back by then. */
const OUTAGE_SECONDS = 5;

/**
 * Converts anything thrown to an ApiError. A store that does not answer is 503 `unavailable`; anything else that is not an ApiError is a
 * bug of Portico. Both are logged, and the response has no details.
 */
export function toApiError(error: unknown, requestId: string): ApiError {
  if (error instanceof ApiError) return error;
  const ownLog = log.for({ requestId });
  if (isOutage(error)) {
    ownLog.error('a store does not answer', { event: 'store.unavailable', error });
    return unavailable('Portico cannot reach its storage at the moment.', OUTAGE_SECONDS);
  }
  ownLog.error('unexpected failure', { event: 'request.failed', error });
  return new ApiError(
    'internal',
    'Something failed inside Portico. The operator can find it in the log by the request id.',
  );
}

/**
 * Every error that a caller or an admin can receive. Closed: every wire maps these codes with a total `Record`, so a new code does not
 * compile until each wire handles it. docs/errors.md explains each one.
 */
export const ERROR_CODES = [
  // The request cannot be read.
  'invalid_json',
  'json_too_deep',
  'duplicate_key',
  'invalid_body',
  'invalid_parameter',
  'ambiguous_credentials',
  'idempotency_key_required',
  // Authentication and access.
  'auth_required',
  'invalid_key',
  'invalid_token',
  'invalid_signature',
  'invalid_credentials',
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'forbidden',
  'foreign_origin',
  'key_not_allowed',
  'key_scope',
  'address_not_allowed',
  'role_required',
  // The target of the request.
  'not_found',
  'method_not_allowed',
  'body_too_large',
  'unsupported_media_type',
  'misdirected',
  // The request was read and does not fit what is there.
  'path_taken',
  'key_taken',
  'name_taken',
  'value_taken',
  'in_use',
  'graph_approved',
  'last_admin',
  'already_bootstrapped',
  'schedule_skipped',
  'stale_revision',
  'table_changed',
  'plan_changed',
  'plan_blocked',
  'run_canceled',
  // The request was read and breaks a rule.
  'invalid_input',
  'unknown_field',
  'invalid_path',
  'reserved_path',
  'weak_key',
  'weak_password',
  'invalid_source',
  'invalid_parameters',
  'idempotency_mismatch',
  'idempotency_in_flight',
  'rate_limited',
  'quota_exceeded',
  // Portico or the handler failed.
  'handler_error',
  'handler_bad_response',
  'handler_timeout',
  'loop_detected',
  'executor_disabled',
  'instance_replaced',
  'not_configured',
  'unavailable',
  'table_storage_missing',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One issue in an input. `pointer` is a JSON Pointer into the body, or `#/query/<name>` and the like for other places. */
export interface Issue {
  pointer: string;
  code: string;
  message: string;
  /** Place in a source, both counted from 1. */
  line?: number;
  column?: number;
}

/** Maximum number of issues in a response. A request of 1 MiB can cause 100,000. */
export const MAX_ISSUES = 100;
/** Maximum characters of a caller's name or value in a response. */
const MAX_QUOTED = 200;
const MAX_MESSAGE = 1000;

/** Returns a caller's text, cut for a response. */
export const quoted = (text: string): string => (text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);

/** Returns the first of `total` issues, each cut to size, and the number of the others. */
export function limitIssues(issues: readonly Issue[], total: number = issues.length): Issue[] {
  const listed = issues.slice(0, MAX_ISSUES).map((issue) => ({
    ...issue,
    pointer: quoted(issue.pointer),
    message: issue.message.slice(0, MAX_MESSAGE),
  }));
  const more = total - listed.length;
  return more > 0 ? [...listed, { pointer: '#', code: 'more', message: `and ${more} more` }] : listed;
}

/**
 * Details of an error beside its message: the issues of an input, the uses that prevent a deletion, the limit that refused it, and header
 * values such as `Allow` or `Retry-After`. `forRun` is a reason for the run that callers do not receive.
 */
export interface ErrorExtra {
  issues?: Issue[];
  uses?: { noun: string; id: string; name: string; as: string }[];
  headers?: Record<string, string>;
  policy?: string;
  forRun?: string;
}

const isLimited = (issues: readonly Issue[]): boolean => issues.at(-1)?.code === 'more';

/**
 * An expected error with a code that every wire knows. Its message is for the caller: no path, no secret. No stack trace: capturing one costs
 * more than the refusal.
 */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly extra: ErrorExtra;
  constructor(code: ErrorCode, message: string, extra: ErrorExtra = {}) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message);
    Error.stackTraceLimit = limit;
    this.name = 'ApiError';
    this.code = code;
    this.extra = extra.issues && !isLimited(extra.issues) ? { ...extra, issues: limitIssues(extra.issues) } : extra;
  }
}

/** Returns a 503 for a dependency that cannot be reached. */
export const unavailable = (what: string, retryAfterSeconds: number): ApiError =>
  new ApiError('unavailable', `${what} Try again in ${retryAfterSeconds} s.`, {
    headers: { 'retry-after': String(retryAfterSeconds) },
  });

/** 404 with the same message for an unknown resource and one that the actor may not see. */
export const notFound = (noun: string): ApiError =>
  new ApiError(
    'not_found',
    `${noun.charAt(0).toUpperCase()}${noun.slice(1)} not found, or you do not have access to it.`,
  );

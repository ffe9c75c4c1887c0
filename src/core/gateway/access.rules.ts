import type { AccessLevel, EndpointRules } from '../publishing/endpoints/endpoint.schema';
import type { Caller } from '../access/actor';
import { ApiError } from '../../kernel/errors';
import type { HeaderReader } from '../../kernel/read-headers';

/** A credential as sent, not yet checked. */
export type Credential = { kind: 'none' } | { kind: 'key'; value: string } | { kind: 'bearer'; value: string };

const NONE: Credential = { kind: 'none' };

/**
 * Reads the one credential of a call. Both headers, or one of them twice (a repeated header arrives joined by commas, which neither a key
 * nor a token contains): 400 `ambiguous_credentials`, because Portico does not guess which one was meant.
 */
export function readCredential(headers: HeaderReader): Credential {
  const key = headers.get('x-api-key');
  const authorization = headers.get('authorization');
  if (key === null && authorization === null) return NONE;
  if ((key !== null && authorization !== null) || key?.includes(',') || authorization?.includes(',')) {
    throw new ApiError('ambiguous_credentials', 'Send one credential, once: either x-api-key or Authorization.');
  }
  if (key !== null) return { kind: 'key', value: key };
  const bearer = /^(?:Bearer|JWT) +(\S+)$/i.exec(authorization!);
  return { kind: 'bearer', value: bearer?.[1] ?? '' };
}

const CHALLENGE: Record<AccessLevel, string> = {
  public: '',
  key: 'ApiKey header="x-api-key"',
  authenticated: 'Bearer realm="portico"',
  'key-or-authenticated': 'ApiKey header="x-api-key", Bearer realm="portico"',
};
const WANTED: Record<AccessLevel, string> = {
  public: '',
  key: 'an API key, as x-api-key',
  authenticated: 'a token, as Authorization: Bearer',
  'key-or-authenticated': 'an API key, as x-api-key, or a token, as Authorization: Bearer',
};

/** 401 for a call that carries no credential of a kind the level takes. */
export const authRequired = (level: AccessLevel): ApiError =>
  new ApiError('auth_required', `This endpoint needs ${WANTED[level]}.`, {
    headers: { 'www-authenticate': CHALLENGE[level] },
  });

const INVALID_KEY = new ApiError('invalid_key', 'The API key is invalid.', {
  headers: { 'www-authenticate': CHALLENGE.key },
});

/** 401 with the same body for unknown, deleted, inactive and expired keys, so that callers cannot tell them apart. */
export const invalidKey = (hint: string | null = null): ApiError =>
  hint === null ? INVALID_KEY : new ApiError('invalid_key', hint, { headers: { 'www-authenticate': CHALLENGE.key } });

/** 401 with the same body for every invalid token. A hint is for callers that sent a valid credential in the wrong place. */
export const invalidToken = (hint: string | null = null): ApiError =>
  new ApiError('invalid_token', hint ?? 'The token is invalid.', {
    headers: { 'www-authenticate': `${CHALLENGE.authenticated}, error="invalid_token"` },
  });

export const takesKeys = (level: AccessLevel): boolean => level === 'key' || level === 'key-or-authenticated';
export const takesBearers = (level: AccessLevel): boolean =>
  level === 'authenticated' || level === 'key-or-authenticated';

/**
 * Throws 403 `role_required` when a user or token lacks the roles. So does a key that has roles; one without is admitted by the endpoint's list
 * of keys alone.
 */
export function assertCallerRoles(caller: Caller, { match, of }: EndpointRules['roles']): void {
  if (of.length === 0 || caller.kind === 'anonymous') return;
  if (caller.kind === 'key' && caller.roles.length === 0) return;
  const has = (role: string): boolean => caller.roles.includes(role);
  if (match === 'all' ? of.every(has) : of.some(has)) return;
  throw new ApiError('role_required', 'This endpoint requires a role that you do not have.');
}

import { decodeJwt, type JWTPayload } from 'jose';
import { ApiError } from '../../kernel/errors';
import type { Caller } from '../access/actor';
import type { Context } from '../access/context';
import { claimAt } from '../identity/issuers/claim.rules';
import { tokenIssue, verifyToken } from '../identity/issuers/verify-token';
import { keysUrlOf, type Issuer, type Issuers } from '../publishing/endpoints/issuer.schema';
import { invalidToken } from './access.rules';

const MAX_CHARS = 8192;

/** Returns the issuer that a token names, if the endpoint has it; the token is not checked. */
export function issuerOf(issuers: Issuers, token: string): Issuer | null {
  if (issuers.size === 0 || token.length > MAX_CHARS) return null;
  try {
    return issuers.get(decodeJwt(token).iss ?? '') ?? null;
  } catch {
    return null;
  }
}

/** Identifies the caller for whom an issuer vouches. Throws 401 `invalid_token`, whose run has the reason, and 503 without its keys. */
export async function identifyIssued(ctx: Context, issuer: Issuer, token: string): Promise<Caller> {
  const payload = await verify(ctx, issuer, token);
  return {
    kind: 'external',
    id: `${issuer.name}:${payload.sub}`,
    name: payload.sub,
    roles: rolesOf(issuer.roles, payload),
  };
}

async function verify(ctx: Context, issuer: Issuer, token: string): Promise<JWTPayload & { sub: string }> {
  try {
    return await verifyToken(ctx, { ...issuer, keysUrl: keysUrlOf(issuer) }, token);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw refused(tokenIssue(error));
  }
}

/** The same 401 for every invalid token. */
function refused(reason: string): ApiError {
  const { message, extra } = invalidToken();
  return new ApiError('invalid_token', message, { ...extra, forRun: `the token is refused: ${reason}` });
}

/** Returns the roles that the values of a claim stand for. A text is a list with spaces. */
function rolesOf(roles: Issuer['roles'], payload: JWTPayload): string[] {
  if (roles === null) return [];
  const value = claimAt(payload, roles.claim);
  const values = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return [
    ...new Set(
      values.flatMap((each) => (typeof each === 'string' && Object.hasOwn(roles.map, each) ? [roles.map[each]!] : [])),
    ),
  ];
}

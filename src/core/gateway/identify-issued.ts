import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { ApiError } from '../../kernel/errors';
import { isObject } from '../../kernel/json.rules';
import type { Caller } from '../access/actor';
import type { Context } from '../access/context';
import { keysUrlOf, type Issuer, type Issuers } from '../publishing/endpoints/issuer.schema';
import { invalidToken } from './access.rules';
import { keysAt } from './key-sets';

const MAX_CHARS = 8192;
/** Seconds by which the clocks of an issuer and of this service may differ. */
const SKEW_SECONDS = 30;

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
    name: payload.sub!,
    roles: rolesOf(issuer.roles, payload),
  };
}

async function verify(ctx: Context, issuer: Issuer, token: string): Promise<JWTPayload> {
  const options: JWTVerifyOptions = {
    issuer: issuer.issuer,
    ...(issuer.audience.length > 0 ? { audience: issuer.audience } : {}),
    algorithms: issuer.algorithms,
    requiredClaims: ['sub', 'exp'],
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(ctx.now()),
  };
  const url = keysUrlOf(issuer);
  try {
    const { payload } = await jwtVerify(token, (await keysAt(ctx, url, false))!, options).catch(
      async (error: unknown) => {
        // The issuer may have a new key.
        const newer = error instanceof errors.JWKSNoMatchingKey ? await keysAt(ctx, url, true) : null;
        if (newer === null) throw error;
        return jwtVerify(token, newer, options);
      },
    );
    if (typeof payload.sub !== 'string' || payload.sub === '' || payload.sub.length > 255)
      throw refused('its `sub` is not 1 to 255 characters');
    return payload;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw refused(reasonOf(error));
  }
}

/** The same 401 for every invalid token. */
function refused(reason: string): ApiError {
  const { message, extra } = invalidToken();
  return new ApiError('invalid_token', message, { ...extra, forRun: `the token is refused: ${reason}` });
}

/** Says what is wrong without a part of the token, which messages of the library may have. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is missing or not accepted`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not one of the issuer';
  if (error instanceof errors.JWKSNoMatchingKey) return 'the issuer has no such key';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not match';
  return 'it cannot be verified';
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

/** Returns a claim by its name, which may have dots, or by its path. */
const claimAt = (payload: JWTPayload, claim: string): unknown =>
  Object.hasOwn(payload, claim)
    ? payload[claim]
    : claim
        .split('.')
        .reduce<unknown>(
          (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
          payload,
        );

import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import type { Context } from '../../access/context';
import type { Algorithm } from './algorithms';
import { keysAt } from './key-sets';

/** Seconds by which the clocks of an issuer and of this service may differ. */
const SKEW_SECONDS = 30;

/** The issuer that a token must name, its keys, and the values of `aud` that are accepted; an empty list accepts any. */
export interface Expected {
  issuer: string;
  keysUrl: string;
  audience: string[];
  algorithms: readonly Algorithm[];
}

/**
 * Returns the claims of a token of an issuer; it has `exp`, and a `sub` of 1 to 255 characters. Throws 503 without the keys of the issuer,
 * and an Error that `tokenIssue` explains when the token is refused.
 */
export async function verifyToken(
  ctx: Context,
  { issuer, keysUrl, audience, algorithms }: Expected,
  token: string,
): Promise<JWTPayload & { sub: string }> {
  const options: JWTVerifyOptions = {
    issuer,
    ...(audience.length > 0 ? { audience } : {}),
    algorithms: [...algorithms],
    requiredClaims: ['sub', 'exp'],
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(ctx.now()),
  };
  const { payload } = await jwtVerify(token, (await keysAt(ctx, keysUrl, false))!, options).catch(
    async (error: unknown) => {
      // The issuer may have a new key.
      const newer = error instanceof errors.JWKSNoMatchingKey ? await keysAt(ctx, keysUrl, true) : null;
      if (newer === null) throw error;
      return jwtVerify(token, newer, options);
    },
  );
  const { sub } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) throw new SubjectInvalid();
  return { ...payload, sub };
}

class SubjectInvalid extends Error {}

/** Says what is wrong with a token without a part of it, which messages of the library may have. */
export function tokenIssue(error: unknown): string {
  if (error instanceof SubjectInvalid) return 'its `sub` is not 1 to 255 characters';
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is missing or not accepted`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not one of the issuer';
  if (error instanceof errors.JWKSNoMatchingKey) return 'the issuer has no such key';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not match';
  return 'it cannot be verified';
}

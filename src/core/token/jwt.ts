import { jwtVerify, SignJWT } from 'jose';

/** `admin` tokens open the admin API, `endpoint` tokens published endpoints, `plynx` tokens its dialect; none is taken for another. */
export type Audience = 'admin' | 'endpoint' | 'plynx';

/** `sub` is a user (with `sid`, their session) or a token made by an admin. Times in seconds. */
export interface Claims {
  sub: string;
  sid?: string;
  jti: string;
  iat: number;
  exp?: number;
}

const ISSUER = 'portico';
const MAX_LENGTH = 4096;
/** Seconds. Beyond this, `exp` is no date that anybody meant. */
const MAX_TIME = 253_402_300_799;
const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/;

/** Signs claims with HS256 under `secret`. A token without `exp` is good until its row is revoked. */
export function signJwt(secret: Uint8Array, audience: Audience, claims: Claims): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .sign(secret);
}

/**
 * The claims of a token that is ours, meant for `audience` and not expired; null for everything else, without saying why: the
 * library's messages can hold parts of the token. On top of the library: one algorithm, exactly one
 * audience, no key id, canonical signature text, a cap on length. `exp` may be missing only at endpoints, where a token's row is the
 * authority.
 */
export async function verifyJwt(
  secret: Uint8Array,
  token: string,
  audience: Audience,
  now: number,
): Promise<Claims | null> {
  if (token.length > MAX_LENGTH || !FORM.test(token) || !hasCanonicalEnd(token)) return null;
  try {
    const { payload, protectedHeader } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'jti', 'iat'],
    });
    const { sub, sid, jti, iat, exp } = payload;
    // There is one key, which has no name, and each token has one audience.
    if (protectedHeader.kid !== undefined || payload.aud !== audience) return null;
    if (typeof sub !== 'string' || typeof jti !== 'string' || typeof iat !== 'number') return null;
    if (exp === undefined ? sid !== undefined || audience !== 'endpoint' : exp > MAX_TIME) return null;
    if (sid !== undefined && typeof sid !== 'string') return null;
    return { sub, jti, iat, ...(sid === undefined ? {} : { sid }), ...(exp === undefined ? {} : { exp }) };
  } catch {
    return null;
  }
}

/** 43 base64url characters hold 258 bits for a signature of 256: the last two must be zero, or one signature has four spellings. */
const hasCanonicalEnd = (token: string): boolean => 'AEIMQUYcgkosw048'.includes(token.at(-1)!);

import { jwtVerify, SignJWT } from 'jose';

/** `admin` tokens are for the admin API, `endpoint` tokens for published endpoints, `graphs` tokens for the API of graphs; none is valid as another. */
export type Audience = 'admin' | 'endpoint' | 'graphs';

/** The claim `aud` of each, which tokens in use have. */
const CLAIM: Record<Audience, string> = { admin: 'admin', endpoint: 'endpoint', graphs: 'plynx' };
const AUDIENCES = Object.keys(CLAIM) as Audience[];

/** Maximum lifetime of tokens by audience, in seconds. */
export const LONGEST_SECONDS: Record<Audience, number> = {
  admin: 15 * 60,
  endpoint: 15 * 60,
  // Clients of that API keep a refresh token in a script, and expect that it never expires: here it does after a year.
  graphs: 365 * 24 * 60 * 60,
};

/** `sub` is a user (with `sid`, their session) or a token created by an admin. Times in seconds. */
export interface Claims {
  sub: string;
  sid?: string;
  jti: string;
  iat: number;
  exp?: number;
}

const ISSUER = 'portico';
const MAX_LENGTH = 4096;
/** Seconds by which the clock of the signing isolate may be ahead. */
const AHEAD_SECONDS = 60;
const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/;

/** Checks whether a text has the form of a token of Portico, valid or not. */
export const isJwtForm = (text: string): boolean => text.length <= MAX_LENGTH && FORM.test(text);

/** Signs claims with HS256 under `secret`. A token without `exp` is valid until its row is revoked. */
export function signJwt(secret: Uint8Array, audience: Audience, claims: Claims): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(CLAIM[audience])
    .sign(secret);
}

/** Returns the claims of a token of Portico for `audience` that has not expired; null for everything else. */
export async function verifyJwt(
  secret: Uint8Array,
  token: string,
  audience: Audience,
  now: number,
): Promise<Claims | null> {
  const read = await readJwt(secret, token, now);
  return read?.audience === audience && !read.isExpired ? read.claims : null;
}

export interface ReadJwt {
  audience: Audience;
  claims: Claims;
  isExpired: boolean;
}

/**
 * Returns the claims of a token that Portico signed, for any audience; null for everything else, without a reason: the library's
 * messages can hold parts of the token. On top of the library: one algorithm, exactly one audience, no key id, canonical signature text, a cap on
 * length, not from the future, and not for longer than such tokens are given for. `exp` is missing only where a token's row has its end.
 */
export async function readJwt(secret: Uint8Array, token: string, now: number): Promise<ReadJwt | null> {
  if (!isJwtForm(token) || !hasCanonicalEnd(token)) return null;
  try {
    const { payload, protectedHeader } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      // The caller checks the expiry, to report it: at time 0 nothing has expired.
      currentDate: new Date(0),
      requiredClaims: ['sub', 'jti', 'iat'],
    });
    const { sub, sid, jti, iat, exp } = payload;
    const audience = AUDIENCES.find((one) => CLAIM[one] === payload.aud);
    // The single key has no id, and each token has one audience.
    if (protectedHeader.kid !== undefined || audience === undefined) return null;
    if (typeof sub !== 'string' || typeof jti !== 'string' || typeof iat !== 'number') return null;
    if (sid !== undefined && typeof sid !== 'string') return null;
    const seconds = now / 1000;
    if (iat > seconds + AHEAD_SECONDS) return null;
    const claims = { sub, jti, iat, ...(sid === undefined ? {} : { sid }) };
    if (sid === undefined)
      return audience === 'endpoint' && exp === undefined ? { audience, claims, isExpired: false } : null;
    if (exp === undefined || exp - iat > LONGEST_SECONDS[audience]) return null;
    return { audience, claims: { ...claims, exp }, isExpired: exp <= seconds };
  } catch {
    return null;
  }
}

/** 43 base64url characters hold 258 bits for a signature of 256: the last two must be zero, or one signature has four spellings. */
const hasCanonicalEnd = (token: string): boolean => 'AEIMQUYcgkosw048'.includes(token.at(-1)!);

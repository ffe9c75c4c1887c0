import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

export interface BadToken {
  name: string;
  /** The value of the Authorization header. */
  authorization: string;
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A JWT put together by hand, so that it can be wrong in any one way. */
function forge(
  secret: string,
  header: object,
  payload: unknown,
  hash: 'sha256' | 'sha384' | 'sha512' = 'sha256',
): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

/**
 * The JWT rows of "Bad input, and what it gets": each is `good`, claims that would be accepted, with one thing wrong. `audience` is
 * the one that the wire under test asks for; `good` must have a `sid`, since only tokens without one may go without `exp`.
 */
export function badTokens(
  secret: string,
  audience: 'admin' | 'endpoint',
  good: { sub: string; sid: string },
): BadToken[] {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: 'HS256', typ: 'JWT' };
  const claims = { iss: 'portico', aud: audience, jti: 'jti-of-a-test', iat: now, exp: now + 600, ...good };
  const { exp: _exp, ...endless } = claims;
  const valid = forge(secret, header, claims);
  const [h = '', p = '', s = ''] = valid.split('.');
  const bearer: Record<string, string> = {
    'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${p}.`,
    'alg none with a signature': forge(secret, { alg: 'none' }, claims),
    'other alg, rightly signed': forge(secret, { alg: 'HS512' }, claims, 'sha512'),
    'HS384, rightly signed': forge(secret, { alg: 'HS384' }, claims, 'sha384'),
    'alg of a public key': forge(secret, { alg: 'RS256' }, claims),
    'no alg': forge(secret, { typ: 'JWT' }, claims),
    'no exp': forge(secret, header, endless),
    'exp 1e300': forge(secret, header, { ...claims, exp: 1e300 }),
    'exp as text': forge(secret, header, { ...claims, exp: String(claims.exp) }),
    'exp null': forge(secret, header, { ...claims, exp: null }),
    expired: forge(secret, header, { ...claims, exp: now - 1 }),
    'not yet valid': forge(secret, header, { ...claims, nbf: now + 600 }),
    'array payload': forge(secret, header, [claims]),
    'payload that is a text': forge(secret, header, '"portico"'),
    'payload null': forge(secret, header, 'null'),
    'payload that is no JSON': forge(secret, header, '{"sub":'),
    'padded signature': `${valid}=`,
    'signature in another spelling': `${h}.${p}.${respell(s)}`,
    'signature of other claims': `${h}.${encode({ ...claims, jti: 'another' })}.${s}`,
    'signed with another secret': forge('another-secret-of-at-least-32-bytes!', header, claims),
    'unknown kid': forge(secret, { ...header, kid: '../../dev/null' }, claims),
    'unknown critical header': forge(secret, { ...header, crit: ['portico'], portico: true }, claims),
    'five parts': `${encode({ alg: 'dir', enc: 'A256GCM' })}.${p}.${p}.${p}.${p}`,
    'two parts': `${h}.${p}`,
    'wrong aud': forge(secret, header, { ...claims, aud: audience === 'admin' ? 'endpoint' : 'admin' }),
    'two audiences': forge(secret, header, { ...claims, aud: ['admin', 'endpoint'] }),
    'no aud': forge(secret, header, { ...claims, aud: undefined }),
    'another issuer': forge(secret, header, { ...claims, iss: 'elsewhere' }),
    'sub that is a number': forge(secret, header, { ...claims, sub: 1 }),
    'sid that is an array': forge(secret, header, { ...claims, sid: [good.sid] }),
    'sid of no session': forge(secret, header, { ...claims, sid: 'ses_00000000000000000000' }),
    'sub of another user': forge(secret, header, { ...claims, sub: 'usr_00000000000000000000' }),
    'longer than 4 KiB': forge(secret, header, { ...claims, padding: 'x'.repeat(4096) }),
    'no token at all': 'x',
  };
  return [
    ...Object.entries(bearer).map(([name, token]) => ({ name, authorization: `Bearer ${token}` })),
    { name: 'Basic <jwt>', authorization: `Basic ${valid}` },
    { name: 'no scheme', authorization: valid },
    { name: 'two tokens', authorization: `Bearer ${valid} ${valid}` },
  ];
}

/** The claims and signature of `badTokens` without a defect, to prove that the table fails for the named defects. */
export const goodToken = (
  secret: string,
  audience: 'admin' | 'endpoint',
  good: { sub: string; sid: string },
): string => {
  const now = Math.floor(Date.now() / 1000);
  return forge(
    secret,
    { alg: 'HS256', typ: 'JWT' },
    { iss: 'portico', aud: audience, jti: 'jti-of-a-test', iat: now, exp: now + 600, ...good },
  );
};

/** The same 32 bytes in other base64url text: the last character's two low bits count for nothing. */
function respell(signature: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.at(-1)!) + 1]!;
}

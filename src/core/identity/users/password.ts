import { scrypt, timingSafeEqual } from 'node:crypto';
import { normalizePassword } from './password.rules';
import { fromBase64Url, toBase64Url } from '../../../kernel/encoding';

interface Cost {
  N: number;
  r: number;
  p: number;
}
/** OWASP's parameters for 16 MiB of memory. About 150 ms of CPU; docs/decisions/0004 has the reason for node:crypto. */
const COST: Cost = { N: 16384, r: 8, p: 5 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** `scrypt$N$r$p$<salt>$<hash>`, base64url. The parameters stay with the hash, so that new ones do not lock users out. */
const STORED = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

const derive = (password: string, salt: Uint8Array, cost: Cost): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    scrypt(normalizePassword(password), salt, HASH_BYTES, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });

/** The stored form of a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const hash = await derive(password, salt, COST);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${toBase64Url(salt)}$${toBase64Url(hash)}`;
}

/** Checks `password` against `stored`. Null, for an unknown user, takes as long and never matches. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = STORED.exec(stored ?? '') ?? [];
  if (N === undefined) {
    await derive(password, new Uint8Array(SALT_BYTES), COST);
    return false;
  }
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  return timingSafeEqual(await derive(password, fromBase64Url(salt), cost), fromBase64Url(hash));
}

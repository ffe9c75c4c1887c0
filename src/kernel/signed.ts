import type { Buffer } from 'node:buffer';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The use of a signed value. It is part of the signed bytes, so a value of one purpose never verifies for another. */
export type Purpose = 'depth' | 'plynx' | 'refresh' | 'cookie' | 'sign-in code' | 'authorization' | 'passkey';

export interface Signer {
  /** Returns the tag of `text` under `secret`. */
  sign: (secret: Secret, text: string) => string;
  /** True when `tag` is the tag of `text`. Takes as long for every tag of the right length. */
  verify: (secret: Secret, text: string, tag: string) => boolean;
}

type Secret = string | Uint8Array;

/** Returns a signer whose tags are the first `chars` characters of an HMAC-SHA-256. Four bits a character in hex, six in base64url. */
export function createSigner(purpose: Purpose, encoding: 'hex' | 'base64url', chars: number): Signer {
  const sign = (secret: Secret, text: string): string => hmac(secret, purpose, text).digest(encoding).slice(0, chars);
  return {
    sign,
    verify: (secret, text, tag) => isSameSecret(tag, sign(secret, text)),
  };
}

/** Returns 64 hex characters that identify `text`. Without `secret`, guessing texts does not reveal it. */
export const keyedHash = (secret: Secret, scope: string, text: string): string =>
  hmac(secret, scope, text).digest('hex');

// No purpose has a line break, so no two pairs of purpose and text are the same bytes.
const hmac = (secret: Secret, purpose: string, text: string) =>
  createHmac('sha256', secret).update(`${purpose}\n${text}`);

/** Returns the HMAC of the parts one after the other, as the senders of webhooks sign. */
export function macOf(
  algorithm: 'sha1' | 'sha256' | 'sha512',
  encoding: 'hex' | 'base64',
  key: Secret,
  ...parts: readonly (string | Uint8Array)[]
): string {
  const mac = createHmac(algorithm, key);
  for (const part of parts) mac.update(part);
  return mac.digest(encoding);
}

/** Compares two texts in a time that depends on neither: their digests have one length. */
export const isSameSecret = (one: string, other: string): boolean => timingSafeEqual(sha256(one), sha256(other));

/** Returns the SHA-256 of a text, or of bytes, in 64 hex characters. */
export const sha256Hex = (content: string | Uint8Array): string => sha256(content).toString('hex');

/** Returns the SHA-256 of a text in base64url, as PKCE has it. */
export const sha256Base64Url = (text: string): string => sha256(text).toString('base64url');

const sha256 = (content: string | Uint8Array): Buffer => createHash('sha256').update(content).digest();

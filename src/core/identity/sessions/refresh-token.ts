import { randomText } from '../../../kernel/ids';
import { createSigner, sha256Hex } from '../../../kernel/signed';

/*
 * A refresh token is `<sessionId>.<43 base62 random><22 base64url tag>`: 256 random bits, and a tag under AUTH_SECRET. The tag distinguishes an
 * old token of ours from a forged one. Only the former ends the session, so knowing a session's id (it is in access tokens
 * and the audit trail) is not enough to sign its user out; and a made-up token costs no store read.
 */

const FORM = /^(ses_[0-9A-Za-z]{20})\.([0-9A-Za-z]{43})([A-Za-z0-9_-]{22})$/;

/** 132 bits. The signed text of a JWT never has line breaks, so neither signature is valid as the other. */
const tags = createSigner('refresh', 'base64url', 22);

export interface RefreshToken {
  sessionId: string;
  /** Returns the hex SHA-256 of the whole token, which is stored. */
  hash: string;
}

/** Generates a refresh token of a session, and its stored hash. */
export function makeRefreshToken(secret: Uint8Array, sessionId: string): RefreshToken & { token: string } {
  const random = randomText(43);
  const token = `${sessionId}.${random}${tags.sign(secret, `${sessionId}\n${random}`)}`;
  return { token, sessionId, hash: sha256Hex(token) };
}

/** Returns the session and hash of a refresh token, or null when `makeRefreshToken` did not make it. Does not check that it is current. */
export function readRefreshToken(secret: Uint8Array, token: string): RefreshToken | null {
  const [, sessionId, random, given] = FORM.exec(token) ?? [];
  if (sessionId === undefined || random === undefined || given === undefined) return null;
  if (!tags.verify(secret, `${sessionId}\n${random}`, given)) return null;
  return { sessionId, hash: sha256Hex(token) };
}

import { randomText } from '../../../kernel/ids';
import { createSigner, sha256Hex } from '../../../kernel/signed';

/*
 * The secret of a session is `<sessionId>.<43 base62 random><22 base64url tag>`: 256 random bits, and a tag under AUTH_SECRET. The tag
 * distinguishes an old secret of ours from a forged one, and a secret of one use from one of another. Only an old refresh token ends the
 * session, so knowing a session's id (it is in access tokens and the audit trail) is not enough to sign its user out; and a made-up
 * secret costs no store read.
 */

const FORM = /^(ses_[0-9A-Za-z]{20})\.([0-9A-Za-z]{43})([A-Za-z0-9_-]{22})$/;

/** 132 bits. The signed text of a JWT never has line breaks, so neither signature is valid as the other. */
const TAGS = {
  refresh: createSigner('refresh', 'base64url', 22),
  cookie: createSigner('cookie', 'base64url', 22),
  'sign-in code': createSigner('sign-in code', 'base64url', 22),
  authorization: createSigner('authorization', 'base64url', 22),
};
/**
 * The use of a secret: a refresh token, the cookie of a browser, a code that becomes such a cookie once, or a sign-in that a browser has begun
 * at an identity provider.
 */
type SecretUse = keyof typeof TAGS;

export interface SessionSecret {
  sessionId: string;
  /** The hex SHA-256 of the whole secret, which is stored. */
  hash: string;
}

/** Generates a secret of a session, and its stored hash. */
export function makeSessionSecret(
  key: Uint8Array,
  use: SecretUse,
  sessionId: string,
): SessionSecret & { secret: string } {
  const random = randomText(43);
  const secret = `${sessionId}.${random}${TAGS[use].sign(key, `${sessionId}\n${random}`)}`;
  return { secret, sessionId, hash: sha256Hex(secret) };
}

/**
 * Returns the session and hash of a secret, or null when `makeSessionSecret` did not make it for this use. Does not check that it is
 * current.
 */
export function readSessionSecret(key: Uint8Array, use: SecretUse, secret: string): SessionSecret | null {
  const [, sessionId, random, given] = FORM.exec(secret) ?? [];
  if (sessionId === undefined || random === undefined || given === undefined) return null;
  if (!TAGS[use].verify(key, `${sessionId}\n${random}`, given)) return null;
  return { sessionId, hash: sha256Hex(secret) };
}

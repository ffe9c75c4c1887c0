import { ApiError } from '../../../kernel/errors';
import type { Context } from '../../access/context';
import { BEARER } from '../../access/permissions';
import { verb } from '../../access/verb';
import { ATTEMPTS_WINDOW_SECONDS, countByNetwork } from '../sessions/limit-attempts';
import { noteAttempt } from '../sessions/note-attempt';
import type { Credentials } from '../sessions/open-session';
import { openBrowserSession, type CookieSession } from '../sessions/sign-in-with-cookie';
import { makeChallenge, readChallenge } from './passkey-challenge';
import type { PasskeyChallenge, PasskeySignInInput } from './passkey.schema';
import { verifyAssertion } from './verify-assertion';
import { isWithoutPassword } from './without-password.rules';
import { isLaterCounter, readAuthenticatorData, readClientData } from './webauthn.rules';

/** Attempts per address: a signature cannot be guessed, but each check costs a read. */
const ATTEMPTS_PER_ADDRESS = 100;

/** Returns what a browser needs to sign in with a passkey. Stores nothing. */
export const challengePasskey = verb('public', (ctx): PasskeyChallenge => ({
  challenge: makeChallenge(ctx, 'sign-in'),
  rpId: new URL(ctx.origin).hostname,
}));

/**
 * Signs a browser in by a passkey. A passkey accepts each challenge once, and none that is older than its last one. Throws 401
 * `invalid_credentials` with the same message whatever was wrong, and 429 after too many failures.
 */
export const signInWithPasskey = verb('public', async (ctx, input: PasskeySignInInput): Promise<CookieSession> => {
  const count = { purpose: 'passkey', limit: ATTEMPTS_PER_ADDRESS, windowSeconds: ATTEMPTS_WINDOW_SECONDS };
  const refundAttempt = await countByNetwork(ctx, count, 'attempts');
  const user = await userOf(ctx, input);
  if (user === null) {
    noteAttempt(ctx, 'session.refuse', null, { by: 'passkey' });
    throw new ApiError('invalid_credentials', 'This passkey does not sign in here. Sign in with your password.', {
      headers: BEARER,
    });
  }
  ctx.defer(refundAttempt());
  return openBrowserSession(ctx, user);
});

/** Returns the active user whose passkey has signed, and notes its use; null for anything else. */
async function userOf(ctx: Context, input: PasskeySignInInput): Promise<Credentials | null> {
  const challenge = readClientData(input.clientData, 'webauthn.get', ctx.origin);
  const challengedAt = challenge === null ? null : readChallenge(ctx, 'sign-in', challenge);
  const counter = readAuthenticatorData(input.authenticatorData, new URL(ctx.origin).hostname);
  if (challengedAt === null || counter === null) return null;
  const { passkeys, users } = ctx.store;
  const passkey = await passkeys.byCredential(input.credential);
  if (passkey === undefined || !isLaterCounter(counter, passkey.counter)) return null;
  const key = { algorithm: passkey.algorithm, spki: passkey.publicKey };
  if (!(await verifyAssertion(key, input))) return null;
  const known = await users.get(passkey.userId);
  const user = known && (await users.credentials(known.name));
  if (!user?.active || isWithoutPassword(user)) return null;
  return (await passkeys.use(passkey.id, { counter, challengedAt, now: ctx.now() })) ? user : null;
}

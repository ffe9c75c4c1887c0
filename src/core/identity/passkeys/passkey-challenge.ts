import { toBase64Url } from '../../../kernel/encoding';
import { createSigner } from '../../../kernel/signed';
import type { Context } from '../../access/context';
import { authSecret } from '../../access/settings';

/** Lifetime of a challenge. */
const CHALLENGE_MS = 5 * 60_000;

const signer = createSigner('passkey', 'base64url', 43);

/** The use of a challenge: to sign in, or to add a passkey to this user. */
export type ChallengeUse = 'sign-in' | `add ${string}`;

type Signing = Pick<Context, 'settings' | 'now'>;

/** Makes a challenge. It is signed, not stored: requests without a credential write nothing. */
export function makeChallenge({ settings, now }: Signing, use: ChallengeUse): string {
  const stated = `${now()}.${toBase64Url(crypto.getRandomValues(new Uint8Array(16)))}`;
  return `${stated}.${signer.sign(authSecret(settings), `${use}\n${stated}`)}`;
}

/** Returns the time at which a challenge was made, in Unix milliseconds; null for one of another use, one that has expired, and other text. */
export function readChallenge({ settings, now }: Signing, use: ChallengeUse, challenge: string): number | null {
  const [time = '', random = '', tag = ''] = challenge.split('.');
  const stated = `${time}.${random}`;
  if (!signer.verify(authSecret(settings), `${use}\n${stated}`, tag)) return null;
  return now() - Number(time) <= CHALLENGE_MS ? Number(time) : null;
}

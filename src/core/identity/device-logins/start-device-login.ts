import { randomInt } from 'node:crypto';
import { verb } from '../../access/verb';
import { ApiError } from '../../../kernel/errors';
import { newId } from '../../../kernel/ids';
import { generateValue, hashKey } from '../keys/key-value.rules';
import type { CreatePersonalTokenInput } from '../personal-tokens/personal-token.schema';
import { ATTEMPTS_WINDOW_SECONDS, countByNetwork } from '../sessions/limit-attempts';
import {
  CODE_LENGTH,
  CODE_LETTERS,
  INTERVAL_SECONDS,
  LIFETIME_SECONDS,
  type StartedDeviceLogin,
} from './device-login.schema';

export const DEVICE_PREFIX = 'ptd_';
/** Requests of one network in 15 minutes, and of all networks that have not expired: anyone may make them. */
const PER_NETWORK = 20;
const MAX_WAITING = 1000;

/**
 * Notes that a program wants to act for a user, as RFC 8628 has it. Returns the secret for its questions, and the code that a user approves.
 * Throws 429 for too many.
 */
export const startDeviceLogin = verb(
  'public',
  async (ctx, { name, scopes, days }: CreatePersonalTokenInput): Promise<StartedDeviceLogin> => {
    const count = { purpose: 'device login', limit: PER_NETWORK, windowSeconds: ATTEMPTS_WINDOW_SECONDS };
    await countByNetwork(ctx, count, 'requests to sign in');
    const { deviceLogins } = ctx.store;
    const now = ctx.now();
    if ((await deviceLogins.count(now)) >= MAX_WAITING)
      throw new ApiError('rate_limited', 'Too many programs wait to be signed in. Try again in 60 seconds.', {
        headers: { 'retry-after': '60' },
      });
    const deviceCode = generateValue(DEVICE_PREFIX);
    const userCode = Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');
    const hash = hashKey(ctx.settings, deviceCode);
    const row = { id: newId('dvl', now), deviceHash: hash, userCode, name, scopes, days, status: 'pending' as const };
    await deviceLogins.insert({ ...row, polledAt: 0, createdAt: now, expiresAt: now + LIFETIME_SECONDS * 1000 });
    const shown = showCode(userCode);
    return {
      deviceCode,
      userCode: shown,
      verificationUrl: `${ctx.origin}/console/device?code=${shown}`,
      expiresInSeconds: LIFETIME_SECONDS,
      intervalSeconds: INTERVAL_SECONDS,
    };
  },
);

/** Returns a code as users read it: `BCDF-GHJK`. */
export const showCode = (code: string): string => `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`;

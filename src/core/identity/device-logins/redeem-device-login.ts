import type { DeviceLoginRow } from '../../../storage/device-logins';
import type { Context } from '../../access/context';
import { verb } from '../../access/verb';
import { change } from '../../change/change';
import { ApiError } from '../../../kernel/errors';
import { hasValueForm, hashKey } from '../keys/key-value.rules';
import type { PersonalTokenWithValue } from '../personal-tokens/personal-token.schema';
import { makePersonalToken } from '../personal-tokens/personal-tokens';
import { INTERVAL_SECONDS } from './device-login.schema';
import { DEVICE_PREFIX } from './start-device-login';

const expired = (): ApiError =>
  new ApiError('expired_token', 'The request to sign in is unknown, was used or has expired. Start again.');

/**
 * Returns the token of a program whose request was approved, once. Throws 400: `authorization_pending` before an answer, `slow_down`
 * for a question too early, `access_denied`, `expired_token`. Throws 429 after many unknown codes of one network.
 */
export const redeemDeviceLogin = verb('public', async (ctx, deviceCode: string): Promise<PersonalTokenWithValue> => {
  const { deviceLogins } = ctx.store;
  const now = ctx.now();
  if (!hasValueForm(DEVICE_PREFIX, deviceCode)) throw expired();
  const { failedAttempts } = ctx.cache;
  failedAttempts.check(ctx.address, now);
  const row = await deviceLogins.byDevice(hashKey(ctx.settings, deviceCode), now);
  if (!row) {
    failedAttempts.count(ctx.address, now);
    throw expired();
  }
  if (row.status === 'denied') throw new ApiError('access_denied', 'The user refused the request to sign in.');
  if (row.status === 'approved') return issue(ctx, row);
  if (now - row.polledAt < INTERVAL_SECONDS * 1000)
    throw new ApiError('slow_down', `Ask again in ${INTERVAL_SECONDS} s, and not more often.`);
  await deviceLogins.polled(row.id, now);
  throw new ApiError('authorization_pending', 'The request to sign in has no answer yet.');
});

/** Makes the token, in the name of the user who approved it and with the roles of the moment. */
async function issue(ctx: Context, { id: login, userId, name, scopes, days }: DeviceLoginRow) {
  const user = await ctx.store.users.get(userId!);
  if (!user?.active) throw expired();
  const as = {
    ...ctx,
    actor: { kind: 'user' as const, id: user.id, name: user.name, roles: user.roles, sessionId: '' },
  };
  const { id, insert, created } = await makePersonalToken(as, user.id, { name, scopes, days });
  await change(as, {
    action: 'personal-token.create',
    id,
    changes: { name, scopes, expiresAt: created.expiresAt, deviceLogin: login },
    write: ctx.store.deviceLogins.take(login, ctx.now()),
    also: [insert],
    explain: expired,
  });
  return created;
}

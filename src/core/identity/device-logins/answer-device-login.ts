import type { DeviceLoginRow } from '../../../storage/device-logins';
import { userIdOf } from '../../access/permissions';
import { verb, type Authorized } from '../../access/verb';
import { change } from '../../change/change';
import { toIso } from '../../../kernel/clock';
import { notFound } from '../../../kernel/errors';
import { ATTEMPTS_WINDOW_SECONDS, countByNetwork } from '../sessions/limit-attempts';
import type { DeviceLogin } from './device-login.schema';
import { showCode } from './start-device-login';

/** Codes that one network may try in 15 minutes. */
const CODES_PER_NETWORK = 60;

/** Finds the request that waits for an answer. Throws 404 for a code that is unknown, answered or expired, 429 for too many codes. */
async function findWaiting(ctx: Authorized, code: string): Promise<DeviceLoginRow> {
  const count = { purpose: 'device code', limit: CODES_PER_NETWORK, windowSeconds: ATTEMPTS_WINDOW_SECONDS };
  await countByNetwork(ctx, count, 'codes');
  const row = await ctx.store.deviceLogins.byUserCode(code, ctx.now());
  if (!row) throw notFound('code');
  return row;
}

/** Returns what the program with this code asks for. */
export const getDeviceLogin = verb('session.own', async (ctx, code: string): Promise<DeviceLogin> => {
  const { userCode, name, scopes, days, createdAt, expiresAt } = await findWaiting(ctx, code);
  return {
    userCode: showCode(userCode),
    name,
    scopes,
    days,
    createdAt: toIso(createdAt),
    expiresAt: toIso(expiresAt),
  };
});

/** Lets the program with this code act for the actor, or refuses it. No personal token may: only a session has the permission. */
export const answerDeviceLogin = verb(
  'session.own',
  async (ctx, code: string, { approve }: { approve: boolean }): Promise<void> => {
    const { id, name, scopes, days } = await findWaiting(ctx, code);
    await change(ctx, {
      action: approve ? 'device-login.approve' : 'device-login.deny',
      id,
      changes: { name, scopes, days },
      write: ctx.store.deviceLogins.answer(id, approve ? 'approved' : 'denied', userIdOf(ctx.actor)!, ctx.now()),
      explain: () => notFound('code'),
    });
  },
);

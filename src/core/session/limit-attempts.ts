import type { Context } from '../context';
import { Fault } from '../errors';
import { ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ADDRESS, ATTEMPTS_WINDOW_SECONDS, networkOf } from './attempts.rules';

/**
 * Counts one attempt to give the password of `account`, or the bootstrap token; throws 429 when there were too many. Counted per
 * account *and* address, so that nobody can lock somebody else out by guessing.
 */
export async function limitAttempts(
  ctx: Pick<Context, 'limiter' | 'address'>,
  account: 'bootstrap' | `user ${string}`,
): Promise<void> {
  const network = networkOf(ctx.address);
  await take(ctx, `sign-in ${network}`, ATTEMPTS_PER_ADDRESS);
  await take(ctx, `sign-in ${network} ${account.toLowerCase()}`, ATTEMPTS_PER_ACCOUNT);
}

async function take(ctx: Pick<Context, 'limiter'>, subject: string, limit: number): Promise<void> {
  const { allowed, retryAfterSeconds } = await ctx.limiter.take(subject, limit, ATTEMPTS_WINDOW_SECONDS);
  if (allowed) return;
  throw new Fault('rate_limited', `Too many attempts. Try again in ${retryAfterSeconds} seconds.`, {
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

import type { Context } from '../context';
import { Fault } from '../errors';
import { ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ADDRESS, ATTEMPTS_WINDOW_SECONDS, networkOf } from './attempts.rules';

/** Takes an attempt off the count again: it was the right password, and guessing is what is counted. */
export type Forgive = () => Promise<void>;

/**
 * Counts one attempt to give the password of `account`, or the bootstrap token; throws 429 when there were too many. Counted before
 * the password is looked at, so that many at once are counted as well, and per account *and* address, so that nobody can lock somebody
 * else out by guessing.
 */
export async function limitAttempts(
  ctx: Pick<Context, 'limiter' | 'address'>,
  account: 'bootstrap' | `user ${string}`,
): Promise<Forgive> {
  const network = networkOf(ctx.address);
  const subjects = [`sign-in ${network}`, `sign-in ${network} ${account.toLowerCase()}`] as const;
  await take(ctx, subjects[0], ATTEMPTS_PER_ADDRESS);
  await take(ctx, subjects[1], ATTEMPTS_PER_ACCOUNT);
  return async () => {
    await Promise.all(subjects.map((subject) => ctx.limiter.giveBack(subject, ATTEMPTS_WINDOW_SECONDS)));
  };
}

async function take(ctx: Pick<Context, 'limiter'>, subject: string, limit: number): Promise<void> {
  const { allowed, retryAfterSeconds } = await ctx.limiter.take(subject, limit, ATTEMPTS_WINDOW_SECONDS);
  if (allowed) return;
  throw new Fault('rate_limited', `Too many attempts. Try again in ${retryAfterSeconds} seconds.`, {
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

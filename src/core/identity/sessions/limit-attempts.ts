import { ApiError } from '../../../kernel/errors';
import { networksOf } from '../../../kernel/network.rules';
import { isPowerOfTen, noteAttempt, type Noting } from './note-attempt';

export const ATTEMPTS_WINDOW_SECONDS = 15 * 60;
/** Attempts per account and address, against guessing one password. */
export const ATTEMPTS_PER_ACCOUNT = 10;
/** Attempts per address for all accounts, against guessing many. Also bounds the CPU time of password hashing. */
const ATTEMPTS_PER_ADDRESS = 100;

/** Refunds an attempt with the right password: only guesses count. */
export type RefundAttempt = () => Promise<void>;

interface Count {
  purpose: string;
  limit: number;
  windowSeconds: number;
  /** The kind of attempt. Each kind has a count of its own. */
  account?: string;
}

/**
 * Counts one attempt to give the password of `account`, or the bootstrap token; throws 429 when there were too many. Counted before
 * the password is checked, so that concurrent attempts count, and per account *and* network, so that a caller cannot lock another
 * one out by guessing.
 */
export async function limitAttempts(ctx: Noting, account: 'bootstrap' | `user ${string}`): Promise<RefundAttempt> {
  const refundAttempt = await limitSignIns(ctx);
  const refundOwnAttempt = await countByNetwork(ctx, { ...SIGN_INS, limit: ATTEMPTS_PER_ACCOUNT, account }, 'attempts');
  return async () => {
    await Promise.all([refundAttempt(), refundOwnAttempt()]);
  };
}

const SIGN_INS = { purpose: 'sign-in', limit: ATTEMPTS_PER_ADDRESS, windowSeconds: ATTEMPTS_WINDOW_SECONDS };

/** Counts one attempt to sign in, in any way, against its network. Throws 429 when there were too many. */
export const limitSignIns = (ctx: Noting): Promise<RefundAttempt> => countByNetwork(ctx, SIGN_INS, 'attempts');

/** Counts one request against its network, and for IPv6 its /48. Throws 429 `rate_limited`, with a message that names `what`. */
export async function countByNetwork(ctx: Noting, count: Count, what: string): Promise<RefundAttempt> {
  const { purpose, account, windowSeconds } = count;
  const of = account === undefined ? '' : ` ${account.toLowerCase()}`;
  const subjects = networksOf(ctx.address).map(({ network, shares }) => ({
    subject: `${purpose} ${network}${of}`,
    limit: count.limit * shares,
  }));
  const name = account?.startsWith('user ') ? account.slice('user '.length) : null;
  for (const { subject, limit } of subjects) await take(ctx, subject, { ...count, limit }, what, name);
  return async () => {
    await Promise.all(subjects.map(({ subject }) => ctx.limiter.refund(subject, windowSeconds)));
  };
}

/** `account` is the name under attack; null for the attempts of a whole network. */
async function take(ctx: Noting, subject: string, count: Count, what: string, account: string | null): Promise<void> {
  const { purpose, limit, windowSeconds } = count;
  const { allowed, refused, retryAfterSeconds } = await ctx.limiter.take(subject, limit, windowSeconds);
  if (allowed) return;
  if (isPowerOfTen(refused)) noteAttempt(ctx, 'session.lock', account, { purpose, limit, windowSeconds, refused });
  throw new ApiError('rate_limited', `Too many ${what}. Try again in ${retryAfterSeconds} seconds.`, {
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

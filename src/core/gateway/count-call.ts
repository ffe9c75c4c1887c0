import type { HeldLease, QuotaLimits } from '../../kernel/quota';
import { ApiError } from '../../kernel/errors';
import { networkOf } from '../../kernel/network.rules';
import type { Caller } from '../access/actor';
import type { Context } from '../access/context';
import type { CallContext } from './call';
import { refundOne, takeOne } from './rate-leases';
import { rateHeaders, type Counted, type RateWindow } from './rate.rules';

/**
 * Counts a call in the windows of its endpoint and in the quota of its key, and adds the headers with what is left. Throws 429 `rate_limited`
 * or `quota_exceeded`, and 503 when it cannot count.
 */
export async function countCall(ctx: Context, call: CallContext, quota: QuotaLimits | null): Promise<void> {
  const { rateWindows } = call.definition;
  const counted = rateWindows.length === 0 ? [] : await countInWindows(ctx, call, rateWindows);
  if (quota !== null) counted.push(...(await countInQuota(ctx, call, quota, counted)));
  Object.assign(call.headers, rateHeaders(counted));
}

async function countInWindows(ctx: Context, call: CallContext, windows: readonly RateWindow[]): Promise<Counted[]> {
  const { limiter, cache, now, defer } = ctx;
  const leasing = { limiter, leases: cache.rateLeases, now, defer };
  const results = await Promise.all(
    windows.map(async (window) => {
      const subject = subjectOf(ctx, call, window);
      const taken = await takeOne(leasing, subject, window.limit, window.windowSeconds).catch((error: unknown) => {
        if (window.whenUnavailable === 'allow' && isUnavailable(error)) return null;
        throw error;
      });
      return taken && { window, subject, ...taken };
    }),
  );
  const taken = results.filter((one) => one !== null);
  const counted = taken.map(({ window, left, resetSeconds }) => ({ ...window, left, resetSeconds }));
  const refused = taken.filter(({ allowed }) => !allowed);
  if (refused.length === 0) return counted;
  Object.assign(call.headers, rateHeaders(counted));
  // A call that one window refuses counts in none.
  for (const { allowed, subject } of taken) if (allowed) refundOne(leasing, subject);
  const longest = refused.reduce((one, other) => (other.resetSeconds > one.resetSeconds ? other : one));
  const { window, resetSeconds: seconds } = longest;
  throw new ApiError(
    'rate_limited',
    `This endpoint allows ${window.limit} calls in ${window.windowSeconds} s. Try again in ${seconds} s.`,
    { policy: window.name, headers: { 'retry-after': String(seconds) } },
  );
}

const isUnavailable = (error: unknown): boolean => error instanceof ApiError && error.code === 'unavailable';

/** Returns the subject whose calls a window counts: the caller where it is of the kind that the window counts, or its network. */
function subjectOf(ctx: Context, { definition, caller }: CallContext, { by, windowSeconds }: RateWindow): string {
  const known = by === 'key' ? caller.kind === 'key' : by === 'user' && isPerson(caller);
  const subject = known ? `${caller.kind}:${caller.id}` : `ip:${networkOf(ctx.address)}`;
  return `${definition.id}:${windowSeconds}:${subject}`;
}

const isPerson = ({ kind }: Caller): boolean => kind === 'user' || kind === 'token' || kind === 'external';

/** Takes one call from the lease of this isolate, and a new lease where it has ended: most calls wait for nothing. */
async function countInQuota(
  ctx: Context,
  { caller, headers }: CallContext,
  quota: QuotaLimits,
  counted: readonly Counted[],
): Promise<Counted[]> {
  const id = caller.id!;
  for (;;) {
    const lease = heldLease(ctx, id, quota) ?? (await renewLease(ctx, id, quota));
    if (lease.granted > 0) {
      lease.granted -= 1;
      return stateOf(lease, ctx.now());
    }
    if (lease.periods.some(({ left }) => left === 0)) {
      const state = stateOf(lease, ctx.now());
      Object.assign(headers, rateHeaders([...counted, ...state]));
      throw quotaExceeded(state);
    }
  }
}

/** Returns the lease of this isolate while it has calls left, or while its quota has none. */
function heldLease({ cache, now }: Context, id: string, { perDay, perMonth }: QuotaLimits): HeldLease | null {
  const held = cache.leases.get(id);
  if (held === undefined || held.limits.perDay !== perDay || held.limits.perMonth !== perMonth) return null;
  const isEnded = held.periods.some(({ endsAt }) => now() >= endsAt);
  return isEnded || (held.granted === 0 && held.periods.every(({ left }) => left > 0)) ? null : held;
}

/** Asks once for all calls of the isolate that wait for the lease of a key. */
function renewLease({ cache, quotas, defer }: Context, id: string, limits: QuotaLimits): Promise<HeldLease> {
  const underWay = cache.leasing.get(id);
  if (underWay !== undefined) return underWay;
  const work = quotas
    .lease(id, limits)
    .then((lease) => {
      const held = { ...lease, limits };
      cache.leases.set(id, held);
      return held;
    })
    .finally(() => cache.leasing.delete(id));
  cache.leasing.set(id, work);
  // Others wait for it when the call that asked is canceled.
  defer(work.catch(() => undefined));
  return work;
}

const stateOf = ({ granted, periods }: HeldLease, now: number): Counted[] =>
  periods.map(({ name, limit, left, startedAt, endsAt }) => ({
    name,
    limit,
    windowSeconds: (endsAt - startedAt) / 1000,
    left: left + granted,
    resetSeconds: Math.max(1, Math.ceil((endsAt - now) / 1000)),
  }));

function quotaExceeded(state: readonly Counted[]): ApiError {
  const spent = state.filter(({ left }) => left === 0);
  const last = spent.reduce((one, other) => (other.resetSeconds > one.resetSeconds ? other : one));
  const period = last.name === 'quota-day' ? 'day' : 'month';
  return new ApiError(
    'quota_exceeded',
    `This API key may make ${last.limit} calls a ${period}. Try again in ${last.resetSeconds} s.`,
    { policy: last.name, headers: { 'retry-after': String(last.resetSeconds) } },
  );
}

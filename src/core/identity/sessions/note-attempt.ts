import { addAuditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';

/** Audit entries per hour for failed attempts of all callers together: entries never expire, and anonymous callers cause these. */
const ROWS_AN_HOUR = 500;
const HOUR_SECONDS = 3600;

export type Noting = Pick<Context, 'store' | 'limiter' | 'defer' | 'now' | 'requestId' | 'address'>;

/**
 * Notes in the audit trail, after the answer, that a sign-in was refused (`session.refuse`) or is locked (`session.lock`). `account` is the name
 * that was given: the row names the user who has it. Other text is not kept, since people type passwords into the wrong field.
 */
export function noteAttempt(
  ctx: Noting,
  action: 'session.refuse' | 'session.lock',
  account: string | null,
  changes: Record<string, unknown>,
): void {
  ctx.defer(write(ctx, action, account, changes));
}

async function write(
  ctx: Noting,
  action: 'session.refuse' | 'session.lock',
  account: string | null,
  changes: object,
): Promise<void> {
  const { allowed, refused } = await ctx.limiter.take('attempts in the audit trail', ROWS_AN_HOUR, HOUR_SECONDS);
  const actor = { kind: 'anonymous', credential: 'invalid' } as const;
  if (!allowed) {
    // Beyond the limit, an entry is added at 1, 10, 100, ... refusals.
    if (isPowerOfTen(refused)) await addAuditRow({ ...ctx, actor }, 'session.flood', 'unknown', { leftOut: refused });
    return;
  }
  const user = account === null ? undefined : await ctx.store.users.credentials(account);
  await addAuditRow({ ...ctx, actor }, action, user?.id ?? 'unknown', { address: ctx.address, ...changes });
}

/** True for 1, 10, 100 and so on: the counts that are audited. */
export const isPowerOfTen = (count: number): boolean => /^10*$/.test(String(count));

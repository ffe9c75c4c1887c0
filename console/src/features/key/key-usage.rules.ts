import type { RunStats } from '../../../../src/core/runs/stats.schema';
import { failedIn } from '../run/run-chart.rules';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns the start of the month of UTC in which quotas count. */
export function startOfMonth(now: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth())).toISOString();
}

/** Calls with a key, those that were refused among them. */
interface Calls {
  calls: number;
  refused: number;
}

const toCalls = (figures: Pick<RunStats['items'][number], 'calls' | 'outcomes'> | undefined): Calls => ({
  calls: figures?.calls ?? 0,
  refused: figures?.outcomes.rejected ?? 0,
});

/** Counts the calls of a month, which `stats` has by days of UTC, and of its last day. */
export function monthOf(stats: RunStats, now: number): { today: Calls; month: Calls; failed: number } {
  const [all] = stats.items;
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  return {
    today: toCalls(all?.steps.find(({ at }) => Date.parse(at) === day)),
    month: toCalls(all),
    failed: all === undefined ? 0 : failedIn(all),
  };
}

/** Returns the calls of a quota that are used, at most: runs are also of calls that were refused before it counted them. */
export const usedOf = (runs: number, quota: number): number => Math.min(runs, quota);

/** Says how much of a quota is used. It counts no call that was refused before its body was read, and the others that were refused. */
export function ofQuota({ calls, refused }: Calls, quota: number | null): string {
  if (quota === null) return calls.toLocaleString('en');
  const used = usedOf(calls, quota);
  return `${calls - refused < used ? 'at most ' : ''}${used.toLocaleString('en')} of ${quota.toLocaleString('en')}`;
}

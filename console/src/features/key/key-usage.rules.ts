import type { RunStats } from '../../../../src/core/runs/stats.schema';
import { failedIn } from '../run/run-chart.rules';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns the start of the month of UTC in which quotas count. */
export function startOfMonth(now: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth())).toISOString();
}

/** Counts the calls of a month, which `stats` has by days of UTC, and of its last day. */
export function monthOf(stats: RunStats, now: number): { today: number; month: number; failed: number } {
  const [all] = stats.items;
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  return {
    today: all?.steps.find(({ at }) => Date.parse(at) === day)?.calls ?? 0,
    month: all?.calls ?? 0,
    failed: all === undefined ? 0 : failedIn(all),
  };
}

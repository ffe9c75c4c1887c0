import type { RunStats } from '../../../../src/core/runs/stats.schema';
import { FAILED, REFUSED } from './outcome.rules';

/** Calls in one step of time. `at` and `until` are Unix milliseconds. */
export interface Bar {
  at: number;
  until: number;
  calls: number;
  failed: number;
  refused: number;
  p95Ms: number | null;
}

type Figures = Pick<RunStats['items'][number], 'outcomes'>;
const sum = (names: readonly (keyof Figures['outcomes'])[], { outcomes }: Figures): number =>
  names.reduce((all, name) => all + (outcomes[name] ?? 0), 0);

export const failedIn = (figures: Figures): number => sum(FAILED, figures);
export const refusedIn = (figures: Figures): number => sum(REFUSED, figures);

/** Returns a bar for each step of the range, also for those without calls. */
export function toBars({ since, until, items: [all] }: RunStats, stepMs: number): Bar[] {
  const steps = new Map(all?.steps.map((step) => [Date.parse(step.at), step]));
  const start = Date.parse(since);
  const count = Math.ceil((Date.parse(until) - start) / stepMs);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * stepMs;
    const step = steps.get(at);
    const figures = step
      ? { calls: step.calls, failed: failedIn(step), refused: refusedIn(step), p95Ms: step.p95Ms }
      : { calls: 0, failed: 0, refused: 0, p95Ms: null };
    return { at, until: at + stepMs, ...figures };
  });
}

/** Returns the bar at `x` of a drawing of this width; the first or the last one beyond its edges. */
export const barAt = (x: number, width: number, count: number): number =>
  Math.max(0, Math.min(count - 1, Math.floor((x / Math.max(1, width)) * count)));

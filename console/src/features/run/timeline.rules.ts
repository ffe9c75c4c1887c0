import type { Run } from '../../../../src/core/runs/run.schema';

type Step = Run['steps'][number];

/** Places of a bar, in percent of the whole duration. */
export interface Span {
  from: number;
  width: number;
}

/** Returns the duration of a run that its timeline shows, in milliseconds: that of the call, or the end of its last part. At least 1. */
export function wholeMs({ durationMs, timing, steps }: Pick<Run, 'durationMs' | 'timing' | 'steps'>): number {
  const ends = steps.map(({ startedMs, durationMs: ms }) => timing.authMs + startedMs + ms);
  return ends.reduce(
    (a, b) => Math.max(a, b),
    Math.max(1, durationMs ?? 0, timing.authMs + timing.runMs + timing.afterMs),
  );
}

/** Returns the place of a part that begins `fromMs` after the call came. A handler can forge its clock: never outside of 0 to 100. */
export function spanOf(fromMs: number, lengthMs: number, whole: number): Span {
  const percent = (ms: number): number => Math.min(100, Math.max(0, (100 * ms) / whole));
  const from = percent(fromMs);
  return { from, width: Math.min(percent(lengthMs), 100 - from) };
}

/** Returns the place of a step; its time counts from the admission of the call. */
export const spanOfStep = ({ startedMs, durationMs }: Step, authMs: number, whole: number): Span =>
  spanOf(authMs + startedMs, durationMs, whole);

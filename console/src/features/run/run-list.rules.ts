import type { RunSummary } from '../../../../src/core/runs/run.schema';
import { FAILED } from './outcome.rules';

/** Rows that the list draws at most: older runs are on further pages. */
export const PAGE_ROWS = 50;

/**
 * Merges runs of the live tail into those of a page: newest first, each run once, at most `PAGE_ROWS`. A run that was followed while it ran
 * may be in both.
 */
export function mergeRuns(live: readonly RunSummary[], page: readonly RunSummary[]): RunSummary[] {
  const byId = new Map<string, RunSummary>();
  for (const run of [...page, ...live]) if (run.outcome !== 'running' || !byId.has(run.id)) byId.set(run.id, run);
  return [...byId.values()]
    .toSorted((a, b) => (a.startedAt === b.startedAt ? (a.id < b.id ? 1 : -1) : a.startedAt < b.startedAt ? 1 : -1))
    .slice(0, PAGE_ROWS);
}

/** Failures and refusals with the same endpoint, step and error code. */
export interface FailureGroup {
  endpointId: string;
  endpointPath: string | null;
  errorCode: string;
  failedStep: string | null;
  /** Calls in the rows that were grouped. */
  calls: number;
}

/** Groups rows that have an error code: the largest group first, at most five. */
export function groupFailures(runs: readonly RunSummary[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { endpointId, endpointPath, errorCode, failedStep, calls } of runs) {
    if (errorCode === null) continue;
    const key = JSON.stringify([endpointId, errorCode, failedStep]);
    const known = groups.get(key);
    if (known) known.calls += calls;
    else groups.set(key, { endpointId, endpointPath, errorCode, failedStep, calls });
  }
  return [...groups.values()].toSorted((a, b) => b.calls - a.calls).slice(0, 5);
}

/** Says what the tail brought: `3 new runs, 1 failed`. */
export function newsText(runs: readonly RunSummary[]): string {
  const failed = runs.filter(({ outcome }) => FAILED.includes(outcome)).length;
  const text = runs.length === 1 ? '1 new run' : `${runs.length} new runs`;
  return failed === 0 ? text : `${text}, ${failed} failed`;
}

/** Names the caller of a run: `key shop`, `anonymous`; by its id where no name is known. */
export const callerText = ({ caller: { kind, id, name } }: Pick<RunSummary, 'caller'>): string =>
  [kind, name ?? id].filter(Boolean).join(' ');

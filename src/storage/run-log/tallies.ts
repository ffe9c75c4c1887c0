import type { RunStatsQuery, RunTally } from '../../core/runs/run-log';
import type { RunOutcome } from '../../core/runs/run.schema';
import { addAll, type Histogram } from '../../kernel/histogram.rules';
import { outcomeOf } from './outcome-codes.rules';

/** Tallies of one query: their text crosses to the Worker as one message, of at most 32 MiB. */
const MAX_TALLIES = 100_000;

/** Counts of one kind of run with one outcome: of the histogram, the first `length` numbers. */
export interface OutcomeCount {
  kind: string;
  code: string;
  calls: number;
  histogram: Histogram;
  length: number;
}

/** Tallies by step, group and outcome. One text of the three for each count would be half of the garbage of a query. */
class TallyMap {
  readonly #steps = new Map<number, Map<string, Map<RunOutcome, RunTally>>>();
  readonly all: RunTally[] = [];

  find(at: number, group: string, outcome: RunOutcome): RunTally | undefined {
    return this.#steps.get(at)?.get(group)?.get(outcome);
  }

  add(tally: RunTally): void {
    const { at, group, outcome } = tally;
    const groups = this.#steps.get(at) ?? new Map<string, Map<RunOutcome, RunTally>>();
    const outcomes = groups.get(group) ?? new Map<RunOutcome, RunTally>();
    this.#steps.set(at, groups);
    groups.set(group, outcomes);
    outcomes.set(outcome, tally);
    this.all.push(tally);
  }
}

/** Counts of calls, added up by the step, the group and the outcome of a query. */
export class Tallies {
  readonly #found = new TallyMap();
  readonly #query: RunStatsQuery;
  readonly #max: number;
  #isOver = false;

  constructor(query: RunStatsQuery, max: number = MAX_TALLIES) {
    this.#query = query;
    this.#max = max;
  }

  /** Adds counts that the query selects; `at` is Unix milliseconds. */
  add(at: number, endpointId: string, keyId: string, { kind, code, calls, histogram, length }: OutcomeCount): void {
    const { since, until, stepMs, by } = this.#query;
    if (at < since || at >= until || !this.#selects(endpointId, keyId, kind)) return;
    const start = at - (at % stepMs);
    const group = by === 'endpoint' ? endpointId : by === 'key' ? keyId : '';
    const outcome = outcomeOf(code);
    let tally = this.#found.find(start, group, outcome);
    if (tally === undefined) {
      if (this.#found.all.length === this.#max) {
        this.#isOver = true;
        return;
      }
      tally = { at: start, group, outcome, calls: 0, histogram: [] };
      this.#found.add(tally);
    }
    tally.calls += calls;
    addAll(tally.histogram, histogram, length);
  }

  /** Returns the tallies; null when there are more than an answer may have. */
  values(): RunTally[] | null {
    return this.#isOver ? null : this.#found.all;
  }

  #selects(endpointId: string, keyId: string, kind: string): boolean {
    const { endpointId: endpoint, keyId: key, kind: wanted } = this.#query;
    return (
      (endpoint === undefined || endpoint === endpointId) &&
      (key === undefined || key === keyId) &&
      (wanted === undefined || wanted === kind)
    );
  }
}

/** Adds up tallies of several stores, in those of the first that has each; null when one of the stores has too many. */
export function mergeTallies(lists: readonly (readonly RunTally[] | null)[]): RunTally[] | null {
  const merged = new TallyMap();
  for (const tally of lists.flat()) {
    if (tally === null) return null;
    const known = merged.find(tally.at, tally.group, tally.outcome);
    if (known === undefined) {
      merged.add(tally);
      continue;
    }
    known.calls += tally.calls;
    addAll(known.histogram, tally.histogram);
  }
  return merged.all;
}

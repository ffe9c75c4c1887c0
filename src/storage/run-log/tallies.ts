import type { RunStatsQuery, RunTally } from '../../core/runs/run-log';
import { addAll, type Histogram } from '../../kernel/histogram.rules';
import { outcomeOf } from './outcome-codes.rules';

/** Tallies of one query: their text crosses to the Worker as one message, of at most 32 MiB. */
const MAX_TALLIES = 100_000;

/** Counts of calls, added up by the step, the group and the outcome of a query. */
export class Tallies {
  readonly #found = new Map<string, RunTally>();
  readonly #query: RunStatsQuery;
  readonly #max: number;
  #isOver = false;

  constructor(query: RunStatsQuery, max: number = MAX_TALLIES) {
    this.#query = query;
    this.#max = max;
  }

  /** Adds counts that the query selects; `at` is Unix milliseconds. */
  add(at: number, endpointId: string, keyId: string, kind: string, code: string, calls: number, more: Histogram): void {
    const { since, until, stepMs, by } = this.#query;
    if (at < since || at >= until || !this.#selects(endpointId, keyId, kind)) return;
    const start = at - (at % stepMs);
    const group = by === 'endpoint' ? endpointId : by === 'key' ? keyId : '';
    const name = `${start} ${group} ${code}`;
    let tally = this.#found.get(name);
    if (tally === undefined) {
      if (this.#found.size === this.#max) {
        this.#isOver = true;
        return;
      }
      tally = { at: start, group, outcome: outcomeOf(code), calls: 0, histogram: [] };
      this.#found.set(name, tally);
    }
    tally.calls += calls;
    addAll(tally.histogram, more);
  }

  /** Returns the tallies; null when there are more than an answer may have. */
  values(): RunTally[] | null {
    return this.#isOver ? null : [...this.#found.values()];
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

/** Adds up tallies of several stores; null when one of them has too many. */
export function mergeTallies(lists: readonly (readonly RunTally[] | null)[]): RunTally[] | null {
  const merged = new Map<string, RunTally>();
  for (const tally of lists.flat()) {
    if (tally === null) return null;
    const name = `${tally.at} ${tally.group} ${tally.outcome}`;
    const known = merged.get(name);
    if (known === undefined) {
      merged.set(name, { ...tally, histogram: [...tally.histogram] });
      continue;
    }
    known.calls += tally.calls;
    addAll(known.histogram, tally.histogram);
  }
  return [...merged.values()];
}

import { DurableObject } from 'cloudflare:workers';
import type { RunStatsQuery, RunTally } from '../core/runs/run-log';
import type { HourRow } from '../storage/run-log/day-counts';
import { IndexStore, type KnownPlace } from '../storage/run-log/index-store';
import type { RunPlace } from '../storage/run-log/place.rules';

/** The one index of the run log. An object of a day enters itself before it stores its first run. */
export class RunIndex extends DurableObject<Env> {
  readonly #store: IndexStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new IndexStore(ctx.storage);
  }

  enter(place: RunPlace): void {
    this.#store.enter(place);
  }

  leave(place: RunPlace): void {
    this.#store.leave(place);
  }

  measure(place: RunPlace, bytes: number): void {
    this.#store.measure(place, bytes);
  }

  fold(place: RunPlace, rows: readonly HourRow[]): void {
    this.#store.fold(place, rows);
  }

  forgetHours(before: number): void {
    this.#store.forgetHours(before);
  }

  stats(query: RunStatsQuery): RunTally[] {
    return this.#store.stats(query);
  }

  places(from: string, to: string): KnownPlace[] {
    return this.#store.places(from, to);
  }

  note(ids: readonly string[], place: RunPlace): void {
    this.#store.note(ids, place);
  }

  placeOf(id: string): Omit<RunPlace, 'part'> | null {
    return this.#store.placeOf(id);
  }
}

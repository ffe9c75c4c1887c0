import { DurableObject } from 'cloudflare:workers';
import { IndexStore } from '../storage/run-log/index-store';
import type { RunPlace } from '../storage/run-log/place.rules';

/** The one index of the run log. An object of a day enters itself before it stores its first run. */
export class RunIndex extends DurableObject<Env> {
  readonly #store: IndexStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new IndexStore(ctx.storage);
  }

  enter(place: RunPlace): void {
    this.#store.add(place);
  }

  leave(place: RunPlace): void {
    this.#store.remove(place);
  }

  places(from: string, to: string): RunPlace[] {
    return this.#store.places(from, to);
  }

  note(ids: readonly string[], place: RunPlace): void {
    this.#store.note(ids, place);
  }

  placeOf(id: string): Omit<RunPlace, 'part'> | null {
    return this.#store.placeOf(id);
  }
}

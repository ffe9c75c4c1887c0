import { boundedMap } from '../../kernel/bounded-map';
import type { KeyOwner } from '../../storage/key-cache';
import type { Definition } from './definition';
import { accepts, type KeyState } from './key-access.rules';

type Keyed = Pick<Definition, 'keys'>;

/** The newest state of each key that an isolate has read, of any endpoint. Times in Unix milliseconds, at which the reads began. */
export interface SeenKeys {
  /** Notes the keys of a definition, and those that the one before it had and it has not. */
  note: (before: Keyed | null, current: Keyed | null, asOf: number) => void;
  /** Notes that D1 does not know the value of a key, or that the key does not work. */
  withdraw: (id: string, asOf: number) => void;
  /** False for an owner whose key has since been read in a state that refuses it. */
  allows: (owner: KeyOwner, now: number) => boolean;
}

/**
 * Remembers revocations. Definitions are read at different times: after one has shown that a key no longer works, an older one of another
 * endpoint must not accept it, however long D1 is unavailable. A key that an endpoint merely stopped accepting is held back too, until D1
 * decides. Keeps the states of `max` keys, and forgets the least recently read first.
 */
export function createSeenKeys(max: number): SeenKeys {
  const seen = boundedMap<{ state: KeyState | null; asOf: number }>(max);
  const put = (id: string, state: KeyState | null, asOf: number): void => {
    if ((seen.get(id)?.asOf ?? -Infinity) > asOf) return;
    seen.delete(id);
    seen.set(id, { state, asOf });
  };
  return {
    note: (before, current, asOf) => {
      if (current === null) return;
      for (const [id, state] of current.keys) put(id, state, asOf);
      for (const id of before?.keys.keys() ?? []) if (!current.keys.has(id)) put(id, null, asOf);
    },
    withdraw: (id, asOf) => put(id, null, asOf),
    allows: (owner, now) => {
      const found = seen.get(owner.id);
      return found === undefined || (found.state !== null && accepts(found.state, owner.version, now));
    },
  };
}

/** States of a document, for undo and redo. */
export interface History<T> {
  past: readonly T[];
  now: T;
  future: readonly T[];
}

/** States that are kept. */
const MAX_PAST = 100;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [] });

/**
 * Adds a state. With `merges`, it takes the place of the newest one, as when a word is typed: a single undo takes all of it back.
 */
export function push<T>(history: History<T>, next: T, merges = false): History<T> {
  if (next === history.now) return history;
  const past = merges && history.past.length > 0 ? history.past : [...history.past, history.now].slice(-MAX_PAST);
  return { past, now: next, future: [] };
}

export function undo<T>({ past, now, future }: History<T>): History<T> {
  const before = past.at(-1);
  return before === undefined
    ? { past, now, future }
    : { past: past.slice(0, -1), now: before, future: [now, ...future] };
}

export function redo<T>({ past, now, future }: History<T>): History<T> {
  const [next, ...rest] = future;
  return next === undefined ? { past, now, future } : { past: [...past, now], now: next, future: rest };
}

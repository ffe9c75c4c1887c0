/** Objects of one request. */
const MANY = 50;

/** Result of one object. */
export interface Changed<Change> {
  id: string;
  done: boolean;
  message: string | null;
  /** The change that takes this one back. */
  undo: Change | null;
}

/** One request: the same change of some objects. */
export interface Part<Change> {
  ids: string[];
  change: Change;
}

/** Cuts a change of many objects into requests. */
export const partsOf = <Change>(ids: readonly string[], change: Change): Part<Change>[] =>
  Array.from({ length: Math.ceil(ids.length / MANY) }, (_, part) => ({
    ids: ids.slice(part * MANY, (part + 1) * MANY),
    change,
  }));

/** Returns the requests that take changes back: equal ones of many objects together. */
export function undoParts<Change>(changed: readonly Changed<Change>[]): Part<Change>[] {
  const groups = new Map<string, Part<Change>>();
  for (const { id, undo } of changed) {
    if (undo === null) continue;
    const key = JSON.stringify(undo);
    const known = groups.get(key);
    if (known) known.ids.push(id);
    else groups.set(key, { ids: [id], change: undo });
  }
  return [...groups.values()].flatMap(({ ids, change }) => partsOf(ids, change));
}

/** Counts objects in words: `1 key`, `3 keys`. */
export const counted = (count: number, [one, several]: readonly [one: string, several: string]): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : several}`;

export type Direction = 'ascending' | 'descending';

/** Returns how a list that is sorted by `sort` is sorted by a column: `-path` is descending by `path`; undefined: by another one. */
export const directionOf = (sort: string | undefined, column: string): Direction | undefined =>
  sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;

/** Returns the sort after a press on the head of a column: its first direction, then the other one, then the order of the list itself. */
export function nextSort(sort: string | undefined, column: string, first: Direction): string | undefined {
  const now = directionOf(sort, column);
  if (now !== undefined && now !== first) return undefined;
  const next = now === undefined ? first : first === 'ascending' ? 'descending' : 'ascending';
  return next === 'ascending' ? column : `-${column}`;
}

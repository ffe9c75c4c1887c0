/** A field on which a draft and the saved object differ. */
export interface Difference<T> {
  name: keyof T;
  /** True when the draft changed it, false when only the other user did. */
  isChangedHere: boolean;
}
export type Choices<T> = { [N in keyof T]?: 'mine' | 'theirs' };

/** Returns the fields on which `mine` and `theirs` differ; `base` is what both began with. */
export function differences<T extends object>(base: T, mine: T, theirs: T): Difference<T>[] {
  const names = Object.keys(base) as (keyof T)[];
  return names
    .filter((name) => !isSame(mine[name], theirs[name]))
    .map((name) => ({ name, isChangedHere: !isSame(base[name], mine[name]) }));
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

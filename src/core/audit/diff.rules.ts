import { isObject, isSameJson } from '../../kernel/json.rules';

/** Fields that differ, by their path: `{"limits.timeoutMs": {from, to}}`. A missing value is null. */
export type FieldChanges = Record<string, { from: unknown; to: unknown }>;

/**
 * Returns the changes from `before` to the fields of `after`. Objects are compared field by field, lists of items with an `id` item by
 * item, other lists as a whole.
 */
export function diff(before: Record<string, unknown>, after: Record<string, unknown>): FieldChanges {
  const changes: FieldChanges = {};
  for (const field of Object.keys(after)) collect(field, before[field], after[field], changes);
  return changes;
}

export const isEmpty = (changes: object): boolean => Object.keys(changes).length === 0;

function collect(path: string, from: unknown, to: unknown, changes: FieldChanges): void {
  if (isObject(from) && isObject(to)) {
    for (const field of new Set([...Object.keys(from), ...Object.keys(to)]))
      collect(`${path}.${field}`, from[field], to[field], changes);
    return;
  }
  const [items, others] = [itemsById(from), itemsById(to)];
  if (items && others && haveOneOrder([...items.keys()], [...others.keys()])) {
    for (const id of new Set([...items.keys(), ...others.keys()]))
      collect(`${path}.${id}`, items.get(id), others.get(id), changes);
  } else if (!isSameJson(from, to)) {
    changes[path] = { from: from ?? null, to: to ?? null };
  }
}

/** Returns the items of a list by their ids, or null for any other value. */
function itemsById(value: unknown): Map<string, unknown> | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const ids = value.map((item: unknown) => (isObject(item) && typeof item.id === 'string' ? item.id : null));
  return ids.includes(null) || new Set(ids).size < ids.length
    ? null
    : new Map(ids.map((id, i) => [id!, value[i] as unknown]));
}

/** Returns whether the ids that both lists have are in the same order. */
function haveOneOrder(one: string[], other: string[]): boolean {
  const common = other.filter((id) => one.includes(id));
  return one.filter((id) => other.includes(id)).every((id, i) => common[i] === id);
}

import { isObject, isSameJson } from '../../kernel/json.rules';

/** Fields that differ, by their path: `{"limits.timeoutMs": {from, to}}`. What is not there is null. */
export type FieldChanges = Record<string, { from: unknown; to: unknown }>;

/**
 * What `after` changes of `before`; fields that `after` does not have stay as they are. Objects are told field by field, lists of things
 * with an `id` thing by thing, other lists as a whole.
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
  const [things, others] = [thingsOf(from), thingsOf(to)];
  if (things && others && haveOneOrder([...things.keys()], [...others.keys()])) {
    for (const id of new Set([...things.keys(), ...others.keys()]))
      collect(`${path}.${id}`, things.get(id), others.get(id), changes);
  } else if (!isSameJson(from, to)) {
    changes[path] = { from: from ?? null, to: to ?? null };
  }
}

/** A list of things by their ids, or null when it is something else. */
function thingsOf(value: unknown): Map<string, unknown> | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const ids = value.map((item: unknown) => (isObject(item) && typeof item.id === 'string' ? item.id : null));
  return ids.includes(null) || new Set(ids).size < ids.length
    ? null
    : new Map(ids.map((id, i) => [id!, value[i] as unknown]));
}

/** What both lists have is in the same order in them. */
function haveOneOrder(one: string[], other: string[]): boolean {
  const common = other.filter((id) => one.includes(id));
  return one.filter((id) => other.includes(id)).every((id, i) => common[i] === id);
}

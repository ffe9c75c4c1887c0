import { isObject, sameValue } from '../../../kernel/json.rules';
import { NAMED_LISTS, type Normal } from '../documents/normal.rules';

export interface FieldConflict {
  base: unknown;
  /** In the folder. */
  here: unknown;
  /** In this service. */
  there: unknown;
}

/**
 * Merges two documents that changed since `base`, field by field; parameters and columns by their names, other lists as a whole. A field
 * that both changed to different values is a conflict, by its path.
 */
export function mergeDocuments(
  base: Normal,
  here: Normal,
  there: Normal,
): { merged: Normal } | { conflicts: Record<string, FieldConflict> } {
  const conflicts: Record<string, FieldConflict> = {};
  const merged = mergeValue('', byName(base), byName(here), byName(there), conflicts) as Normal;
  return Object.keys(conflicts).length > 0 ? { conflicts } : { merged: inLists(merged, here, there) };
}

function mergeValue(
  path: string,
  base: unknown,
  here: unknown,
  there: unknown,
  conflicts: Record<string, FieldConflict>,
): unknown {
  if (sameValue(here, there) || sameValue(base, there)) return here;
  if (sameValue(base, here)) return there;
  if (isObject(here) && isObject(there) && (isObject(base) || base === undefined)) {
    const names = new Set([...Object.keys(here), ...Object.keys(there), ...Object.keys(base ?? {})]);
    const fields = [...names].map((name) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [name, mergeValue(at, base?.[name], here[name], there[name], conflicts)] as const;
    });
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  conflicts[path] = { base: base ?? null, here: here ?? null, there: there ?? null };
  return here;
}

/** Returns a document whose lists of named items are objects by name, as differences and merges name their fields. */
export function byName(document: Normal): Normal {
  const lists = NAMED_LISTS.flatMap((list) => {
    const items = document[list];
    return Array.isArray(items) ? [[list, toObject(items as { name: string }[])] as const] : [];
  });
  return { ...document, ...Object.fromEntries(lists) };
}

const toObject = (items: { name: string }[]): Normal =>
  Object.fromEntries(items.map(({ name, ...item }) => [name, item]));

/** Turns the lists of named items back: in the order of the folder, then what only the service has. */
function inLists(merged: Normal, here: Normal, there: Normal): Normal {
  const lists = NAMED_LISTS.flatMap((list) => {
    const items = merged[list];
    if (!isObject(items)) return [];
    const order = [here, there].flatMap((side) => ((side[list] ?? []) as { name: string }[]).map(({ name }) => name));
    const names = [...new Set([...order, ...Object.keys(items)])].filter((name) => Object.hasOwn(items, name));
    return [[list, names.map((name) => ({ name, ...(items[name] as Normal) }))] as const];
  });
  return { ...merged, ...Object.fromEntries(lists) };
}

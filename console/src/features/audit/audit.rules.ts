import { isBranch } from '../../kit/json-tree.rules';

/** A field before and after; `from` is undefined where only the new value is recorded. */
export interface FieldChange {
  field: string;
  from: unknown;
  to: unknown;
}

/** Returns what an entry of the audit trail changed, field by field. Creations record values, updates both sides. */
export const changesOf = (changes: Record<string, unknown>): FieldChange[] =>
  Object.entries(changes).map(([field, value]) =>
    isBranch(value) && Object.keys(value).length === 2 && 'from' in value && 'to' in value
      ? { field, from: value.from, to: value.to }
      : { field, from: undefined, to: value },
  );

/** Returns a value of a change as one text. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  if (value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

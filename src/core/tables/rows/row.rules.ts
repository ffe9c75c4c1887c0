import type { TableRow } from '../../../storage/tables';
import { MAX_ISSUES, type Issue } from '../../../kernel/errors';
import { toStoredValue, type Scalar } from '../catalogue/value.rules';
import { pointerSegment } from '../../../kernel/json-pointer';

/** Characters of a row as JSON, so that it stays below D1's 2 MB as escaped UTF-8. */
const MAX_ROW = 600_000;

/** The largest id that a caller may set, so that the ids counted up from it are exact in JavaScript too. */
const MAX_GIVEN = 2 ** 52;
const ID_IS = { uuid: 'a UUID', integer: `a whole number from 1 to ${MAX_GIVEN}` };

type Shape = Pick<TableRow, 'idType' | 'columns'>;
type Refuse = (column: string, code: string, message: string) => void;

/** A new row: `id` null if the caller set none, and one value for every column of the table. */
export interface NewRow {
  id: Scalar;
  values: Scalar[];
}

/** Checks a new row. Missing columns get their default. */
export function readNewRow({ idType, columns }: Shape, input: Record<string, unknown>, refuse: Refuse): NewRow {
  refuseUnknown(columns, input, ['id'], refuse);
  let id: Scalar = null;
  if (Object.hasOwn(input, 'id') && (input.id ?? null) !== null) {
    const checked = toId(idType, input.id);
    if (checked === null || (typeof checked === 'number' && checked > MAX_GIVEN))
      refuse('id', 'invalid_value', `must be ${ID_IS[idType]}`);
    else id = checked;
  }
  const values = columns.map((column) =>
    check(column, Object.hasOwn(input, column.name) ? (input[column.name] ?? null) : column.default, refuse),
  );
  refuseLarge(values, refuse);
  return { id, values };
}

/** Checks changes of existing rows. Returns keys and values of the named columns. */
export function readChanges(
  { columns }: Shape,
  input: Record<string, unknown>,
  refuse: Refuse,
): { keys: string[]; values: Scalar[] } {
  refuseUnknown(columns, input, [], refuse);
  const named = columns.filter(({ name }) => Object.hasOwn(input, name));
  const values = named.map((column) => check(column, input[column.name] ?? null, refuse));
  refuseLarge(values, refuse);
  return { keys: named.map(({ key }) => key), values };
}

/** Converts an id from JSON or from a URL to its stored form; null when no row can have it. */
export function toId(idType: TableRow['idType'], id: unknown): Scalar {
  if (idType === 'integer') {
    const value = typeof id === 'string' && /^[0-9]{1,16}$/.test(id) ? Number(id) : id;
    return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null;
  }
  const checked = toStoredValue('uuid', id);
  return 'value' in checked ? checked.value : null;
}

function check(column: TableRow['columns'][number], value: unknown, refuse: Refuse): Scalar {
  const checked = toStoredValue(column.type, value);
  if ('issue' in checked) refuse(column.name, 'invalid_value', checked.issue);
  else if (checked.value === null && column.required) refuse(column.name, 'required', 'is required');
  else return checked.value;
  return null;
}

function refuseUnknown(columns: Shape['columns'], input: object, also: string[], refuse: Refuse): void {
  // Enough names to find MAX_ISSUES unknown ones; more change nothing.
  for (const name of Object.keys(input).slice(0, columns.length + MAX_ISSUES)) {
    if (also.includes(name) || columns.some((column) => column.name === name)) continue;
    if (['id', 'created_at', 'updated_at'].includes(name)) refuse(name, 'read_only', 'must not be set');
    else refuse(name, 'unknown_column', 'is not a column of this table');
  }
}

function refuseLarge(values: Scalar[], refuse: Refuse): void {
  if (JSON.stringify(values).length > MAX_ROW)
    refuse('', 'too_big', `a row must have at most ${MAX_ROW} characters as JSON`);
}

/** Returns a `Refuse` that collects issues at `base`, up to the number that a response lists. */
export const collect =
  (issues: Issue[], base: string): Refuse =>
  (column, code, message) => {
    if (issues.length >= MAX_ISSUES) return;
    const pointer = column === '' ? base : base + pointerSegment(column);
    issues.push({ pointer, code, message });
  };

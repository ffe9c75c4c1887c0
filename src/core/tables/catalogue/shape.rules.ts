import type { StoredRow } from '../../../storage/rows';
import type { TableRow } from '../../../storage/tables';
import type { Row } from './row.schema';
import { fromStored, type ValueType } from './value.rules';

/** A column that a query can name: its name, its name in DATA, and its type. */
export interface Field {
  name: string;
  key: string;
  type: ValueType;
}

/** Returns all columns of a table, the system columns `id`, `created_at` and `updated_at` first. */
export function fieldsOf(table: Pick<TableRow, 'idType' | 'columns'>): Field[] {
  return [
    { name: 'id', key: 'id', type: table.idType },
    { name: 'created_at', key: 'created_at', type: 'timestamp' },
    { name: 'updated_at', key: 'updated_at', type: 'timestamp' },
    ...table.columns.map(({ name, key, type }) => ({ name, key, type })),
  ];
}

/** Converts a stored row to values by the names of its columns. */
export const toRow = (fields: Field[], stored: StoredRow): Row =>
  Object.fromEntries(fields.map(({ name, key, type }) => [name, fromStored(type, stored[key] ?? null)]));

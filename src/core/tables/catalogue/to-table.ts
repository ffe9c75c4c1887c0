import { toIso } from '../../../kernel/clock';
import type { TableRow } from '../../../storage/tables';
import type { Table } from './table.schema';

/** Converts a stored table to its form in the API, without the names that its columns have in DATA. */
export const toTable = ({ columns, createdAt, updatedAt, ...row }: TableRow): Table => ({
  ...row,
  columns: columns.map(({ key: _key, ...column }) => column),
  createdAt: toIso(createdAt),
  updatedAt: toIso(updatedAt),
});

import type { Column, StoredColumn } from './column.schema';

/** Columns with the names that they get in DATA: random, so that two changes at once or one that broke off cannot meet. */
export const storeColumns = (columns: Column[]): StoredColumn[] =>
  columns.map((column) => ({ ...column, key: newKey() }));

/** Lower case: SQLite takes names that differ in case only for one. */
const newKey = (): string => `c_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;

import type { Column, StoredColumn } from './column.schema';

/** Adds names in DATA to columns: random, so that they never collide with concurrent or interrupted changes. */
export const storeColumns = (columns: Column[]): StoredColumn[] =>
  columns.map((column) => ({ ...column, key: newKey() }));

/** Lower case: SQLite compares names without case. */
const newKey = (): string => `c_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;

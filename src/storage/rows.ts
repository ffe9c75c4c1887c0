import type { FirstAnswer } from '../core/idempotency/first-answer';
import type { Scalar } from '../core/tables/catalogue/value.rules';
import {
  addColumnSql,
  countSql,
  createTableSql,
  deleteSql,
  dropColumnSql,
  isEmptySql,
  lastCountedSql,
  dropTableSql,
  existingSql,
  insertSql,
  pageSql,
  TABLE_NAMES_SQL,
  updateSql,
  type Condition,
  type PagePlan,
  type Shape,
  type Statement,
} from './row-sql';
import { keepRowAnswer } from './row-answers';

/** A row as SQLite keeps it, by column key. */
export type StoredRow = Record<string, Scalar>;
/** `taken`: another row has this value in the column `key`. `missing`: DATA has no such table, or the table has no such column. */
export type RowsResult<T> =
  | { kind: 'done'; value: T }
  | { kind: 'taken'; key: string }
  | { kind: 'missing'; what: 'table' | 'column' };

/** Bytes of one bound JSON text: D1 takes 2 MB. */
const CHUNK_BYTES = 1_000_000;

/**
 * Rows of tables, in D1 DATA: one SQL table for each table of the catalogue. The only place of Portico that puts SQL together; the
 * names in it are those that Portico made up (row-sql.ts), the values are always bound.
 */
export const createRowQueries = (data: D1Database) => {
  const prepare = ({ sql, params }: Statement): D1PreparedStatement => data.prepare(sql).bind(...params);
  return { ...structure(data, prepare), ...content(data, prepare) };
};
type Prepare = (statement: Statement) => D1PreparedStatement;

/** SQL tables and their columns. */
const structure = (data: D1Database, prepare: Prepare) => ({
  create: async (shape: Shape): Promise<void> => {
    await data.batch(createTableSql(shape).map((sql) => data.prepare(sql)));
  },
  /** `taken`: the rows that are there would all get the same value in a unique column. */
  addColumn: (id: string, column: Shape['columns'][number], value: Scalar): Promise<RowsResult<void>> =>
    guarded(async () => void (await data.batch(addColumnSql(id, column, value).map(prepare)))),
  dropColumn: (id: string, column: { key: string }): Promise<RowsResult<void>> =>
    guarded(async () => void (await data.batch(dropColumnSql(id, column).map((sql) => data.prepare(sql))))),
  /** Names of SQL tables after `after` and before `before`, in order. Only names that Portico gives. */
  tableNames: async (after: string, before: string, limit: number): Promise<string[]> => {
    const { results } = await prepare({ sql: TABLE_NAMES_SQL, params: [after, before, limit] }).all<{ name: string }>();
    return results.map(({ name }) => name);
  },
  /** True when it holds no row, also when it is not there. */
  isEmpty: async (id: string): Promise<boolean> => {
    const first = await guarded(() => data.prepare(isEmptySql(id)).first());
    return first.kind !== 'done' || first.value === null;
  },
  drop: async (id: string): Promise<void> => {
    await data.prepare(dropTableSql(id)).run();
  },
});

/** What is in them. */
const content = (data: D1Database, prepare: Prepare) => ({
  page: (shape: Shape, plan: PagePlan): Promise<RowsResult<{ rows: StoredRow[]; found: number }>> =>
    guarded(async () => {
      const { results } = await prepare(pageSql(shape, plan)).all<StoredRow & { found: number }>();
      return { rows: results, found: results[0]?.found ?? 0 };
    }),
  count: (shape: Shape, where: Condition[]): Promise<RowsResult<number>> =>
    guarded(async () => (await prepare(countSql(shape, where)).first<{ found: number }>())!.found),
  /**
   * All rows or none, and with them the first answer under an Idempotency-Key. Each is `[id or null, time, ...values of keys]`; answers the ids
   * that D1 gave or took, in ascending order.
   */
  insert: (shape: Shape, keys: string[], rows: Scalar[][], answer: FirstAnswer | null): Promise<RowsResult<Scalar[]>> =>
    guarded(async () => {
      const statements = chunks(rows).map((chunk) => prepare(insertSql(shape, keys, chunk)));
      const results = await data.batch<{ id: Scalar }>([...statements, ...keepRowAnswer(data, answer)]);
      return results.slice(0, statements.length).flatMap((result) => result.results.map(({ id }) => id));
    }),
  /** The highest number that a table which counts its ids has given, or taken, so far. */
  lastCounted: ({ id }: Shape): Promise<RowsResult<number>> =>
    guarded(async () => (await prepare(lastCountedSql(id)).first<{ last: number }>())?.last ?? 0),
  /** Those of `values` that rows have in the column `key`. */
  existing: (shape: Shape, key: string, values: Scalar[]): Promise<RowsResult<Scalar[]>> =>
    guarded(async () => {
      const parts = chunks(values.map((value) => [value]));
      const results = await data.batch<{ value: Scalar }>(
        parts.map((part) => prepare(existingSql(shape.id, key, part))),
      );
      return results.flatMap((result) => result.results.map(({ value }) => value));
    }),
  /** Answers the changed row, or null. */
  update: (
    shape: Shape,
    id: Scalar,
    change: { keys: string[]; values: Scalar[]; now: number },
    returning: string[],
  ): Promise<RowsResult<StoredRow | null>> =>
    guarded(() => {
      const where: Condition[] = [{ key: 'id', op: 'eq', value: id }];
      return prepare(
        updateSql(shape, change.keys, change.values, change.now, where, returning),
      ).first<StoredRow | null>();
    }),
  updateMany: (
    shape: Shape,
    where: Condition[],
    change: { keys: string[]; values: Scalar[]; now: number },
  ): Promise<RowsResult<number>> =>
    guarded(async () => {
      const statement = updateSql(shape, change.keys, change.values, change.now, where, null);
      return (await prepare(statement).run()).meta.changes;
    }),
  remove: (shape: Shape, where: Condition[]): Promise<RowsResult<number>> =>
    guarded(async () => (await prepare(deleteSql(shape, where)).run()).meta.changes),
});

/** Rows in parts whose JSON fits into one parameter. */
function chunks(rows: Scalar[][]): Scalar[][][] {
  const parts: Scalar[][][] = [[]];
  let bytes = 0;
  const encoder = new TextEncoder();
  for (const row of rows) {
    const size = encoder.encode(JSON.stringify(row)).length + 1;
    if (bytes + size > CHUNK_BYTES && parts.at(-1)!.length > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(row);
    bytes += size;
  }
  return parts;
}

async function guarded<T>(work: () => Promise<T>): Promise<RowsResult<T>> {
  try {
    return { kind: 'done', value: await work() };
  } catch (error) {
    const text = error instanceof Error ? `${error.message}\n${String(error.cause)}` : String(error);
    const unique = /UNIQUE constraint failed: (?:index ')?[A-Za-z0-9_]+\.([A-Za-z0-9_]+)/.exec(text);
    if (unique) return { kind: 'taken', key: unique[1]! };
    if (/no such table/.test(text)) return { kind: 'missing', what: 'table' };
    if (/no such column|has no column named/.test(text)) return { kind: 'missing', what: 'column' };
    throw error;
  }
}

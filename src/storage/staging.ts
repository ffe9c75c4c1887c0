import type { StoredColumn } from '../core/tables/catalogue/column.schema';
import { fromBase64 } from '../kernel/encoding';
import type { RestoreReport } from '../core/backup/backup.schema';
import { listReturned } from './returned';
import { createTableSql, dropTableSql, quote, uniqueDdl, type Shape } from './row-sql';
import { CREATE_ROW_ANSWERS } from './row-answers';
import {
  dropCopies,
  listSqlTables,
  SEQUENCES,
  STAGING_PREFIX,
  type StoredCell,
  type Databases,
  type SnapshotTable,
  type TablePage,
} from './snapshots';

/** Values that D1 binds in one statement. */
const MAX_PARAMS = 100;
const ANSWERS = 'idempotency';

const stagingName = (id: string, table: string): string => `${STAGING_PREFIX}${id}_${table}`;
const staged = (id: string, table: string): string => quote(stagingName(id, table));

/**
 * Tables of a restore beside those in use, which `swap` replaces by them. The only SQL that runs is made here from the catalogue: a backup
 * has none.
 */
export const createStaging = (databases: Databases) => ({
  /** Returns the tables of `DB` with their columns: a backup must have the same. */
  schema: async (): Promise<Record<string, string[]>> => {
    const tables = await listSqlTables(databases, 'DB');
    const columns = await describe(databases.DB, tables.map(quote));
    return Object.fromEntries(tables.map((table, index) => [table, columns[index]!]));
  },
  dropAll: async (): Promise<void> => {
    await Promise.all([dropCopies(databases.DB, STAGING_PREFIX), dropCopies(databases.DATA, STAGING_PREFIX)]);
  },
  /** Creates the empty tables of `DB`. */
  createDefinitions: async (id: string): Promise<void> => {
    const tables = await listSqlTables(databases, 'DB');
    await databases.DB.batch(
      tables.map((table) =>
        databases.DB.prepare(`create table ${staged(id, table)} as select * from ${quote(table)} limit 0`),
      ),
    );
  },
  /** Adds rows; a page that is added twice has its rows once. Returns false for a table or column that does not belong there. */
  load: async (id: string, { database, table }: Omit<SnapshotTable, 'rows'>, page: TablePage): Promise<boolean> => {
    const isReady = database === 'DB' || (await createRows(databases, id, table));
    const known = isReady ? await columnsOf(databases[database], staged(id, table)) : [];
    const isUnknown = (column: string): boolean => !known.includes(column);
    // An interrupted deletion leaves columns in DATA that the catalogue does not have.
    if (known.length === 0 || (database === 'DB' && page.columns.some(isUnknown))) return false;
    // Otherwise the position is the key.
    const hasKey = database === 'DATA' && table !== SEQUENCES;
    await insert(databases[database], staged(id, table), withColumns(page, known), hasKey);
    return true;
  },
  /** Returns the first of these tables of `DB` that has a row; null when all are empty. */
  firstUsed: async (tables: readonly string[]): Promise<string | null> => {
    const counts = await databases.DB.batch<{ used: number }>(
      tables.map((table) => databases.DB.prepare(`select exists (select 1 from ${quote(table)}) as "used"`)),
    );
    return tables.find((_, index) => counts[index]!.results[0]!.used === 1) ?? null;
  },
  /** Counts the rows that were added to each of these tables; 0 for a table without any. */
  count: (id: string, tables: readonly Omit<SnapshotTable, 'rows'>[]): Promise<number[]> =>
    countRows(databases, id, tables),
  swapRows: (id: string): Promise<void> => swapRows(databases, id),
  /** True when `swapRows` has replaced the tables of `DATA`. */
  hasSwappedRows: async (id: string): Promise<boolean> => hasSwappedRows(databases, id),
  /** Lists credentials that will work again. */
  returned: (id: string, now: number, limit: number) =>
    listReturned(databases.DB, (table) => staged(id, table), now, limit),
  /**
   * Replaces all tables of `DB`, ends all sessions and notes the end of the restore, in one transaction. Returns false when it has ended
   * already.
   */
  swapDefinitions: (id: string, report: RestoreReport, backupAt: number, now: number): Promise<boolean> =>
    swapDefinitions(databases, id, report, backupAt, now),
  /** Counts the sessions that a restore ends. */
  countSessions: async (now: number): Promise<number> =>
    (await databases.DB.prepare(
      `select count(*) as "found" from "sessions" where "revoked_at" is null and "expires_at" > ?1`,
    )
      .bind(now)
      .first<number>('found'))!,
});

async function swapDefinitions(
  databases: Databases,
  id: string,
  report: RestoreReport,
  backupAt: number,
  now: number,
): Promise<boolean> {
  const { DB } = databases;
  const statements: string[] = ['delete from "sessions"'];
  const tables = await listSqlTables(databases, 'DB');
  const described = await describe(
    DB,
    tables.map((table) => staged(id, table)),
  );
  if (described.some((columns) => columns.length === 0)) return false;
  tables.forEach((table, index) => {
    const columns = described[index]!.map(quote).join(', ');
    statements.push(
      `delete from ${quote(table)}`,
      `insert into ${quote(table)} (${columns}) select ${columns} from ${staged(id, table)}`,
      `drop table ${staged(id, table)}`,
    );
  });
  const end = `update "restores" set "incarnation" = ?1, "finished_at" = ?2, "report" = ?3, "backup_at" = ?4 where "id" = ?5`;
  await DB.batch([
    ...statements.map((sql) => DB.prepare(sql)),
    DB.prepare(end).bind(report.incarnation, now, JSON.stringify(report), backupAt, id),
  ]);
  return true;
}

/** Returns the columns of tables by their quoted names; none of a table that does not exist. */
async function describe(db: D1Database, names: readonly string[]): Promise<string[][]> {
  if (names.length === 0) return [];
  const results = await db.batch<{ name: string }>(names.map((name) => db.prepare(`pragma table_info(${name})`)));
  return results.map((result) => result.results.map((column) => column.name));
}

const columnsOf = async (db: D1Database, name: string): Promise<string[]> => (await describe(db, [name]))[0]!;

async function countRows(
  databases: Databases,
  id: string,
  tables: readonly Omit<SnapshotTable, 'rows'>[],
): Promise<number[]> {
  const found = new Map<string, number>();
  for (const database of ['DB', 'DATA'] as const) {
    const db = databases[database];
    const names = tables.filter((one) => one.database === database).map(({ table }) => table);
    const described = await describe(
      db,
      names.map((table) => staged(id, table)),
    );
    const there = names.filter((_, index) => described[index]!.length > 0);
    if (there.length === 0) continue;
    const counts = await db.batch<{ rows: number }>(
      there.map((table) => db.prepare(`select count(*) as "rows" from ${staged(id, table)}`)),
    );
    there.forEach((table, index) => found.set(`${database}/${table}`, counts[index]!.results[0]!.rows));
  }
  return tables.map(({ database, table }) => found.get(`${database}/${table}`) ?? 0);
}

/** Returns the page without other columns than these; the position stays first. */
function withColumns({ columns, rows, next }: TablePage, known: readonly string[]): TablePage {
  const kept = columns.flatMap((column, index) => (known.includes(column) ? [index] : []));
  return {
    columns: kept.map((index) => columns[index]!),
    rows: rows.map((row) => [row[0]!, ...kept.map((index) => row[index + 1]!)]),
    next,
  };
}

async function insert(db: D1Database, name: string, { columns, rows }: TablePage, hasKey: boolean): Promise<void> {
  const names = [...(hasKey ? [] : ['rowid']), ...columns.map(quote)];
  const own = hasKey ? rows.map((row) => row.slice(1)) : rows;
  const perStatement = Math.max(1, Math.floor(MAX_PARAMS / names.length));
  const values = `(${names.map(() => '?').join(', ')})`;
  const statements: D1PreparedStatement[] = [];
  for (let from = 0; from < own.length; from += perStatement) {
    const some: StoredCell[][] = own.slice(from, from + perStatement);
    const sql = `insert or replace into ${name} (${names.join(', ')}) values ${some.map(() => values).join(', ')}`;
    statements.push(db.prepare(sql).bind(...some.flat().map(toBound)));
  }
  if (statements.length > 0) await db.batch(statements);
}

const toBound = (cell: StoredCell): string | number | null | Uint8Array =>
  typeof cell === 'object' && cell !== null ? fromBase64(cell.base64) : cell;

/** Creates a table for rows as the staged catalogue describes it. Returns false for one that the catalogue does not have. */
async function createRows(databases: Databases, id: string, table: string): Promise<boolean> {
  const { DATA } = databases;
  if ((await columnsOf(DATA, staged(id, table))).length > 0) return true;
  if (table === SEQUENCES) {
    await DATA.prepare(`create table ${staged(id, table)} ("name" text, "seq" integer)`).run();
    return true;
  }
  if (table === ANSWERS) {
    await DATA.prepare(CREATE_ROW_ANSWERS.replace('"idempotency"', staged(id, table))).run();
    return true;
  }
  const shape = (await shapes(databases.DB, id)).find((one) => one.id === table);
  if (shape === undefined) return false;
  // Without unique columns: the names of their indexes are those of the table in use.
  const columns = shape.columns.map((column) => ({ ...column, unique: false }));
  const [sql] = createTableSql({ ...shape, id: stagingName(id, table), columns });
  await DATA.prepare(sql!).run();
  return true;
}

/** The tables of the staged catalogue. */
async function shapes(db: D1Database, id: string): Promise<Shape[]> {
  const { results } = await db
    .prepare(`select "id", "id_type" as "idType", "columns" from ${staged(id, 'tables')}`)
    .all<Omit<Shape, 'columns'> & { columns: string }>();
  return results.map((row) => ({ ...row, columns: JSON.parse(row.columns) as StoredColumn[] }));
}

/** The last statement of a swap leaves a table of this name. */
const SWAPPED = 'swapped';

const hasSwappedRows = async ({ DATA }: Databases, id: string): Promise<boolean> =>
  (await columnsOf(DATA, staged(id, SWAPPED))).length > 0;

/** Replaces all tables of `DATA` in one transaction. Repeating it changes nothing. */
async function swapRows(databases: Databases, id: string): Promise<void> {
  const { DATA } = databases;
  if (await hasSwappedRows(databases, id)) return;
  const { results } = await DATA.prepare(`select name from sqlite_master where type = 'table'`).all<{ name: string }>();
  const present = new Set(results.map(({ name }) => name));
  const has = (table: string): boolean => present.has(stagingName(id, table));
  const ready = (await shapes(databases.DB, id)).filter((shape) => has(shape.id));
  const statements = (await listSqlTables(databases, 'DATA')).map((table) => dropTableSql(table));
  for (const shape of ready) {
    statements.push(`alter table ${staged(id, shape.id)} rename to ${quote(shape.id)}`);
    for (const column of shape.columns.filter(({ unique }) => unique)) statements.push(uniqueDdl(shape.id, column));
  }
  if (has(ANSWERS)) statements.push(`alter table ${staged(id, ANSWERS)} rename to ${quote(ANSWERS)}`);
  if (has(SEQUENCES)) {
    const counted = ready.filter(({ idType }) => idType === 'integer').map((shape) => `'${shape.id}'`);
    statements.push(...restoreCounters(staged(id, SEQUENCES), counted));
  }
  statements.push(`create table ${staged(id, SWAPPED)} ("at" integer)`);
  await DATA.batch(statements.map((sql) => DATA.prepare(sql)));
}

/** Sets the counters of tables with counted ids: an id that was deleted is not used again. */
const restoreCounters = (counters: string, tables: readonly string[]): string[] =>
  tables.length === 0
    ? []
    : [
        `delete from sqlite_sequence where "name" in (${tables.join(', ')})`,
        `insert into sqlite_sequence ("name", "seq") select "name", "seq" from ${counters} where "name" in (${tables.join(', ')})`,
      ];

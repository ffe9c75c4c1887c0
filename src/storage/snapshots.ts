import { toBase64 } from '../kernel/encoding';
import { firstId } from '../kernel/ids';
import { quote, sumSql } from './row-sql';

/** The two databases, by their bindings. */
export type DatabaseName = 'DB' | 'DATA';
export type Databases = Record<DatabaseName, D1Database>;
/** A value in a page: bytes are in base64. */
export type StoredCell = string | number | null | { base64: string };

/** A table of a snapshot, and the number of its rows. */
export interface SnapshotTable {
  database: DatabaseName;
  table: string;
  rows: number;
}
/** Consecutive rows of a table. Each starts with its position; `next` is the position of the last one, null at the end of the table. */
export interface TablePage {
  columns: string[];
  rows: StoredCell[][];
  next: number | null;
}

export const SNAPSHOT_PREFIX = 'snap_';
export const STAGING_PREFIX = 'rest_';

/** Tables that no backup has: credentials that must end with a restore, and the list of restores, which is of the service itself. */
const LEFT_OUT: Record<DatabaseName, readonly string[]> = { DB: ['sessions', 'restores', 'd1_migrations'], DATA: [] };

/** SQLite's counters of AUTOINCREMENT. Its name in a copy, since no table of one's own may begin with sqlite_. */
export const SEQUENCES = 'sequences';

const MAX_ROWS = 500;
const MAX_BYTES = 4_000_000;
/** How often a snapshot is taken again because a table was created or deleted between the two databases. */
const TRIES = 3;

export const snapshotName = (id: string, table: string): string => `${SNAPSHOT_PREFIX}${id}_${table}`;

/** Lists the tables of a database that belong to Portico, without copies of them. */
export async function listSqlTables(databases: Databases, database: DatabaseName): Promise<string[]> {
  const { results } = await databases[database]
    .prepare(`select name from sqlite_master where type = 'table' and name not glob '_cf_*' order by name`)
    .all<{ name: string }>();
  const isOwn = (name: string): boolean => !/^(sqlite_|snap_|rest_)/.test(name) && !LEFT_OUT[database].includes(name);
  return results.map(({ name }) => name).filter(isOwn);
}

/** Drops every table of a database whose name begins with `prefix`. */
export async function dropCopies(database: D1Database, prefix: string): Promise<void> {
  const { results } = await database
    .prepare(`select name from sqlite_master where type = 'table' and substr(name, 1, length(?1)) = ?1`)
    .bind(prefix)
    .all<{ name: string }>();
  if (results.length > 0)
    await database.batch(results.map(({ name }) => database.prepare(`drop table ${quote(name)}`)));
}

/**
 * Copies of all tables as they are at one moment. One batch, which is one transaction, copies all tables of a database, so that pages of
 * them can be read for as long as it takes. There is one snapshot at a time.
 */
export const createSnapshots = (databases: Databases) => ({
  /** Takes a snapshot, in the place of an earlier one. `at`: the moment of the rows, in Unix milliseconds. */
  take: async (id: string): Promise<{ at: number; tables: SnapshotTable[] }> => {
    for (let tries = 1; ; tries++) {
      await dropAll(databases);
      // DATA first: a table is created there before DB names it, and deleted after.
      const { at, tables: data } = await copyAll(databases, 'DATA', id);
      const { tables: db } = await copyAll(databases, 'DB', id);
      const catalogue = await listCatalogue(databases.DB, id);
      const known = data.filter(({ table }) => !table.startsWith('tbl_') || catalogue.includes(table));
      const isWhole = catalogue.every((one) => known.some(({ table }) => table === one));
      if (isWhole || tries === TRIES) return { at, tables: [...db, ...known] };
    }
  },
  /** Reads rows after the position `after`; null when there is no such snapshot or table. */
  read: async (
    id: string,
    { database, table }: Omit<SnapshotTable, 'rows'>,
    after: number,
  ): Promise<TablePage | null> => readPage(databases[database], quote(snapshotName(id, table)), after),
  drop: (id: string): Promise<void> => dropAll(databases, id),
  /**
   * Drops tables that backups and restores begun before `before` have left, one statement for each, and at most `limit` of a database.
   * Returns their number.
   */
  sweep: async (before: number, limit: number): Promise<number> =>
    (await sweepCopies(databases.DB, before, limit)) + (await sweepCopies(databases.DATA, before, limit)),
});

async function sweepCopies(database: D1Database, before: number, limit: number): Promise<number> {
  const { results } = await database
    .prepare(
      `select name from sqlite_master where type = 'table' and
        (name >= ?1 and name < ?2 or name >= ?3 and name < ?4) order by name limit ?5`,
    )
    .bind(
      ...[SNAPSHOT_PREFIX + firstId('bak', 0), SNAPSHOT_PREFIX + firstId('bak', before)],
      ...[STAGING_PREFIX + firstId('rst', 0), STAGING_PREFIX + firstId('rst', before)],
      limit,
    )
    .all<{ name: string }>();
  for (const { name } of results) await database.prepare(`drop table if exists ${quote(name)}`).run();
  return results.length;
}

async function dropAll(databases: Databases, id?: string): Promise<void> {
  const prefix = id === undefined ? SNAPSHOT_PREFIX : snapshotName(id, '');
  await Promise.all([dropCopies(databases.DB, prefix), dropCopies(databases.DATA, prefix)]);
}

async function copyAll(
  databases: Databases,
  database: DatabaseName,
  id: string,
): Promise<{ at: number; tables: SnapshotTable[] }> {
  const db = databases[database];
  const tables = await listSqlTables(databases, database);
  const copy = (table: string, columns: string, from: string): D1PreparedStatement =>
    db.prepare(`create table ${quote(snapshotName(id, table))} as select ${columns} from ${from}`);
  const counters =
    database === 'DATA' && (await hasCounters(db)) ? [copy(SEQUENCES, '"name", "seq"', 'sqlite_sequence')] : [];
  const made = [...tables, ...counters.map(() => SEQUENCES)];
  const clock = db.prepare(`select cast(unixepoch('subsec') * 1000 as integer) as "at"`);
  const results = await db.batch([...tables.map((table) => copy(table, '*', quote(table))), ...counters, clock]);
  const { at } = results.at(-1)!.results[0] as { at: number };
  if (made.length === 0) return { at, tables: [] };
  const counts = await db.batch<{ rows: number }>(
    made.map((table) => db.prepare(`select count(*) as "rows" from ${quote(snapshotName(id, table))}`)),
  );
  return { at, tables: made.map((table, index) => ({ database, table, rows: counts[index]!.results[0]!.rows })) };
}

const hasCounters = async (db: D1Database): Promise<boolean> =>
  (await db.prepare(`select 1 from sqlite_master where name = 'sqlite_sequence'`).first()) !== null;

/** Names of the tables in DATA that the copied catalogue has. */
async function listCatalogue(db: D1Database, id: string): Promise<string[]> {
  const { results } = await db.prepare(`select "id" from ${quote(snapshotName(id, 'tables'))}`).all<{ id: string }>();
  return results.map((row) => row.id);
}

async function readPage(db: D1Database, name: string, after: number): Promise<TablePage | null> {
  const { results: described } = await db.prepare(`pragma table_info(${name})`).all<{ name: string }>();
  if (described.length === 0) return null;
  const columns = described.map((column) => column.name);
  const size = sumSql(columns.map((column) => `coalesce(octet_length(${quote(column)}), 0)`));
  const { results: sizes } = await db
    .prepare(`select rowid as "at", ${size} as "size" from ${name} where rowid > ?1 order by rowid limit ${MAX_ROWS}`)
    .bind(after)
    .all<{ at: number; size: number }>();
  let bytes = 0;
  const fitting = sizes.filter((row, index) => (bytes += row.size) <= MAX_BYTES || index === 0);
  const last = fitting.at(-1)?.at ?? after;
  const rows = await db
    .prepare(
      `select rowid, ${columns.map(quote).join(', ')} from ${name} where rowid > ?1 and rowid <= ?2 order by rowid`,
    )
    .bind(after, last)
    .raw<unknown[]>();
  return {
    columns,
    rows: rows.map((row) => row.map(toCell)),
    next: sizes.length === MAX_ROWS || fitting.length < sizes.length ? last : null,
  };
}

/** D1 returns bytes as a list of numbers. */
const toCell = (value: unknown): StoredCell =>
  Array.isArray(value) ? { base64: toBase64(Uint8Array.from(value as number[])) } : (value as string | number | null);

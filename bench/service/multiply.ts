import type { Served } from './serve.ts';

/** Rows per statement: a statement of D1 has 30 s. */
const ROWS = 5000;

/**
 * Copies a row of a table as the copies numbered `from` to `to` - 1. `changes`: the SQL of the columns in which a copy differs, where
 * `i` is its number. Creating 100,000 endpoints through the API would take an hour.
 */
export async function multiply(
  database: Served['database'],
  table: string,
  where: { column: string; value: string },
  changes: Record<string, string>,
  [from, to]: [number, number],
): Promise<void> {
  const { results } = await database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all<{ name: string }>();
  const columns = results.map(({ name }) => name);
  const values = columns.map((name) => changes[name] ?? name);
  const statement = database.prepare(
    `WITH RECURSIVE numbers(i) AS (VALUES (?1) UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < ?2)
     INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM numbers, ${table} WHERE ${where.column} = ?3`,
  );
  for (let start = from; start < to; start += ROWS) {
    await statement.bind(start, Math.min(start + ROWS, to), where.value).run();
  }
}

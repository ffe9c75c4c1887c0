import { fillPlaceholders } from 'drizzle-orm';
import type { SQLitePreparedQuery } from 'drizzle-orm/sqlite-core';

interface Select<Row> {
  prepare: () => Pick<SQLitePreparedQuery<never>, 'getQuery' | 'mapAllResult'>;
  then: PromiseLike<Row[]>['then'];
}

/** A select whose SQL is built once, for reads that first calls wait for. */
export interface KeptSelect<Row> {
  bind: (values: Record<string, unknown>) => D1PreparedStatement;
  toRows: (result: D1Result) => Row[];
}

/** Builds the SQL of a select. Drizzle has prepared queries too, but its batches take no values for them. */
export function keepSelect<Row>(client: D1Database, select: Select<Row>): KeptSelect<Row> {
  const prepared = select.prepare();
  const { sql, params } = prepared.getQuery();
  const statement = client.prepare(sql);
  return {
    bind: (values) => statement.bind(...fillPlaceholders(params, values)),
    toRows: (result) => prepared.mapAllResult(result, true) as Row[],
  };
}

type RowsOf<Selects> = { [Name in keyof Selects]: Selects[Name] extends KeptSelect<infer Row> ? Row[] : never };

/** Reads selects in one batch. Returns their rows by name. `values` has a value for each placeholder. */
export async function readKept<Selects extends Record<string, KeptSelect<unknown>>>(
  client: D1Database,
  selects: Selects,
  values: Record<string, unknown>,
): Promise<RowsOf<Selects>> {
  const named = Object.entries(selects);
  const results = await client.batch(named.map(([, select]) => select.bind(values)));
  return Object.fromEntries(
    named.map(([name, { toRows }], index) => [name, toRows(results[index]!)]),
  ) as RowsOf<Selects>;
}

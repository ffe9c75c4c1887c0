import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import { viewerOf } from './access.rules';
import { findTable } from './open-table';
import type { ListTablesQuery, Table } from './table.schema';
import { toIso } from '../../../kernel/clock';
import type { TableRow } from '../../../storage/tables';

/** Converts a stored table to its form in the API, without the names that its columns have in DATA. */
export const toTable = ({ columns, createdAt, updatedAt, ...row }: TableRow): Table => ({
  ...row,
  columns: columns.map(({ key: _key, ...column }) => column),
  createdAt: toIso(createdAt),
  updatedAt: toIso(updatedAt),
});

/** Returns one table. Throws 404 to an actor who may not use its rows and has no built-in role, as for a table that does not exist. */
export const getTable = verb('table.read', async (ctx, id: string): Promise<Table> =>
  toTable(await findTable(ctx, id)),
);

/** Lists the tables that the actor may see, newest first. */
export const listTables = verb('table.read', async (ctx, query: ListTablesQuery): Promise<Page<Table>> => {
  const { actor } = ctx;
  const { limit, cursor, ...filter } = query;
  const rows = await ctx.store.tables.list(filter, viewerOf(actor), readCursor(cursor), limit + 1);
  return toPage(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }), toTable);
});

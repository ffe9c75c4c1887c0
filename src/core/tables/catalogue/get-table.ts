import type { Context } from '../../access/context';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { authorize } from '../../access/permissions';
import { viewerOf } from './access.rules';
import { findTable } from './open-table';
import type { ListTablesQuery, Table } from './table.schema';
import { toTable } from './to-table';

/** One table. Whoever may neither use its rows nor has a built-in role gets the 404 of a table that is not there. */
export async function getTable(ctx: Context, id: string): Promise<Table> {
  authorize(ctx, 'table.read');
  return toTable(await findTable(ctx, id));
}

/** The tables that the actor may see, newest first. */
export async function listTables(ctx: Context, query: ListTablesQuery): Promise<Page<Table>> {
  const actor = authorize(ctx, 'table.read');
  const { limit, cursor, ...filter } = query;
  const rows = await ctx.store.tables.list(filter, viewerOf(actor), readCursor(cursor), limit + 1);
  return toPage(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }), toTable);
}

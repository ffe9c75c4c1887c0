import type { Context } from '../access/context';
import { firstId } from '../../kernel/ids';
import { DAY_MS } from '../../kernel/clock';

/** After a day, no request is still creating a table, and an admin who restored DB to an earlier time has noticed. */
const AGE_MS = DAY_MS;
/** SQL tables dropped in one run; the next run is in five minutes. */
const MAX_TABLES = 20;
/** Names checked by one statement. */
const PAGE = 1000;

/**
 * Drops SQL tables of DATA without a row in the catalogue: their creation or deletion stopped between the two databases. A missing row
 * alone proves nothing, since DB may have been restored to an earlier time, or replaced. So the table must be a day old by the time in
 * its id, and either deleted according to the audit trail, or empty. Returns the names of the dropped tables.
 */
export async function dropOrphanedTables(ctx: Pick<Context, 'store' | 'now'>, page: number = PAGE): Promise<string[]> {
  const { rows, tables, audit } = ctx.store;
  const end = firstId('tbl', ctx.now() - AGE_MS);
  const dropped: string[] = [];
  let names = await rows.tableNames('', end, page);
  while (names.length > 0) {
    const unnamed = await tables.unnamed(names);
    const deleted = unnamed.length === 0 ? new Set() : await audit.objectsOf('table.delete', unnamed);
    for (const name of unnamed) {
      if (!deleted.has(name) && !(await rows.isEmpty(name))) continue;
      await rows.drop(name);
      dropped.push(name);
      if (dropped.length === MAX_TABLES) return dropped;
    }
    names = await rows.tableNames(names.at(-1)!, end, page);
  }
  return dropped;
}

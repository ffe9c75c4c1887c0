import type { Context } from '../access/context';
import { firstId } from '../../kernel/ids';

/** No request that made a table is still at it after a day, and whoever set DB back to an earlier time had a look. */
const AGE_MS = 86_400_000;
/** SQL tables that one turn drops; the next turn is five minutes away. */
const MAX_TABLES = 20;
/** Names that one statement looks at. */
const PAGE = 1000;

/**
 * Drops SQL tables of DATA that no row of the catalogue names: a creation or a deletion stopped between the two databases. Absence
 * alone proves nothing, since DB may have been set back, or be another one than it was. So the table must be a day old by the time in
 * its id, and either the audit trail says that it was deleted, or it is empty. Answers the names of those dropped.
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

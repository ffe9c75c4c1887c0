import { change } from '../../change/change';
import { ApiError } from '../../../kernel/errors';
import { checkRevision, type IfMatch } from '../../access/revision';
import { usesOf } from '../../uses/in-use';
import { verb } from '../../access/verb';
import { findTable } from './open-table';

const ADVICE = 'Change them first, or delete the table with ?force=true: code that uses it then fails.';

/**
 * Deletes a table and its rows. Throws 409 `in_use` when it has rows, or when a default version names it; `force` overrides both. Deletes
 * the catalogue row first: after that, the rows are unreachable, and if dropping them does not happen, retention drops them.
 */
export const deleteTable = verb(
  'table.write',
  async (ctx, id: string, force: boolean, ifMatch: IfMatch): Promise<void> => {
    const table = await findTable(ctx, id);
    checkRevision(ifMatch, table.revision);
    const { schema, name } = table;
    const { rows, tables } = ctx.store;
    const used = { noun: 'table', schema, name } as const;
    // Rows are in another database than the catalogue: a row inserted after this check is deleted with the others.
    if (!force && !(await rows.isEmpty(id))) {
      const { items } = await usesOf(ctx, used);
      throw new ApiError('in_use', 'This table has rows. Export them, or delete it with ?force=true.', {
        uses: items,
      });
    }
    await change(ctx, {
      action: 'table.delete',
      id,
      changes: { schema, name, force },
      write: tables.remove(id, table.revision),
      revision: table.revision,
      unused: { used, force, advice: ADVICE },
    });
    await rows.drop(id);
  },
);

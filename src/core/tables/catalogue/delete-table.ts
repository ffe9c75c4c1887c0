import { change } from '../../change/change';
import { ApiError } from '../../../kernel/errors';
import { checkRevision, type IfMatch } from '../../access/revision';
import { usesOf } from '../../uses/in-use';
import { verb } from '../../access/verb';
import { findTable } from './open-table';

const ADVICE = 'Change them first, or delete with ?force=true: what asks for it fails then.';

/**
 * Deletes a table and its rows. 409 `in_use` while it holds rows, or code that is served names it; `force` overrides both. The catalogue
 * goes first: from then on nothing reaches the rows, and if dropping them does not happen they are out of reach under a name that is
 * never used again, until retention drops them.
 */
export const deleteTable = verb(
  'table.write',
  async (ctx, id: string, force: boolean, ifMatch: IfMatch): Promise<void> => {
    const table = await findTable(ctx, id);
    checkRevision(ifMatch, table.revision);
    const { schema, name } = table;
    const { rows, tables } = ctx.store;
    const used = { noun: 'table', schema, name } as const;
    // In another database than the catalogue: a row that is inserted after this goes with the others.
    if (!force && !(await rows.isEmpty(id))) {
      const { items } = await usesOf(ctx, used);
      throw new ApiError('in_use', 'This table holds rows. Export them, or delete it with ?force=true.', {
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

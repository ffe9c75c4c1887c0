import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { inUse, usesOf } from '../../uses/in-use';
import { authorize } from '../../access/permissions';
import { findTable } from './open-table';

const ADVICE = 'Change them first, or delete with ?force=true: what asks for it fails then.';

/**
 * Deletes a table and its rows. 409 `in_use` while it holds rows, or code that is served names it; `force` overrides both. The catalogue
 * goes first: from then on nothing reaches the rows, and if dropping them does not happen they are out of reach under a name that is
 * never used again, until retention drops them.
 */
export async function deleteTable(ctx: Context, id: string, force: boolean, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'table.write');
  const table = await findTable(ctx, id);
  checkRevision(ifMatch, table.revision);
  const { schema, name } = table;
  const { rows, tables, uses, commit } = ctx.store;
  const used = { noun: 'table', schema, name } as const;
  // In another database than the catalogue: a row that is inserted after this goes with the others.
  if (!force && !(await rows.isEmpty(id))) {
    const { items } = await usesOf(ctx, used);
    throw new ApiError('in_use', 'This table holds rows. Export them, or delete it with ?force=true.', { uses: items });
  }
  const entry = auditRow(ctx, 'table.delete', id, { schema, name, force });
  const result = await commit(tables.remove(id, table.revision), entry, [], [uses.none(used, force)]);
  if (result.kind === 'unmet') throw await inUse(ctx, used, force, ADVICE);
  expectDone(result, table.revision);
  await rows.drop(id);
}

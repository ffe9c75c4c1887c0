import type { Context } from '../../access/context';
import { change } from '../../change/change';
import { defined } from '../../../kernel/defined';
import type { TableRow } from '../../../storage/tables';
import { diff, isEmpty } from '../../audit/diff.rules';
import { ApiError } from '../../../kernel/errors';
import { invalidInput } from '../../../kernel/issues';
import { checkRevision, type IfMatch } from '../../access/revision';
import { assertRolesExist } from '../../identity/roles/assert-roles';
import { verb } from '../../access/verb';
import type { StoredColumn } from './column.schema';
import { tableTaken, storeColumns } from './create-table';
import { findTable } from './open-table';
import type { Table, UpdateTableInput } from './table.schema';
import { toTable } from './get-table';
import { missingStorage } from './rows-result';
import { planColumns } from './update.rules';
import { toStoredValue } from './value.rules';

const ADVICE =
  'Deploy code with the new name first, or rename the table with ?force=true: code that uses the old name then fails.';

/**
 * Updates a table. Creates new columns in DATA before the catalogue names them, and drops columns after the catalogue has dropped them:
 * the catalogue never names a column that does not exist, and a missed step only leaves an unused column. Names are in the catalogue
 * only. Throws 409: `name_taken`; `in_use` for a new name while a default version uses the old one, which `force` overrides;
 * `value_taken` for a unique column with a default when the table has rows.
 */
export const updateTable = verb(
  'table.write',
  async (ctx, id: string, input: UpdateTableInput, force: boolean, ifMatch: IfMatch): Promise<Table> => {
    const before = await findTable(ctx, id);
    checkRevision(ifMatch, before.revision);
    const requires = [
      ...(await assertRolesExist(ctx, input.read ?? [], 'read')),
      ...(await assertRolesExist(ctx, input.write ?? [], 'write')),
    ];
    const { renameColumns, dropColumns, addColumns, ...patch } = input;
    const plan = planColumns(before.columns, { renameColumns, dropColumns, addColumns });
    if ('issues' in plan) throw invalidInput(plan.issues);
    const added = storeColumns(plan.added);
    const row: TableRow = {
      ...before,
      ...defined(patch),
      columns: [...plan.kept, ...added],
      revision: before.revision + 1,
      updatedAt: ctx.now(),
    };
    const changes = diff(toTable(before), changed(toTable(row)));
    // A column that is dropped and added again looks the same, but has lost its values.
    if (isEmpty(changes) && added.length === 0 && plan.dropped.length === 0) return toTable(before);
    const isRenamed = row.schema !== before.schema || row.name !== before.name;
    await addAll(ctx, before, added);
    await change(ctx, {
      action: 'table.update',
      id,
      changes: force ? { ...changes, force } : changes,
      write: ctx.store.tables.update(id, before.revision, row),
      revision: before.revision,
      requires,
      unused: isRenamed
        ? { used: { noun: 'table', schema: before.schema, name: before.name }, force, advice: ADVICE }
        : undefined,
      taken: tableTaken(row.schema, row.name),
      undo: () => dropAll(ctx, id, added),
    });
    await dropAll(ctx, id, plan.dropped);
    return toTable(row);
  },
);

const changed = ({ revision: _revision, updatedAt: _updatedAt, ...table }: Table): Partial<Table> => table;

async function addAll(ctx: Context, table: TableRow, columns: StoredColumn[]): Promise<void> {
  for (const [i, column] of columns.entries()) {
    const value = toStoredValue(column.type, column.default);
    const result = await ctx.store.rows.addColumn(table.id, column, 'value' in value ? value.value : null);
    if (result.kind === 'done') continue;
    await dropAll(ctx, table.id, columns.slice(0, i));
    throw result.kind === 'taken'
      ? new ApiError('value_taken', `Existing rows cannot share the default of the unique column ${column.name}.`)
      : await missingStorage(ctx, table, result.what);
  }
}

async function dropAll(ctx: Context, id: string, columns: StoredColumn[]): Promise<void> {
  for (const column of columns) await ctx.store.rows.dropColumn(id, column);
}

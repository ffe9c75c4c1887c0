import type { RowsResult } from '../../../storage/rows';
import type { TableRow } from '../../../storage/tables';
import type { Context } from '../../access/context';
import { ApiError, type Issue } from '../../../kernel/errors';
import { invalidInput } from '../../../kernel/issues';

/**
 * The value of a statement that was carried out. 409 `value_taken`, with the column; what `missingStorage` answers when DATA does not have
 * what the definition names.
 */
export async function unwrapRows<T>(ctx: Context, table: TableRow, result: RowsResult<T>): Promise<T> {
  if (result.kind === 'done') return result.value;
  if (result.kind === 'missing') throw await missingStorage(ctx, table, result.what);
  const column = table.columns.find(({ key }) => key === result.key)?.name ?? 'id';
  const message = `another row has this ${column}`;
  throw new ApiError('value_taken', `${table.name}: ${message}.`, {
    issues: [{ pointer: `#/${column}`, code: 'value_taken', message }],
  });
}

/**
 * Why DATA does not have what a definition names. 404 for a table that was deleted since the definition was read, 409 `table_changed` for
 * one whose columns changed. A definition that is still the same has lost its rows, as after a restore of one database without the
 * other: 503 `table_storage_missing`.
 */
export async function missingStorage(ctx: Context, table: TableRow, what: 'table' | 'column'): Promise<ApiError> {
  const now = await ctx.store.tables.get(table.id);
  if (!now) return new ApiError('not_found', `The table ${table.name} was deleted meanwhile.`);
  if (what === 'column' && now.revision !== table.revision)
    return new ApiError('table_changed', `The columns of the table ${table.name} were changed meanwhile. Try again.`);
  const lost = what === 'table' ? 'has no storage' : 'lacks a column in its storage';
  return new ApiError(
    'table_storage_missing',
    `The table ${table.name} ${lost}: the database of rows (DATA) does not have what the definition names. ` +
      'Restore DATA to the time of the definitions (DB), or delete the table and create it again.',
  );
}

/** A plan, or everything that is wrong with what was asked. */
export type Planned<T> = { plan: T } | { issues: Issue[] };

/** The plan of a change; 422 with every issue. */
export function unwrapPlan<T>(planned: Planned<T>): T {
  if ('issues' in planned) throw invalidInput(planned.issues);
  return planned.plan;
}

/** The plan of a question; 400 with every issue, since what is wrong with a question is its address. */
export function unwrapQuery<T>(planned: Planned<T>): T {
  if ('plan' in planned) return planned.plan;
  const issues = planned.issues.map((issue): Issue => ({
    ...issue,
    pointer: `#/query${issue.pointer.slice(1)}`,
  }));
  const { pointer, message } = planned.issues[0]!;
  throw new ApiError('invalid_parameter', `${pointer.slice(2)}: ${message}`, { issues });
}

import type { RowsResult } from '../../../storage/rows';
import type { TableRow } from '../../../storage/tables';
import type { Context } from '../../access/context';
import { ApiError, type Issue } from '../../../kernel/errors';
import { invalidInput } from '../../../kernel/issues';

/**
 * Returns the value of a statement that succeeded. Throws 409 `value_taken` with the column, or the error of `missingStorage` when DATA
 * does not match the definition.
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
 * Builds the error for a definition that DATA does not match: 404 when the table was deleted since the definition was read, 409
 * `table_changed` when its columns were changed. When the definition is unchanged, its storage is lost, as after a restore of one
 * database without the other: 503 `table_storage_missing`.
 */
export async function missingStorage(ctx: Context, table: TableRow, what: 'table' | 'column'): Promise<ApiError> {
  const now = await ctx.store.tables.get(table.id);
  if (!now) return new ApiError('not_found', `The table ${table.name} was deleted concurrently.`);
  if (what === 'column' && now.revision !== table.revision)
    return new ApiError(
      'table_changed',
      `The columns of the table ${table.name} were changed concurrently. Try again.`,
    );
  const lost = what === 'table' ? 'has no storage' : 'lacks a column in its storage';
  return new ApiError(
    'table_storage_missing',
    `The table ${table.name} ${lost}: the database of rows (DATA) does not match the definition. ` +
      'Restore DATA to the time of the definitions (DB), or delete the table and create it again.',
  );
}

/** A plan, or every issue of the request. */
export type Planned<T> = { plan: T } | { issues: Issue[] };

/** Returns the plan of a change, or throws 422 with every issue. */
export function unwrapPlan<T>(planned: Planned<T>): T {
  if ('issues' in planned) throw invalidInput(planned.issues);
  return planned.plan;
}

/** Returns the plan of a query, or throws 400 with every issue, since a query is a part of the URL. */
export function unwrapQuery<T>(planned: Planned<T>): T {
  if ('plan' in planned) return planned.plan;
  const issues = planned.issues.map((issue): Issue => ({
    ...issue,
    pointer: `#/query${issue.pointer.slice(1)}`,
  }));
  const { pointer, message } = planned.issues[0]!;
  throw new ApiError('invalid_parameter', `${pointer.slice(2)}: ${message}`, { issues });
}

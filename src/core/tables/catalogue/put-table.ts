import { checkRevision, type IfMatch } from '../../access/revision';
import type { Context } from '../../access/context';
import { verb } from '../../access/verb';
import { invalidField, invalidInput } from '../../../kernel/issues';
import { notFound } from '../../../kernel/errors';
import { rightsOf } from './access.rules';
import { columnChanges } from './column-changes.rules';
import { createTable } from './create-table';
import { toTable } from './get-table';
import { DEFAULT_SCHEMA, type CreateTableInput, type Table } from './table.schema';
import { updateTable } from './update-table';

/** Splits `schema.name`; a name without a schema is in `public`. */
export function splitTableName(full: string): { schema: string; name: string } {
  const dot = full.indexOf('.');
  return dot < 0 ? { schema: DEFAULT_SCHEMA, name: full } : { schema: full.slice(0, dot), name: full.slice(dot + 1) };
}

async function findByName(ctx: Context, full: string) {
  const { schema, name } = splitTableName(full);
  const row = await ctx.store.tables.byName(schema, name);
  return row && rightsOf(ctx.actor, row).see ? row : null;
}

/** Returns the table of this name, or null when the actor may see none. */
export const getTableNamedIfAny = verb('table.read', async (ctx, full: string): Promise<Table | null> => {
  const row = await findByName(ctx, full);
  return row && toTable(row);
});

/** As `getTableNamedIfAny`; throws 404 when there is none. */
export const getTableNamed = verb('table.read', async (ctx, full: string): Promise<Table> => {
  const found = await getTableNamedIfAny(ctx, full);
  if (!found) throw notFound('table');
  return found;
});

/**
 * Creates a table, or adds the columns that it lacks and gives it exactly these settings. Never drops or changes a column: throws 422 for a
 * column that the input lacks, and for one that differs. Writes nothing when all is as it was.
 */
export const putTable = verb(
  'table.write',
  async (ctx, full: string, input: CreateTableInput, ifMatch: IfMatch): Promise<Table> => {
    const { schema, name } = splitTableName(full);
    if (input.name !== name || (input.schema !== schema && full.includes('.')))
      throw invalidField('name', 'contradiction', 'must be the name of the URL: PATCH the table to change it');
    const row = await findByName(ctx, full);
    if (!row) {
      checkRevision(ifMatch, 0);
      return createTable(ctx, { ...input, schema });
    }
    const { issues, addColumns, dropColumns } = columnChanges(row.columns, input.columns);
    const missing = dropColumns.map((column) => ({
      pointer: '#/columns',
      code: 'required',
      message: `the column ${column} is missing: PATCH the table with dropColumns to drop it and its values`,
    }));
    if (input.idType !== row.idType)
      issues.push({ pointer: '#/idType', code: 'column_fixed', message: 'cannot be changed' });
    if (issues.length + missing.length > 0) throw invalidInput([...issues, ...missing]);
    const { description, read, write } = input;
    const change = { description, read, write, addColumns, renameColumns: {}, dropColumns: [] };
    return updateTable(ctx, row.id, change, false, ifMatch);
  },
);

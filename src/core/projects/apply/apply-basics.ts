import type { Context } from '../../access/context';
import { createRole } from '../../identity/roles/create-role';
import { updateRole } from '../../identity/roles/update-role';
import { declareKey } from '../../identity/keys/declare-key';
import { updateKey } from '../../identity/keys/update-key';
import { declareSecret } from '../../publishing/secrets/declare-secret';
import { columnChanges, type ColumnChanges } from '../../tables/catalogue/column-changes.rules';
import { createTable } from '../../tables/catalogue/create-table';
import { CreateTableInput } from '../../tables/catalogue/table.schema';
import { updateTable } from '../../tables/catalogue/update-table';
import { KeyDocument, RoleDocument, SecretDocument } from '../documents/documents';
import type { PushStep } from '../plan/to-step';
import { memory, openBatch, type Done } from './batch';

const NO_COLUMNS = { renameColumns: {}, dropColumns: [], addColumns: [] };

/** Makes and changes roles, then tables, then secrets and keys: what endpoints name, and what no served endpoint misses. */
export async function applyBasics(ctx: Context, project: string, steps: readonly PushStep[]): Promise<void> {
  const of = (kind: PushStep['kind']): PushStep[] => steps.filter((step) => step.kind === kind && step.target !== null);
  const roles = openBatch(ctx, project);
  for (const step of of('role')) await roles.add(step, (as) => putRole(as, step));
  await roles.make();
  for (const step of of('table')) await growTable(ctx, project, step);
  const others = openBatch(ctx, project);
  for (const step of of('secret')) await others.add(step, (as) => putSecretOf(as, step));
  for (const step of of('key')) await others.add(step, (as) => putKey(as, step));
  await others.make();
}

async function putRole(ctx: Context, { identity: name, target, found }: PushStep): Promise<Done> {
  const { description } = RoleDocument.parse(target);
  const role = found
    ? await updateRole(ctx, name, { description }, found.at)
    : await createRole(ctx, { name, description });
  return { id: name, at: role.revision };
}

async function putSecretOf(ctx: Context, { identity: name, target }: PushStep): Promise<Done> {
  const { updatedAt } = await declareSecret(ctx, name, SecretDocument.parse(target));
  return { id: name, at: Date.parse(updatedAt) };
}

async function putKey(ctx: Context, { identity: alias, target, found }: PushStep): Promise<Done> {
  const { was: _was, ...fields } = KeyDocument.parse(target);
  const key = found
    ? await updateKey(ctx, found.id, { ...fields, alias }, found.at)
    : await declareKey(ctx, { ...fields, alias });
  return { id: key.id, at: key.revision };
}

/** Returns the changes of the columns of a table that exists. */
export function columnChangesOf({ found, target, pushed }: PushStep): ColumnChanges | null {
  if (found?.kind !== 'table' || target === null) return null;
  return columnChanges(found.row.columns, CreateTableInput.parse(target).columns, pushed?.formerNames);
}

/** Makes a table, or adds columns and changes settings. Names change with the handlers that use them, and columns are dropped last. */
async function growTable(ctx: Context, project: string, step: PushStep): Promise<void> {
  const input = CreateTableInput.parse(step.target);
  const columns = columnChangesOf(step);
  if (!columns) {
    const table = await createTable(ctx, input);
    return ctx.store.projects.remember(memory(ctx, project, step, { id: table.id, at: table.revision }));
  }
  const { description, read, write } = input;
  const patch = { ...NO_COLUMNS, description, read, write, addColumns: columns.addColumns };
  const table = await updateTable(ctx, step.found!.id, patch, false, step.found!.at);
  if (!renames(step, columns) && columns.dropColumns.length === 0)
    await ctx.store.projects.remember(memory(ctx, project, step, { id: table.id, at: table.revision }));
}

export const renames = ({ identity, found }: PushStep, { renameColumns }: ColumnChanges): boolean =>
  identity !== found?.identity || Object.keys(renameColumns).length > 0;

/** Gives a table and its columns their new names, in the transaction of the handlers that use them. */
export async function renameTable(ctx: Context, step: PushStep, columns: ColumnChanges): Promise<Done> {
  const { schema, name } = CreateTableInput.parse(step.target);
  const patch = { ...NO_COLUMNS, schema, name, renameColumns: columns.renameColumns };
  const table = await updateTable(ctx, step.found!.id, patch, false, null);
  return { id: table.id, at: table.revision };
}

/** Drops columns with their values. */
export async function dropColumns(
  ctx: Context,
  project: string,
  step: PushStep,
  columns: ColumnChanges,
): Promise<void> {
  const patch = { ...NO_COLUMNS, dropColumns: columns.dropColumns };
  const table = await updateTable(ctx, step.found!.id, patch, false, null);
  await ctx.store.projects.remember(memory(ctx, project, step, { id: table.id, at: table.revision }));
}

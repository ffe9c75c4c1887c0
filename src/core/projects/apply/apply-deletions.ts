import type { Context } from '../../access/context';
import { deleteRole } from '../../identity/roles/delete-role';
import { deleteKey } from '../../identity/keys/delete-key';
import { deleteHandler } from '../../publishing/handlers/delete-handler';
import { deleteSecret } from '../../publishing/secrets/delete-secret';
import { deleteTable } from '../../tables/catalogue/delete-table';
import type { Kind } from '../documents/documents';
import type { PushStep } from '../plan/to-step';
import { columnChangesOf, dropColumns } from './apply-basics';
import { memory } from './batch';

/** Deletions in the order in which nothing of the project uses the next. Endpoints are gone by then. */
const ORDER = ['handler', 'table', 'key', 'secret', 'role'] as const satisfies Kind[];

const DELETE: Record<(typeof ORDER)[number], (ctx: Context, step: PushStep) => Promise<void>> = {
  handler: (ctx, { found }) => deleteHandler(ctx, found!.id, false, null),
  // The plan has asked for its rows.
  table: (ctx, { found, losses }) => deleteTable(ctx, found!.id, losses.length > 0, null),
  key: (ctx, { found }) => deleteKey(ctx, found!.id, false, null),
  secret: (ctx, { found }) => deleteSecret(ctx, found!.id, false),
  role: (ctx, { found }) => deleteRole(ctx, found!.id, null),
};

/** Drops columns and deletes objects, each in its own transaction. Throws 409 `in_use` for one that something else uses. */
export async function applyDeletions(ctx: Context, project: string, steps: readonly PushStep[]): Promise<void> {
  for (const step of steps) {
    const columns = step.kind === 'table' ? columnChangesOf(step) : null;
    if (columns && columns.dropColumns.length > 0) await dropColumns(ctx, project, step, columns);
  }
  for (const kind of ORDER) {
    for (const step of steps.filter((one) => one.kind === kind && one.action === 'delete')) {
      await DELETE[kind](ctx, step);
      await ctx.store.projects.remember(memory(ctx, project, step, { id: step.found!.id, at: 0 }));
    }
  }
}

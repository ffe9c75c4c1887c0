import { auditRow } from '../audit/audit-row';
import type { Context } from '../access/context';
import { ApiError, notFound } from '../../kernel/errors';
import { authorize } from '../access/permissions';

/**
 * Deletes the record of a call, for the sake of what is in it; the audit log keeps that it was there, and of which endpoint. 409 `in_use`
 * while the call goes on: its end would bring the record back.
 */
export async function deleteRun(ctx: Context, id: string): Promise<void> {
  authorize(ctx, 'run.delete');
  const { runs, commit } = ctx.store;
  const run = await runs.get(id);
  if (!run) throw notFound('run');
  const { endpointId, outcome, startedAt } = run;
  if (outcome === 'running')
    throw new ApiError('in_use', 'The call of this run goes on. Delete the run when it is over.');
  const entry = auditRow(ctx, 'run.delete', id, { endpointId, outcome, startedAt: new Date(startedAt).toISOString() });
  const result = await commit(runs.delete(id), entry);
  if (result.kind !== 'done') throw notFound('run');
}

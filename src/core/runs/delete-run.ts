import { addAuditRow } from '../audit/audit-row';
import { toIso } from '../../kernel/clock';
import { ApiError, notFound } from '../../kernel/errors';
import { verb } from '../access/verb';

/**
 * Deletes the record of a call. The audit log keeps the fact, and the endpoint; the counts of calls keep the call. Throws 409 `in_use` while
 * the call is running: its end would create the record again.
 */
export const deleteRun = verb('run.delete', async (ctx, id: string): Promise<void> => {
  const run = await ctx.runLog.get(id);
  if (!run) throw notFound('run');
  const { endpointId, outcome, startedAt } = run;
  if (outcome === 'running')
    throw new ApiError('in_use', 'The call of this run has not ended. Delete the run when it has.');
  // First, since the two are in different stores: no record disappears without an entry.
  await addAuditRow(ctx, 'run.delete', id, { endpointId, outcome, startedAt: toIso(startedAt) });
  await ctx.runLog.remove(id);
});

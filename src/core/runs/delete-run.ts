import { change } from '../change/change';
import { toIso } from '../../kernel/clock';
import { ApiError, notFound } from '../../kernel/errors';
import { verb } from '../access/verb';

/**
 * Deletes the record of a call. The audit log keeps the fact, and the endpoint. Throws 409 `in_use` while the call is running: its end
 * would create the record again.
 */
export const deleteRun = verb('run.delete', async (ctx, id: string): Promise<void> => {
  const { runs } = ctx.store;
  const run = await runs.get(id);
  if (!run) throw notFound('run');
  const { endpointId, outcome, startedAt } = run;
  if (outcome === 'running')
    throw new ApiError('in_use', 'The call of this run has not ended. Delete the run when it has.');
  await change(ctx, {
    action: 'run.delete',
    id,
    changes: { endpointId, outcome, startedAt: toIso(startedAt) },
    write: runs.delete(id),
    explain: () => notFound('run'),
  });
});

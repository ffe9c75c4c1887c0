import { change } from '../change/change';
import { toIso } from '../../kernel/clock';
import { ApiError, notFound } from '../../kernel/errors';
import { verb } from '../access/verb';

/**
 * Deletes the record of a call, for the sake of what is in it; the audit log keeps that it was there, and of which endpoint. 409 `in_use`
 * while the call goes on: its end would bring the record back.
 */
export const deleteRun = verb('run.delete', async (ctx, id: string): Promise<void> => {
  const { runs } = ctx.store;
  const run = await runs.get(id);
  if (!run) throw notFound('run');
  const { endpointId, outcome, startedAt } = run;
  if (outcome === 'running')
    throw new ApiError('in_use', 'The call of this run goes on. Delete the run when it is over.');
  await change(ctx, {
    action: 'run.delete',
    id,
    changes: { endpointId, outcome, startedAt: toIso(startedAt) },
    write: runs.delete(id),
    explain: () => notFound('run'),
  });
});

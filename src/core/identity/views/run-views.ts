import { staleRevision } from '../../access/revision';
import { verb } from '../../access/verb';
import { requireSession } from '../sessions/get-session';
import type { PutRunViewsInput, RunViews } from './run-view.schema';

/*
 * Named filters of the run history that a user has pinned. They are one document: who pins, renames or sorts them writes all of them. No
 * one else sees them, and they are no part of the audit trail.
 */

/** Returns the views of the signed-in user; revision 0: none were ever pinned. */
export const getRunViews = verb('session.own', async (ctx): Promise<RunViews> => {
  const row = await ctx.store.runViews.get(requireSession(ctx).id);
  return { items: row?.items ?? [], revision: row?.revision ?? 0 };
});

/** Replaces the views of the signed-in user. Throws 412 when they have changed since the revision that these follow. */
export const putRunViews = verb('session.own', async (ctx, { items, follows }: PutRunViewsInput): Promise<RunViews> => {
  const userId = requireSession(ctx).id;
  const { runViews } = ctx.store;
  const row = { userId, items, revision: follows + 1, updatedAt: ctx.now() };
  if (!(await runViews.put(row, follows))) throw staleRevision((await runViews.get(userId))?.revision ?? 0);
  return { items, revision: row.revision };
});

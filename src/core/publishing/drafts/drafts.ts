import type { DraftRow } from '../../../storage/drafts';
import type { Context } from '../../access/context';
import { staleRevision } from '../../access/revision';
import { verb } from '../../access/verb';
import { requireSession } from '../../identity/sessions/get-session';
import { toIso } from '../../../kernel/clock';
import { ApiError, notFound } from '../../../kernel/errors';
import { MAX_DRAFTS, type Draft, type DraftParams, type DraftSummary, type PutDraftInput } from './draft.schema';

/*
 * Texts that their user has not saved yet, for their other devices. No one else sees them, nothing runs them, and they are no part of the
 * audit trail: an editor writes one every few seconds.
 */

const toSummary = ({ kind, objectId, baseVersion, revision, updatedAt }: Omit<DraftRow, 'text'>): DraftSummary => ({
  kind,
  id: objectId,
  baseVersion,
  revision,
  updatedAt: toIso(updatedAt),
});
const toDraft = ({ text, ...row }: DraftRow): Draft => ({ ...toSummary(row), text });
const ownerOf = (ctx: Context): string => requireSession(ctx).id;

/** Lists the drafts of the signed-in user, newest first, without their texts. */
export const listDrafts = verb('session.own', async (ctx): Promise<{ items: DraftSummary[] }> => ({
  items: (await ctx.store.drafts.list(ownerOf(ctx), MAX_DRAFTS)).map(toSummary),
}));

/** Returns a draft of the signed-in user. Throws 404. */
export const getDraft = verb('session.own', async (ctx, { kind, id }: DraftParams): Promise<Draft> => {
  const row = await ctx.store.drafts.get(ownerOf(ctx), kind, id);
  if (!row) throw notFound('draft');
  return toDraft(row);
});

/** Keeps a draft. Throws 412 when another device has kept a text since the one that this follows, and 409 `in_use` beyond MAX_DRAFTS. */
export const putDraft = verb(
  'session.own',
  async (ctx, { kind, id }: DraftParams, input: PutDraftInput): Promise<DraftSummary> => {
    const userId = ownerOf(ctx);
    const { follows, text, baseVersion } = input;
    const { drafts } = ctx.store;
    const row = { userId, kind, objectId: id, baseVersion, text, revision: follows + 1, updatedAt: ctx.now() };
    if (follows === 0 && (await drafts.list(userId, MAX_DRAFTS)).length === MAX_DRAFTS)
      throw new ApiError('in_use', `You have ${MAX_DRAFTS} drafts. Save or discard one first.`);
    if (!(await drafts.put(row, follows))) throw staleRevision((await drafts.get(userId, kind, id))?.revision ?? 0);
    return toSummary(row);
  },
);

/** Deletes a draft; one that does not exist is no error. */
export const deleteDraft = verb('session.own', async (ctx, { kind, id }: DraftParams): Promise<void> => {
  await ctx.store.drafts.remove(ownerOf(ctx), kind, id);
});

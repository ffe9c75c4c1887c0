import { change } from '../../change/change';
import { checkRevision, type IfMatch } from '../../access/revision';
import { verb } from '../../access/verb';
import { findToken } from './get-token';

/** Revokes a token permanently. Its row stays, so that the audit trail and old runs can name it. */
export const revokeToken = verb('token.write', async (ctx, id: string, ifMatch: IfMatch): Promise<void> => {
  const token = await findToken(ctx, id);
  checkRevision(ifMatch, token.revision);
  const now = ctx.now();
  await change(ctx, {
    action: 'token.revoke',
    id,
    changes: { name: token.name },
    write: ctx.store.tokens.update(id, token.revision, { revokedAt: now, updatedAt: now }),
    revision: token.revision,
  });
});

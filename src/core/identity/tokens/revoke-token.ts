import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { authorize } from '../../access/permissions';
import { findToken } from './get-token';

/** Revokes a token for good. Its row stays, so that the audit trail and old runs can name it. */
export async function revokeToken(ctx: Context, id: string, ifMatch: IfMatch): Promise<void> {
  authorize(ctx, 'token.write');
  const token = await findToken(ctx, id);
  checkRevision(ifMatch, token.revision);
  const { commit, tokens } = ctx.store;
  const entry = auditRow(ctx, 'token.revoke', id, { name: token.name });
  const now = ctx.now();
  expectDone(
    await commit(tokens.update(id, token.revision, { revokedAt: now, updatedAt: now }), entry),
    token.revision,
  );
  ctx.memory.forget();
}

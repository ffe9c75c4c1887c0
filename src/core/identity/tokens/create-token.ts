import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { keepAnswer } from '../../idempotency/keep-answer';
import { newId, randomText } from '../../../kernel/ids';
import { expectDone } from '../../access/revision';
import { expectRoles } from '../roles/expect-roles';
import { authorize } from '../../access/permissions';
import { authSecret } from '../../access/auth-secret';
import { executorOfNew, findExecutor } from './find-executor';
import { signJwt } from './jwt';
import { toToken } from './to-token';
import type { CreateTokenInput, TokenWithValue } from './token.schema';

/**
 * A named JWT for a caller; its value is in this answer and nowhere else. It holds no roles and no expiry: both are in its row, which
 * is read when the token is used, so that they can be changed and the token be revoked. 422 when a role does not exist, or the executor may
 * do more than the token.
 */
export async function createToken(ctx: Context, input: CreateTokenInput): Promise<TokenWithValue> {
  const actor = authorize(ctx, 'token.write');
  const secret = authSecret(ctx.settings);
  const rolesExist = await expectRoles(ctx, input.roles);
  const now = ctx.now();
  const id = newId('tok', now);
  const { executorId, following, preconditions } =
    input.executor === undefined
      ? executorOfNew(ctx, actor, { id, roles: input.roles })
      : await findExecutor(ctx, input.executor, input.roles);
  const row = {
    id,
    name: input.name,
    roles: input.roles,
    executorId,
    expiresAt: input.expiresAt === null ? null : Date.parse(input.expiresAt),
    revision: 1,
    createdAt: now,
    updatedAt: now,
    createdBy: actor.type === 'user' ? actor.id : actor.type,
  };
  const token = await signJwt(secret, 'endpoint', { sub: row.id, jti: randomText(16), iat: Math.floor(now / 1000) });
  const created = { ...toToken(row), token };
  const entry = auditRow(ctx, 'token.create', row.id, {
    name: row.name,
    roles: row.roles,
    executor: executorId,
    expiresAt: input.expiresAt,
  });
  expectDone(
    await ctx.store.commit(
      ctx.store.tokens.insert(row),
      entry,
      [...following, ...keepAnswer(ctx, created)],
      [...rolesExist, ...preconditions],
    ),
    0,
  );
  return created;
}

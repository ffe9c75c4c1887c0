import { change } from '../../change/change';
import { actorLabel } from '../../access/permissions';
import { fromIso } from '../../../kernel/clock';
import { newId, randomText } from '../../../kernel/ids';
import { assertRolesExist } from '../roles/assert-roles';
import { verb } from '../../access/verb';
import { authSecret } from '../../access/settings';
import { executorOfNew, findExecutor } from './find-executor';
import { signJwt } from './jwt';
import { toToken } from './get-token';
import type { CreateTokenInput, TokenWithValue } from './token.schema';

/**
 * Creates a named JWT for a caller; its value is in this response only. The JWT has no roles and no expiry: both are in its row, which is
 * read on use, so that they can change and the token can be revoked. Throws 422 for an unknown role, or an executor with more rights than
 * the token.
 */
export const createToken = verb('token.write', async (ctx, input: CreateTokenInput): Promise<TokenWithValue> => {
  const { actor } = ctx;
  const secret = authSecret(ctx.settings);
  const rolesExist = await assertRolesExist(ctx, input.roles);
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
    expiresAt: fromIso(input.expiresAt),
    revision: 1,
    createdAt: now,
    updatedAt: now,
    createdBy: actorLabel(actor),
  };
  const token = await signJwt(secret, 'endpoint', { sub: row.id, jti: randomText(16), iat: Math.floor(now / 1000) });
  const created = { ...toToken(row), token };
  await change(ctx, {
    action: 'token.create',
    id: row.id,
    changes: { name: row.name, roles: row.roles, executor: executorId, expiresAt: input.expiresAt },
    write: ctx.store.tokens.insert(row),
    also: following,
    requires: [...rolesExist, ...preconditions],
    answer: created,
  });
  return created;
});

import { change } from '../../change/change';
import { fromIso } from '../../../kernel/clock';
import { defined } from '../../../kernel/defined';
import { diff, isEmpty } from '../../audit/diff.rules';
import { checkRevision, type IfMatch } from '../../access/revision';
import { assertRolesExist } from '../roles/assert-roles';
import { verb } from '../../access/verb';
import { findExecutor } from './find-executor';
import { findToken, toToken } from './get-token';
import type { Token, UpdateTokenInput } from './token.schema';

/** Changes a token, except its value. Throws 422 for an unknown role, or an executor with more rights than the token. */
export const updateToken = verb(
  'token.write',
  async (ctx, id: string, input: UpdateTokenInput, ifMatch: IfMatch): Promise<Token> => {
    const token = await findToken(ctx, id);
    checkRevision(ifMatch, token.revision);
    const rolesExist = await assertRolesExist(ctx, input.roles ?? []);
    // Removing roles may leave an executor with more than the token, which then cannot create endpoints.
    const { executorId, preconditions } = input.executor
      ? await findExecutor(ctx, input.executor, input.roles ?? token.roles)
      : { executorId: null, preconditions: [] };
    const { name, roles, expiresAt } = input;
    const fields = {
      ...defined({ name, roles, expiresAt: fromIso(expiresAt) }),
      ...(input.executor === undefined ? {} : { executorId }),
    };
    const patch = { ...fields, updatedAt: ctx.now() };
    const changes = diff(token, fields);
    if (isEmpty(changes)) return toToken(token);
    await change(ctx, {
      action: 'token.update',
      id,
      changes,
      write: ctx.store.tokens.update(id, token.revision, patch),
      revision: token.revision,
      requires: [...rolesExist, ...preconditions],
    });
    return toToken({ ...token, ...patch, revision: token.revision + 1 });
  },
);

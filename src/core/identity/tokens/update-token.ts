import { auditRow } from '../../audit/audit-row';
import { diff, isEmpty } from '../../audit/diff.rules';
import type { Context } from '../../access/context';
import { checkRevision, expectDone, type IfMatch } from '../../access/revision';
import { expectRoles } from '../roles/expect-roles';
import { authorize } from '../../access/permissions';
import { findExecutor } from './find-executor';
import { findToken } from './get-token';
import { toToken } from './to-token';
import type { Token, UpdateTokenInput } from './token.schema';

/** Changes a token; callers go on using the value they have. 422 when a role does not exist, or the executor may do more than the token. */
export async function updateToken(ctx: Context, id: string, input: UpdateTokenInput, ifMatch: IfMatch): Promise<Token> {
  authorize(ctx, 'token.write');
  const token = await findToken(ctx, id);
  checkRevision(ifMatch, token.revision);
  const rolesExist = await expectRoles(ctx, input.roles ?? []);
  // Roles may be taken from a token whose executor then has more: it makes nothing any more.
  const { executorId, preconditions } = input.executor
    ? await findExecutor(ctx, input.executor, input.roles ?? token.roles)
    : { executorId: null, preconditions: [] };
  const fields = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.roles === undefined ? {} : { roles: input.roles }),
    ...(input.executor === undefined ? {} : { executorId }),
    ...(input.expiresAt === undefined
      ? {}
      : { expiresAt: input.expiresAt === null ? null : Date.parse(input.expiresAt) }),
  };
  const patch = { ...fields, updatedAt: ctx.now() };
  const changes = diff(token, fields);
  if (isEmpty(changes)) return toToken(token);
  const entry = auditRow(ctx, 'token.update', id, changes);
  const { commit, tokens } = ctx.store;
  expectDone(
    await commit(tokens.update(id, token.revision, patch), entry, [], [...rolesExist, ...preconditions]),
    token.revision,
  );
  ctx.memory.forget();
  return toToken({ ...token, ...patch, revision: token.revision + 1 });
}

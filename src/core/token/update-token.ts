import { auditRow, diff } from '../audit/audit-row';
import type { Context } from '../context';
import { checkRevision, expectDone, type IfMatch } from '../revision';
import { expectRoles } from '../role/expect-roles';
import { authorize } from '../user/can';
import { findToken } from './get-token';
import { toToken } from './to-token';
import type { Token, UpdateTokenInput } from './token.schema';

/** Changes a token; callers go on using the value they have. 422 when a role does not exist. */
export async function updateToken(ctx: Context, id: string, input: UpdateTokenInput, ifMatch: IfMatch): Promise<Token> {
  authorize(ctx, 'token.write');
  const token = await findToken(ctx, id);
  checkRevision(ifMatch, token.revision);
  const preconditions = await expectRoles(ctx, input.roles ?? []);
  const fields = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.roles === undefined ? {} : { roles: input.roles }),
    ...(input.expiresAt === undefined
      ? {}
      : { expiresAt: input.expiresAt === null ? null : Date.parse(input.expiresAt) }),
  };
  const patch = { ...fields, updatedAt: ctx.now() };
  const entry = auditRow(ctx, 'token.update', id, diff(token, fields));
  const { commit, tokens } = ctx.store;
  expectDone(await commit(tokens.update(id, token.revision, patch), entry, [], preconditions), token.revision);
  ctx.memory.forget();
  return toToken({ ...token, ...patch, revision: token.revision + 1 });
}

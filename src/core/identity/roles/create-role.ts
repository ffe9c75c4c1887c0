import { auditRow } from '../../audit/audit-row';
import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { keepAnswer } from '../../idempotency/keep-answer';
import { expectDone } from '../../access/revision';
import { authorize } from '../../access/permissions';
import { isBuiltIn, toRole } from './role.rules';
import type { CreateRoleInput, Role } from './role.schema';

/** A new application role: a name that endpoint rules may ask for. 409 `name_taken`, for the built-in names as well. */
export async function createRole(ctx: Context, input: CreateRoleInput): Promise<Role> {
  authorize(ctx, 'role.write');
  const taken = new ApiError('name_taken', `There is a role ${input.name} already.`);
  if (isBuiltIn(input.name)) throw taken;
  const row = { ...input, revision: 1, createdAt: ctx.now() };
  const entry = auditRow(ctx, 'role.create', row.name, { description: row.description });
  const role = toRole(row);
  const kept = keepAnswer(ctx, role);
  expectDone(await ctx.store.commit(ctx.store.roles.insert(row), entry, kept), 0, taken);
  return role;
}

import type { Precondition } from '../../../storage/commit';
import type { Context } from '../../access/context';
import type { Issue } from '../../../kernel/errors';
import { invalidInput } from '../../../kernel/issues';
import { isBuiltIn } from './role.rules';

/**
 * Throws 422 unless every name is a built-in or an application role: a misspelt role would grant nothing, silently. `field` is the
 * field of the body with the names. Returns a condition for the commit of these names: that none of them was deleted since.
 */
export async function assertRolesExist(
  ctx: Pick<Context, 'store'>,
  names: string[],
  field: string = 'roles',
): Promise<Precondition[]> {
  const { issues, preconditions } = await checkRoles(ctx, names, field);
  if (issues.length > 0) throw invalidInput(issues);
  return preconditions;
}

/** As `assertRolesExist`, for a verb that lists all issues of its input at once. */
export async function checkRoles(
  ctx: Pick<Context, 'store'>,
  names: string[],
  field: string,
): Promise<{ issues: Issue[]; preconditions: Precondition[] }> {
  const { roles } = ctx.store;
  const own = names.filter((name) => !isBuiltIn(name));
  if (own.length === 0) return { issues: [], preconditions: [] };
  const existing = await roles.existing(own);
  const issues = names.flatMap((name, i) =>
    isBuiltIn(name) || existing.includes(name)
      ? []
      : [{ pointer: `#/${field}/${i}`, code: 'unknown_role', message: `unknown role ${name}` }],
  );
  return { issues, preconditions: [roles.allExist(own)] };
}

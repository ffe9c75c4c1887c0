import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import { BUILT_IN, rolePosition, rolesAfter, toRole } from './role.rules';
import type { ListRolesQuery, Role } from './role.schema';

/** Returns the role of this name, built in or not, for verbs; null when it does not exist. */
export async function findRoleIfAny(ctx: Context, name: string): Promise<Role | null> {
  const builtIn = BUILT_IN.find((role) => role.name === name);
  if (builtIn) return builtIn;
  const row = await ctx.store.roles.get(name);
  return row ? toRole(row) : null;
}

/** As `findRoleIfAny`; throws 404 when it does not exist. */
export async function findRole(ctx: Context, name: string): Promise<Role> {
  const role = await findRoleIfAny(ctx, name);
  if (!role) throw notFound('role');
  return role;
}

export const getRole = verb('role.read', async (ctx, name: string): Promise<Role> => findRole(ctx, name));

/** Returns all roles: the built-in four first, then the application's, by name. */
export const listRoles = verb('role.read', async (ctx, query: ListRolesQuery): Promise<Page<Role>> => {
  const all = [...BUILT_IN, ...(await ctx.store.roles.list()).map(toRole)];
  return toPage(rolesAfter(all, readCursor(query.cursor)), query.limit, rolePosition, (role) => role);
});

import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { authorize } from '../../access/permissions';
import { BUILT_IN, rolePosition, rolesAfter, toRole } from './role.rules';
import type { ListRolesQuery, Role } from './role.schema';

/** The role of this name, built in or not, for verbs; 404 when there is none. */
export async function findRole(ctx: Context, name: string): Promise<Role> {
  const builtIn = BUILT_IN.find((role) => role.name === name);
  if (builtIn) return builtIn;
  const row = await ctx.store.roles.get(name);
  if (!row) throw notFound('role');
  return toRole(row);
}

export async function getRole(ctx: Context, name: string): Promise<Role> {
  authorize(ctx, 'role.read');
  return findRole(ctx, name);
}

/** All roles: the built-in four first, then the application's, by name. */
export async function listRoles(ctx: Context, query: ListRolesQuery): Promise<Page<Role>> {
  authorize(ctx, 'role.read');
  const all = [...BUILT_IN, ...(await ctx.store.roles.list()).map(toRole)];
  return toPage(rolesAfter(all, readCursor(query.cursor)), query.limit, rolePosition, (role) => role);
}

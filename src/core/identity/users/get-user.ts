import type { UserRow } from '../../../storage/users';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { verb } from '../../access/verb';
import type { ListUsersQuery, User } from './user.schema';
import { toIso } from '../../../kernel/clock';

/** Returns a user as the API shows them. Copies field by field, so that the password hash of a row is never included. */
export const toUser = (row: UserRow): User => ({
  id: row.id,
  name: row.name,
  active: row.active,
  roles: row.roles,
  revision: row.revision,
  createdAt: toIso(row.createdAt),
  updatedAt: toIso(row.updatedAt),
});

/** Returns the stored user, for verbs; throws 404 when it does not exist. */
export async function findUser(ctx: Pick<Context, 'store'>, id: string): Promise<UserRow> {
  const row = await ctx.store.users.get(id);
  if (!row) throw notFound('user');
  return row;
}

export const getUser = verb('user.read', async (ctx, id: string): Promise<User> => toUser(await findUser(ctx, id)));

/** Returns a page of users, newest first. */
export const listUsers = verb('user.read', async (ctx, query: ListUsersQuery): Promise<Page<User>> => {
  const rows = await ctx.store.users.list(readCursor(query.cursor), query.limit + 1);
  return toPage(rows, query.limit, ({ createdAt, id }) => ({ at: createdAt, id }), toUser);
});

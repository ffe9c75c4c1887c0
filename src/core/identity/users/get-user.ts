import type { UserRow } from '../../../storage/users';
import type { Context } from '../../access/context';
import { notFound } from '../../../kernel/errors';
import { readCursor, toPage, type Page } from '../../../kernel/page';
import { authorize } from '../../access/permissions';
import { toUser } from './to-user';
import type { ListUsersQuery, User } from './user.schema';

/** The stored user, for verbs; 404 when there is none. */
export async function findUser(ctx: Pick<Context, 'store'>, id: string): Promise<UserRow> {
  const row = await ctx.store.users.get(id);
  if (!row) throw notFound('user');
  return row;
}

export async function getUser(ctx: Context, id: string): Promise<User> {
  authorize(ctx, 'user.read');
  return toUser(await findUser(ctx, id));
}

/** People, newest first. */
export async function listUsers(ctx: Context, query: ListUsersQuery): Promise<Page<User>> {
  authorize(ctx, 'user.read');
  const rows = await ctx.store.users.list(readCursor(query.cursor), query.limit + 1);
  return toPage(rows, query.limit, ({ createdAt, id }) => ({ at: createdAt, id }), toUser);
}

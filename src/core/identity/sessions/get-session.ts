import type { Context } from '../../access/context';
import type { Actor } from '../../access/actor';
import { notFound } from '../../../kernel/errors';
import { can } from '../../access/permissions';
import { PERMISSIONS } from '../../access/permitted.rules';
import { verb } from '../../access/verb';
import { findUser, toUser } from '../users/get-user';
import type { UserRow } from '../../../storage/users';
import type { OwnSession } from './session.schema';

/** Returns the signed-in user, with their session. Throws 404 for Portico itself, which has none. */
export function requireSession({ actor }: Pick<Context, 'actor'>): Extract<Actor, { kind: 'user' }> {
  if (actor.kind !== 'user') throw notFound('session');
  return actor;
}

/** Returns the session of a signed-in user as the API does. */
export const toOwnSession = (actor: Extract<Actor, { kind: 'user' }>, user: UserRow): OwnSession => ({
  id: actor.sessionId,
  user: toUser(user),
  permissions: PERMISSIONS.filter((action) => can(actor, action)),
});

/** Returns the signed-in user and their permissions. */
export const getSession = verb('session.own', async (ctx): Promise<OwnSession> => {
  const actor = requireSession(ctx);
  return toOwnSession(actor, await findUser(ctx, actor.id));
});

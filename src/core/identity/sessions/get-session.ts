import type { Context } from '../../access/context';
import type { Actor } from '../../access/actor';
import { notFound } from '../../../kernel/errors';
import { PERMISSIONS, can } from '../../access/permissions';
import { verb } from '../../access/verb';
import { findUser, toUser } from '../users/get-user';
import type { OwnSession } from './session.schema';

/** Returns the signed-in user, with their session. Throws 404 for Portico itself, which has none. */
export function requireSession({ actor }: Pick<Context, 'actor'>): Extract<Actor, { kind: 'user' }> {
  if (actor.kind !== 'user') throw notFound('session');
  return actor;
}

/** Returns the signed-in user and their permissions. */
export const getSession = verb('session.own', async (ctx): Promise<OwnSession> => {
  const actor = requireSession(ctx);
  const user = await findUser(ctx, actor.id);
  return { id: actor.sessionId, user: toUser(user), permissions: PERMISSIONS.filter((action) => can(actor, action)) };
});

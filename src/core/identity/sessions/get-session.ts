import type { Context } from '../../access/context';
import type { Actor } from '../../access/actor';
import { notFound } from '../../../kernel/errors';
import { PERMISSIONS, authorize, can } from '../../access/permissions';
import { findUser } from '../users/get-user';
import { toUser } from '../users/to-user';
import type { OwnSession } from './session.schema';

/** The user who asks, with their session; 404 for Portico itself, which has none. */
export function expectSession(ctx: Context): Extract<Actor, { type: 'user' }> {
  const actor = authorize(ctx, 'session.own');
  if (actor.type !== 'user') throw notFound('session');
  return actor;
}

/** Who am I, and what may I do. */
export async function getSession(ctx: Context): Promise<OwnSession> {
  const actor = expectSession(ctx);
  const user = await findUser(ctx, actor.id);
  return { id: actor.sessionId, user: toUser(user), permissions: PERMISSIONS.filter((action) => can(actor, action)) };
}

import type { Context } from '../../access/context';
import type { Actor } from '../../access/actor';
import { INVALID_CREDENTIAL, readBearer } from './read-bearer';

/**
 * Returns the actor of a named token that manages endpoints, on the wires that accept one. It acts for the admin who made it, and may do
 * what both of them may: a creator who is disabled or loses a role takes it from the token. Read from D1 every time, as `identifyActor`
 * does. Endpoint tokens of signed-in users are not named tokens: they are for code that runs in browsers.
 */
export async function identifyToken(
  ctx: Pick<Context, 'store' | 'settings' | 'now'>,
  authorization: string | null,
): Promise<Actor> {
  const sent = await readBearer(ctx, authorization, 'endpoint');
  if (sent.kind === 'anonymous') return sent;
  if (sent.claims.sid !== undefined) return INVALID_CREDENTIAL;
  const row = await ctx.store.tokens.withCreator(sent.claims.sub);
  if (!row || (row.expiresAt !== null && ctx.now() >= row.expiresAt)) return INVALID_CREDENTIAL;
  const { id, name, userId, userRoles, executorId } = row;
  const roles = row.roles.filter((role) => userRoles.includes('admin') || userRoles.includes(role));
  return { kind: 'token', id, name, roles, userId, executorId };
}

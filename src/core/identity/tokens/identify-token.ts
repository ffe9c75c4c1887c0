import type { Context } from '../../access/context';
import type { Actor } from '../../access/actor';
import { verifyJwt } from './jwt';

/**
 * Who manages endpoints with a named token, on the wires that take one. It acts for the admin who made it, and may do what both of
 * them may: a creator who is disabled or loses a role takes it from the token. Read from D1 every time, as `identifyActor` does. The
 * tokens of a signed-in user's own calls are none: they are made for code that runs in browsers.
 */
export async function identifyToken(
  ctx: Pick<Context, 'store' | 'settings' | 'now'>,
  authorization: string | null,
): Promise<Actor> {
  if (authorization === null) return { kind: 'anonymous', credential: 'none' };
  const invalid: Actor = { kind: 'anonymous', credential: 'invalid' };
  const value = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (value === undefined || ctx.settings.authSecret === null) return invalid;
  const claims = await verifyJwt(ctx.settings.authSecret, value, 'endpoint', ctx.now());
  if (claims === null || claims.sid !== undefined) return invalid;
  const row = await ctx.store.tokens.withCreator(claims.sub);
  if (!row || (row.expiresAt !== null && ctx.now() >= row.expiresAt)) return invalid;
  const { id, name, userId, userRoles, executorId } = row;
  const roles = row.roles.filter((role) => userRoles.includes('admin') || userRoles.includes(role));
  return { kind: 'token', id, name, roles, userId, executorId };
}

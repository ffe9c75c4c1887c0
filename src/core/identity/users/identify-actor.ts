import type { Context } from '../../access/context';
import type { Actor } from '../../access/actor';
import { explainCredential, type CredentialPlace } from '../tokens/explain-credential';
import { verifyJwt } from '../tokens/jwt';

/**
 * Who sends an admin request. The token is only a claim: session and user are read from D1 every time, so that disabling somebody or
 * signing out works on the next request. Never refuses; what an anonymous actor may not do, `authorize` says.
 */
export async function identifyActor(
  ctx: Pick<Context, 'store' | 'settings' | 'now'>,
  authorization: string | null,
): Promise<Actor> {
  if (authorization === null) return { kind: 'anonymous', credential: 'none' };
  const invalid: Actor = { kind: 'anonymous', credential: 'invalid' };
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined || ctx.settings.authSecret === null) return invalid;
  const claims = await verifyJwt(ctx.settings.authSecret, token, 'admin', ctx.now());
  if (claims?.sid === undefined) return invalid;
  const row = await ctx.store.sessions.identify(claims.sid, ctx.now());
  if (!row || row.userId !== claims.sub) return invalid;
  return { kind: 'user', id: row.userId, name: row.name, roles: row.roles, sessionId: row.sessionId };
}

/** The same actor, with a hint when a stranger has sent a good credential to the wrong place. */
export async function withHint(
  ctx: Pick<Context, 'settings' | 'now'>,
  actor: Actor,
  place: CredentialPlace,
  headers: Headers,
): Promise<Actor> {
  if (actor.kind !== 'anonymous') return actor;
  const sent = { authorization: headers.get('authorization'), apiKey: headers.get('x-api-key') };
  const hint = await explainCredential(ctx, place, sent);
  return hint === null ? actor : { ...actor, hint };
}

import type { Context } from '../../access/context';
import type { Actor } from '../../access/actor';
import { readSessionSecret } from '../sessions/session-secret';
import { explainCredential, type CredentialPlace } from '../tokens/explain-credential';
import { identifyPersonalToken } from '../personal-tokens/identify-personal-token';
import { PERSONAL_PREFIX } from '../personal-tokens/personal-tokens';
import { bearerOf, INVALID_CREDENTIAL, readBearer } from '../tokens/read-bearer';

/**
 * Returns the actor of an admin request. The token is only a claim: session and user are read from D1 every time, so that disabling a user or
 * signing out works on the next request. Never throws for a credential: `authorize` refuses what an anonymous actor may not do.
 */
export async function identifyActor(
  ctx: Pick<Context, 'store' | 'settings' | 'now'>,
  authorization: string | null,
): Promise<Actor> {
  const bearer = bearerOf(authorization);
  if (bearer?.startsWith(PERSONAL_PREFIX)) return identifyPersonalToken(ctx, bearer);
  const sent = await readBearer(ctx, authorization, 'admin');
  if (sent.kind === 'anonymous') return sent;
  const { sid, sub } = sent.claims;
  const row = sid === undefined ? undefined : await ctx.store.sessions.identify(sid, ctx.now());
  if (!row || row.userId !== sub) return INVALID_CREDENTIAL;
  return { kind: 'user', id: row.userId, name: row.name, roles: row.roles, sessionId: row.sessionId };
}

/** Returns the actor of a session's cookie, read from D1 every time. Never throws, as `identifyActor`. */
export async function identifyCookie(ctx: Pick<Context, 'store' | 'settings' | 'now'>, cookie: string): Promise<Actor> {
  const { authSecret } = ctx.settings;
  const given = authSecret && readSessionSecret(authSecret, 'cookie', cookie);
  const row = given && (await ctx.store.sessions.identifyBySecret(given.sessionId, given.hash, ctx.now()));
  if (!row) return INVALID_CREDENTIAL;
  return { kind: 'user', id: row.userId, name: row.name, roles: row.roles, sessionId: row.sessionId };
}

/** Returns the actor, with a hint when an anonymous one has sent a valid credential to the wrong place. */
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

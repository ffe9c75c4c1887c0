import type { Actor } from '../../access/actor';
import type { Context } from '../../access/context';
import { type Audience, type Claims, verifyJwt } from './jwt';

/** Returns the token of an `Authorization: Bearer` header, or null. */
export const bearerOf = (authorization: string | null): string | null =>
  /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;

type Anonymous = Extract<Actor, { kind: 'anonymous' }>;

export const INVALID_CREDENTIAL: Anonymous = Object.freeze({ kind: 'anonymous', credential: 'invalid' });

/** Returns the claims of a token for `audience` that is signed here and has not expired; otherwise the anonymous actor, with a hint. */
export async function readBearer(
  ctx: Pick<Context, 'settings' | 'now'>,
  authorization: string | null,
  audience: Audience,
): Promise<{ kind: 'claims'; claims: Claims } | Anonymous> {
  if (authorization === null) return { kind: 'anonymous', credential: 'none' };
  const token = bearerOf(authorization);
  const { authSecret } = ctx.settings;
  const claims = token && authSecret && (await verifyJwt(authSecret, token, audience, ctx.now()));
  return claims ? { kind: 'claims', claims } : INVALID_CREDENTIAL;
}

import type { Context } from './context';
import type { Actor } from './actor';
import { ApiError } from '../../kernel/errors';
import { PERMITTED, SCOPES, type Permission } from './permitted.rules';

/** Checks whether `actor` may do `action`. Pure. */
export function can(actor: Actor, action: Permission): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind === 'anonymous' || !isInScope(actor, action)) return false;
  const roles: readonly string[] | string = PERMITTED[action];
  return (
    (roles === 'anyone signed in' && actor.kind === 'user') ||
    actor.roles.includes('admin') ||
    actor.roles.some((role) => roles.includes(role))
  );
}

/** True unless the actor acts through a personal token whose scopes do not have the action. */
const isInScope = (actor: Actor, action: Permission): boolean =>
  actor.kind !== 'user' ||
  actor.token === undefined ||
  actor.token.scopes.some((scope) => (SCOPES[scope] as readonly Permission[]).includes(action));

/** Returns a context in which a personal token that may push may do what a push does. */
export function withinPush<Ctx extends Pick<Context, 'actor'>>(ctx: Ctx): Ctx {
  const { actor } = ctx;
  if (actor.kind !== 'user' || !actor.token) return ctx;
  return { ...ctx, actor: { ...actor, token: { ...actor.token, scopes: [...actor.token.scopes, 'push'] } } };
}

/** Returns the user whom `actor` is or acts for, who owns everything that it creates. null for Portico itself. */
export const userIdOf = (actor: Actor): string | null =>
  actor.kind === 'user' ? actor.id : actor.kind === 'token' ? actor.userId : null;

/** Returns the id of a user, or the kind of any other actor, for `createdBy` and the owner of a file. */
export const actorLabel = (actor: Actor): string => (actor.kind === 'user' ? actor.id : actor.kind);

/** The challenge of a 401 (RFC 9110, 11.6.1). */
export const BEARER = { 'www-authenticate': 'Bearer realm="portico"' };

/** An actor who may have permissions. */
export type Allowed = Extract<Actor, { kind: 'user' | 'token' | 'system' }>;

/** The first line of every verb: returns the actor, or throws 401 `auth_required`, `invalid_token` or 403 `forbidden`. */
export function authorize(ctx: Pick<Context, 'actor'>, action: Permission): Allowed {
  const { actor } = ctx;
  if (actor.kind === 'anonymous') {
    throw actor.credential === 'invalid'
      ? new ApiError('invalid_token', actor.hint ?? 'The access token is invalid or has expired. Sign in again.', {
          headers: BEARER,
        })
      : new ApiError('auth_required', actor.hint ?? 'Sign in first: send Authorization: Bearer <accessToken>.', {
          headers: BEARER,
        });
  }
  if (!isInScope(actor, action))
    throw new ApiError('forbidden', `The scopes of this token do not permit ${action}. Use a token that has more.`);
  if (!can(actor, action)) throw new ApiError('forbidden', `Your roles do not permit ${action}.`);
  return actor;
}

import type { Context } from './context';
import type { Actor } from './actor';
import { ApiError } from '../../kernel/errors';

/** The built-in roles. Any other role matters to endpoints, tables and secrets only. */
export const BUILT_IN_ROLES = ['admin', 'developer', 'operator', 'viewer'] as const;
type BuiltInRole = (typeof BUILT_IN_ROLES)[number];
export const isBuiltInRole = (name: string): name is BuiltInRole =>
  (BUILT_IN_ROLES as readonly string[]).includes(name);

/** All permissions, with the roles that have them. An admin has all of them. */
const PERMITTED = {
  'session.own': 'anyone signed in',
  'handler.read': ['developer', 'operator', 'viewer'],
  'handler.write': ['developer'],
  'endpoint.read': ['developer', 'operator', 'viewer'],
  'endpoint.write': ['developer'],
  /** Activate and deactivate an endpoint. */
  'endpoint.operate': ['developer', 'operator'],
  'endpoint.test': ['developer'],
  /** List response types that a browser executes, such as HTML. */
  'endpoint.active-types': [],
  /** Allow redirects to any host. */
  'endpoint.open-redirects': [],
  'key.read': ['developer', 'operator', 'viewer'],
  'key.write': ['developer', 'operator'],
  'graph.read': ['developer', 'operator', 'viewer'],
  /** Create, change, approve and cancel one's own graphs. */
  'graph.write': ['developer'],
  'node.read': ['developer', 'operator', 'viewer'],
  'node.write': ['developer'],
  'file.read': ['developer', 'operator', 'viewer'],
  'file.write': ['developer'],
  'run.read': ['developer', 'operator', 'viewer'],
  /** Admins only: the history is also evidence. */
  'run.delete': [],
  'secret.read': ['developer'],
  'secret.write': ['developer'],
  /** The role lists of a table decide about it and its rows: core/tables/catalogue/access.rules.ts. */
  'table.read': 'anyone signed in',
  'table.write': ['developer'],
  'row.use': 'anyone signed in',
  'audit.read': ['operator'],
  'user.read': ['developer', 'operator', 'viewer'],
  'user.write': [],
  'role.read': ['developer', 'operator', 'viewer'],
  'role.write': [],
  'token.read': [],
  'token.write': [],
} as const satisfies Record<string, readonly BuiltInRole[] | 'anyone signed in'>;
export type Permission = keyof typeof PERMITTED;
export const PERMISSIONS = Object.keys(PERMITTED) as Permission[];

/** Returns the roles that permit an action, besides `admin`. */
export const rolesThatMay = (action: Permission): readonly string[] | 'anyone signed in' => PERMITTED[action];

/** Checks whether `actor` may do `action`. Pure. */
export function can(actor: Actor, action: Permission): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind === 'anonymous') return false;
  const roles: readonly string[] | string = PERMITTED[action];
  return (
    (roles === 'anyone signed in' && actor.kind === 'user') ||
    actor.roles.includes('admin') ||
    actor.roles.some((role) => roles.includes(role))
  );
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
  if (!can(actor, action)) throw new ApiError('forbidden', `Your roles do not permit ${action}.`);
  return actor;
}

import type { Context } from './context';
import { authorize, type Allowed } from './permissions';
import type { Permission } from './permitted.rules';

/** A context whose actor has the permission of the verb. */
export type Authorized = Context & { actor: Allowed };

/** An operation for actors: a function that checks its permission before it does anything else. */
export interface Verb<Args extends unknown[] = never[], Result = unknown> {
  (ctx: Context, ...args: Args): Promise<Result>;
  /** The permission that the actor's roles must have; `public`: none. Routes and their documentation read it here. */
  readonly permission: Permission | 'public';
}

/**
 * Returns `perform` behind its permission: rejects with 401 `auth_required`, `invalid_token` or 403 `forbidden` before `perform` starts.
 * `perform` checks permissions that depend on the input with `authorize`.
 */
export function verb<P extends Permission | 'public', Args extends unknown[], Result>(
  permission: P,
  perform: (ctx: P extends 'public' ? Context : Authorized, ...args: Args) => Result | Promise<Result>,
): Verb<Args, Result> {
  const isPublic = permission === 'public';
  const checked = async (ctx: Context, ...args: Args): Promise<Result> => {
    if (!isPublic) authorize(ctx, permission);
    // The check has narrowed the actor.
    return perform(ctx as Authorized, ...args);
  };
  return Object.assign(checked, { permission });
}

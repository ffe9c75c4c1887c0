import type { UserRow } from '../../storage/users';
import type { Context } from './context';
import type { Actor } from './actor';
import { ApiError } from '../../kernel/errors';
import { isBuiltInRole } from './permitted.rules';

/** The part of a user with whose rights code runs that the rule below needs. */
type Executor = Pick<UserRow, 'id' | 'roles'>;

/**
 * True when `actor` may decide what runs with the rights of `executor`: an admin, that same user, or a user with all roles of the executor.
 * A token counts with its own roles, not with those of its maker. So code that an actor makes, links, deploys or tests never has more
 * rights than the actor.
 */
export const mayRunAs = (actor: Actor, executor: Executor): boolean =>
  actor.kind === 'system' || (actor.kind !== 'anonymous' && isWithin(executor.roles, actor));

/** Checks whether `actor` may run a test as `caller`. Application roles matter to handlers only, so just built-in roles count. */
export const mayTestAs = (actor: Actor, caller: Executor): boolean =>
  mayRunAs(actor, { ...caller, roles: caller.roles.filter(isBuiltInRole) });

/** Checks that `holder` has all of `roles`; an admin has every role. */
export function isWithin(roles: readonly string[], holder: { roles: readonly string[] }): boolean {
  return holder.roles.includes('admin') || roles.every((role) => holder.roles.includes(role));
}

/** Returns the default executor of what `actor` makes; null for Portico itself. */
export const defaultExecutorOf = (actor: Actor): string | null =>
  actor.kind === 'user' ? actor.id : actor.kind === 'token' ? (actor.executorId ?? actor.userId) : null;

/** Throws 403 with advice unless the actor may run as `executor`. */
export function assertMayRunAs(ctx: Pick<Context, 'actor'>, executor: UserRow): void {
  const { actor } = ctx;
  if (mayRunAs(actor, executor)) return;
  throw new ApiError('forbidden', `${reasonOf(actor, executor)} ${adviceOf(actor)}`);
}

function reasonOf(actor: Actor, { name, roles }: UserRow): string {
  const missing = roles.filter(
    (role) => actor.kind === 'anonymous' || actor.kind === 'system' || !actor.roles.includes(role),
  );
  const who = actor.kind === 'token' ? 'this token does' : 'you do';
  return `This runs with the rights of ${name}, who has roles that ${who} not have: ${missing.join(', ')}.`;
}

const adviceOf = (actor: Actor): string =>
  actor.kind === 'token'
    ? `Give the token an executor of its own roles (PATCH /admin/tokens/${actor.id}), or give it these roles.`
    : 'Name an executor who has no other roles than you, or ask an admin.';

import type { UserRow } from '../../storage/users';
import type { Context } from './context';
import type { Actor } from './actor';
import { ApiError } from '../../kernel/errors';
import { isBuiltInRole } from './permissions';

/** Whose rights something runs with, as far as the rule below looks at them. */
type Executor = Pick<UserRow, 'id' | 'roles'>;

/**
 * May `actor` decide what runs with the rights of `executor`? Only who may do at least as much: an admin, that same user, or somebody who
 * has all of the executor's roles. A token counts with its own roles, not with those of its maker. So nothing that is made, linked,
 * deployed or tested can do more than the one who did that.
 */
export const mayRunAs = (actor: Actor, executor: Executor): boolean =>
  actor.kind === 'system' || (actor.kind !== 'anonymous' && isWithin(executor.roles, actor));

/** May `actor` let a test see `caller` as the one who calls? Roles of applications mean something to handlers only; built-in ones count. */
export const mayTestAs = (actor: Actor, caller: Executor): boolean =>
  mayRunAs(actor, { ...caller, roles: caller.roles.filter(isBuiltInRole) });

/** `roles` are among those that `holder` has; an admin has them all. */
export function isWithin(roles: readonly string[], holder: { roles: readonly string[] }): boolean {
  return holder.roles.includes('admin') || roles.every((role) => holder.roles.includes(role));
}

/** The user who runs what `actor` makes without naming anybody; null for Portico itself. */
export const defaultExecutorOf = (actor: Actor): string | null =>
  actor.kind === 'user' ? actor.id : actor.kind === 'token' ? (actor.executorId ?? actor.userId) : null;

/** Throws 403 unless the actor may run as `executor`; with what to do instead. */
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

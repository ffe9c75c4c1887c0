import type { Precondition, Write } from '../../../storage/commit';
import type { Context } from '../../access/context';
import type { Actor } from '../../access/actor';
import { newId } from '../../../kernel/ids';
import { invalidField } from '../../../kernel/issues';
import { can } from '../../access/permissions';
import { isWithin } from '../../access/run-as';

/** The executor of what a token makes, and the writes for it in the commit of the token. */
interface Found {
  executorId: string | null;
  following: Write[];
  preconditions: Precondition[];
}

/** Replaces the password hash of a user created for a token: no password matches it. */
const NO_PASSWORD = 'none:token';

/**
 * Returns the user who runs what a token with these roles makes, by id or name. Throws 422 for an unknown user, or one with roles that the
 * token does not have.
 */
export async function findExecutor(
  ctx: Pick<Context, 'store'>,
  named: string,
  roles: readonly string[],
): Promise<Found> {
  const { users } = ctx.store;
  const user = await users.find(named);
  if (!user) throw invalidField('executor', 'not_found', 'user not found');
  if (!isWithin(user.roles, { roles })) {
    const missing = user.roles.filter((role) => !roles.includes(role));
    throw invalidField('executor', 'exceeds_roles', `has roles that the token does not have: ${missing.join(', ')}`);
  }
  return { executorId: user.id, following: [], preconditions: [users.exists(user.id)] };
}

/**
 * Returns the executor of a new token that names none. Its creator is the executor when they have no other roles; otherwise a token that
 * may create endpoints gets a user of its own: with its roles and its id as the name, and without a password.
 */
export function executorOfNew(
  ctx: Pick<Context, 'store' | 'now'>,
  maker: Actor,
  token: { id: string; roles: string[] },
): Found {
  const none: Found = { executorId: null, following: [], preconditions: [] };
  const { id, roles } = token;
  if (maker.kind !== 'user' || isWithin(maker.roles, token)) return none;
  if (!can({ ...maker, roles }, 'endpoint.write')) return none;
  const now = ctx.now();
  const user = { id: newId('usr', now), name: id, active: true, roles, createdAt: now, updatedAt: now };
  return { ...none, executorId: user.id, following: [ctx.store.users.insert({ ...user, passwordHash: NO_PASSWORD })] };
}

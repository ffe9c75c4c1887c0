import type { Actor } from '../../access/actor';
import { ApiError } from '../../../kernel/errors';

/**
 * Checks whether a user with `roles` may use a secret: give it to code as an executor, replace or delete it. A secret without roles is open
 * to every user with the permission.
 */
export const isOpenTo = (secret: { roles: readonly string[] }, roles: readonly string[]): boolean =>
  secret.roles.length === 0 || roles.includes('admin') || secret.roles.some((role) => roles.includes(role));

/** Throws 403 for a secret of roles that the actor does not have: with a value of their own, the actor could sign anything in its name. */
export function assertMayChange({ actor }: { actor: Actor }, secret: { name: string; roles: string[] }): void {
  if (actor.kind === 'system' || isOpenTo(secret, actor.kind === 'anonymous' ? [] : actor.roles)) return;
  throw new ApiError(
    'forbidden',
    `The secret ${secret.name} is for the roles ${secret.roles.join(', ')}, of which you have none. Ask a user who has one, or an admin.`,
  );
}

import type { Actor } from '../../access/actor';
import { ApiError } from '../../../kernel/errors';

/**
 * Returns whether roles open a secret: to code that runs with them, to a new value, and to a deletion. A secret without roles is open to
 * every actor with the permission.
 */
export const isOpenTo = (secret: { roles: readonly string[] }, roles: readonly string[]): boolean =>
  secret.roles.length === 0 || roles.includes('admin') || secret.roles.some((role) => roles.includes(role));

/** Throws 403 for a secret that is for other roles than the actor's: with a value of one's own it would vouch for whatever one signs. */
export function assertMayChange({ actor }: { actor: Actor }, secret: { name: string; roles: string[] }): void {
  if (actor.kind === 'system' || isOpenTo(secret, actor.kind === 'anonymous' ? [] : actor.roles)) return;
  throw new ApiError(
    'forbidden',
    `The secret ${secret.name} is for the roles ${secret.roles.join(', ')}, of which you have none. Ask a user who has one, or an admin.`,
  );
}

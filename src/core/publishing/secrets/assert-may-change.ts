import type { Context } from '../../access/context';
import { ApiError } from '../../../kernel/errors';
import { isOpenTo } from './secret.rules';

/** Throws 403 for a secret that is for other roles than the actor's: with a value of one's own it would vouch for whatever one signs. */
export function assertMayChange({ actor }: Pick<Context, 'actor'>, secret: { name: string; roles: string[] }): void {
  if (actor.kind === 'system' || isOpenTo(secret, actor.kind === 'anonymous' ? [] : actor.roles)) return;
  throw new ApiError(
    'forbidden',
    `The secret ${secret.name} is for the roles ${secret.roles.join(', ')}, of which you have none. Ask a user who has one, or an admin.`,
  );
}

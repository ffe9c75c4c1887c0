import type { Context } from '../../access/context';
import type { Actor } from '../../access/actor';
import { hasValueForm, hashKey } from '../keys/key-value.rules';
import { INVALID_CREDENTIAL } from '../tokens/read-bearer';
import { PERSONAL_PREFIX } from './personal-tokens';

/**
 * Returns the user for whom a personal token acts, within its scopes. Read from D1 every time: a user who is disabled or loses a role takes
 * that from the token.
 */
export async function identifyPersonalToken(
  { store, settings, now }: Pick<Context, 'store' | 'settings' | 'now'>,
  value: string,
): Promise<Actor> {
  if (settings.keyPepper === null || !hasValueForm(PERSONAL_PREFIX, value)) return INVALID_CREDENTIAL;
  const row = await store.personalTokens.identify(hashKey(settings, value), now());
  if (!row) return INVALID_CREDENTIAL;
  const { userId: id, name, roles, tokenId, scopes } = row;
  return { kind: 'user', id, name, roles, sessionId: '', token: { id: tokenId, scopes } };
}

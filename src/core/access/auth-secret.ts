import type { Settings } from './settings';
import { ApiError } from '../../kernel/errors';

/** The secret that signs tokens. Throws 503 `not_configured` when the service has none. */
export function authSecret(settings: Pick<Settings, 'authSecret'>): Uint8Array {
  if (settings.authSecret === null) {
    throw new ApiError(
      'not_configured',
      'Users cannot sign in: the secret AUTH_SECRET is not set, or shorter than 32 bytes.',
    );
  }
  return settings.authSecret;
}

import { createHmac } from 'node:crypto';
import type { Settings } from '../../access/settings';
import { ApiError } from '../../../kernel/errors';

/**
 * hex HMAC-SHA-256 of a key's value under the pepper: the only form in which a key is stored. Synchronous on purpose, so that a warm
 * call awaits nothing before its handler. 503 `not_configured` without a pepper.
 */
export function hashKey(settings: Pick<Settings, 'keyPepper'>, value: string): string {
  if (settings.keyPepper === null) {
    throw new ApiError(
      'not_configured',
      'API keys cannot be checked: the secret KEY_PEPPER is not set, or shorter than 32 bytes.',
    );
  }
  return createHmac('sha256', settings.keyPepper).update(value).digest('hex');
}

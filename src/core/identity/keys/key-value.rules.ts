import { crc32 } from 'node:zlib';
import { BASE62, randomText } from '../../../kernel/ids';
import { createHmac } from 'node:crypto';
import type { Settings } from '../../access/settings';
import { ApiError } from '../../../kernel/errors';

/*
 * The form of API keys. Generated: `ptk_<8 id>_<32 secret><6 CRC-32>`, all base62: 190 bits of secret, a prefix that secret scanners
 * can find, and a checksum, so that a mistyped key is refused without a store read. Custom values are allowed where they are strong.
 */

const PREFIX = 'ptk_';
const GENERATED = /^[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/;
const CUSTOM = /^[A-Za-z0-9_-]{32,128}$/;
const MIN_DISTINCT = 12;

/** Returns a new strong value that starts with `prefix`. */
export function generateValue(prefix: string, random: (length: number) => string = randomText): string {
  const body = `${prefix}${random(8)}_${random(32)}`;
  return body + checksum(body);
}

/** Returns a new strong value of a key. */
export const generateKey = (random?: (length: number) => string): string => generateValue(PREFIX, random);

/** Checks the form of a generated value, without a store read. */
export const hasValueForm = (prefix: string, value: string): boolean =>
  value.startsWith(prefix) &&
  GENERATED.test(value.slice(prefix.length)) &&
  checksum(value.slice(0, -6)) === value.slice(-6);

/** Returns the part of a generated value that lists may show. */
export const visibleStart = (value: string): string => value.slice(0, PREFIX.length + 8);

/** Returns the part of the value of a key that lists may show; null for custom values. */
export const visiblePrefix = (value: string): string | null => (value.startsWith(PREFIX) ? visibleStart(value) : null);

/** Checks the form of a key, without a store read. */
export function isKeyForm(value: string): boolean {
  if (value.startsWith(PREFIX)) return hasValueForm(PREFIX, value);
  return CUSTOM.test(value);
}

/** Returns why a custom value is too weak, or null. */
export function customKeyIssue(value: string): string | null {
  if (value.startsWith(PREFIX)) return `must not start with ${PREFIX}, the prefix of generated keys`;
  if (!CUSTOM.test(value)) return 'must be 32 to 128 of A-Z a-z 0-9 _ -';
  if (new Set(value).size < MIN_DISTINCT) return `must have ${MIN_DISTINCT} or more different characters`;
  return null;
}

/** Returns the CRC-32 of the text as 6 base62 digits: 62^6 is more than 2^32. */
function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits = BASE62[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/**
 * Returns the hex HMAC-SHA-256 of a key's value under the pepper, the only form in which a key is stored. Synchronous, so that a warm call
 * awaits nothing before its handler. Throws 503 `not_configured` without a pepper.
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

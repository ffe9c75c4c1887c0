import type { Settings } from './settings';
import { ApiError } from '../../kernel/errors';
import { fromBase64, toBase64 } from '../../kernel/encoding';

/** Ciphertext and nonce, base64 each. */
export interface Sealed {
  iv: string;
  ciphertext: string;
}

const IV_BYTES = 12;

/**
 * Encrypts with AES-256-GCM under the SECRETS_KEY secret. Name and version are authenticated with it: a row swapped for another, or for its
 * own past, cannot be decrypted. Throws 503 `not_configured` without the key.
 */
export async function seal(
  settings: Pick<Settings, 'secretsKey'>,
  name: string,
  version: number,
  value: string,
): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const bytes = await crypto.subtle.encrypt(
    algorithm(iv, name, version),
    await importKey(settings),
    new TextEncoder().encode(value),
  );
  return { iv: toBase64(iv), ciphertext: toBase64(new Uint8Array(bytes)) };
}

/** Decrypts a secret. Rejects when it was encrypted under another key, name or version. */
export async function open(
  settings: Pick<Settings, 'secretsKey'>,
  name: string,
  version: number,
  sealed: Sealed,
): Promise<string> {
  const bytes = await crypto.subtle.decrypt(
    algorithm(fromBase64(sealed.iv), name, version),
    await importKey(settings),
    fromBase64(sealed.ciphertext),
  );
  return new TextDecoder().decode(bytes);
}

const algorithm = (iv: Uint8Array, name: string, version: number): SubtleCryptoEncryptAlgorithm => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(`${name}\n${version}`),
});

function importKey({ secretsKey }: Pick<Settings, 'secretsKey'>): Promise<CryptoKey> {
  if (secretsKey === null) {
    throw new ApiError(
      'not_configured',
      'Secrets cannot be stored: SECRETS_KEY is not set, or is not 32 bytes in base64.',
    );
  }
  return crypto.subtle.importKey('raw', secretsKey, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

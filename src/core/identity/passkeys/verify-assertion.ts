import { fromBase64Url } from '../../../kernel/encoding';
import type { PASSKEY_ALGORITHMS } from './passkey.schema';
import { rawSignature } from './webauthn.rules';

export interface PublicKey {
  /** COSE number. */
  algorithm: (typeof PASSKEY_ALGORITHMS)[number];
  /** SPKI as base64url. */
  spki: string;
}

const KINDS = {
  [-7]: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  [-257]: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;

/** Returns a key for verification; null for text that is no key of its algorithm. */
export async function importPublicKey({ algorithm, spki }: PublicKey): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('spki', fromBase64Url(spki), KINDS[algorithm], false, ['verify']);
  } catch {
    return null;
  }
}

/** True when `signature` is that of the key over the authenticator data and the hash of the client data. */
export async function verifyAssertion(
  key: PublicKey,
  { authenticatorData, clientData, signature }: Record<'authenticatorData' | 'clientData' | 'signature', string>,
): Promise<boolean> {
  const imported = await importPublicKey(key);
  if (imported === null) return false;
  try {
    const given = fromBase64Url(signature);
    const raw = key.algorithm === -7 ? rawSignature(given) : given;
    const [data, client] = [fromBase64Url(authenticatorData), fromBase64Url(clientData)];
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', client));
    return raw !== null && (await crypto.subtle.verify(KINDS[key.algorithm], imported, raw, joined(data, hash)));
  } catch {
    return false;
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}

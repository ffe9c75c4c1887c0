import { fromBase64Url, readUtf8, toBase64Url } from '../../../kernel/encoding';
import { isObject } from '../../../kernel/json.rules';
import { sha256Hex } from '../../../kernel/signed';

/*
 * Messages of a browser and an authenticator, by WebAuthn level 3: https://www.w3.org/TR/webauthn-3/. Attestation is not asked for, so the key
 * comes from the browser as SPKI, and no CBOR is read.
 */

/** Flags of authenticator data: the user touched it, proved who they are to it, and a new credential is in it. */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;
/** Bytes before the credential: hash of the rp, flags, counter; then the AAGUID and the length of the id. */
const HEAD_BYTES = 37;
const CREDENTIAL_BYTES = 18;

/**
 * Returns the challenge that client data answers, as text. Null for other data: of another ceremony or origin, of a frame of another site,
 * or no client data at all.
 */
export function readClientData(
  clientData: string,
  type: 'webauthn.create' | 'webauthn.get',
  origin: string,
): string | null {
  try {
    const read: unknown = JSON.parse(readUtf8(fromBase64Url(clientData)) ?? '');
    if (!isObject(read) || read.type !== type || read.origin !== origin || read.crossOrigin === true) return null;
    return typeof read.challenge === 'string' ? readUtf8(fromBase64Url(read.challenge)) : null;
  } catch {
    return null;
  }
}

/** Returns the counter of authenticator data; null for data of another rp, or without a verified user. */
export function readAuthenticatorData(authenticatorData: string, rpId: string): number | null {
  const bytes = bytesOf(authenticatorData);
  if (bytes === null || bytes.length < HEAD_BYTES) return null;
  const rpHash = sha256Hex(rpId).match(/../g)!;
  const isOfRp = rpHash.every((hex, at) => bytes[at] === Number.parseInt(hex, 16));
  const wanted = USER_PRESENT | USER_VERIFIED;
  if (!isOfRp || (bytes[32]! & wanted) !== wanted) return null;
  return new DataView(bytes.buffer).getUint32(33);
}

/** Returns the id of the credential that authenticator data of a registration has; null without one. */
export function readCredentialId(authenticatorData: string): string | null {
  const bytes = bytesOf(authenticatorData);
  const start = HEAD_BYTES + CREDENTIAL_BYTES;
  if (bytes === null || bytes.length < start || (bytes[32]! & HAS_CREDENTIAL) === 0) return null;
  const length = new DataView(bytes.buffer).getUint16(start - 2);
  return bytes.length < start + length ? null : toBase64Url(bytes.subarray(start, start + length));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64Url(text);
  } catch {
    return null;
  }
}

/** A counter that does not grow is that of a copy; authenticators without one always send 0. */
export const isLaterCounter = (counter: number, known: number): boolean =>
  counter > known || (counter === 0 && known === 0);

/** Returns the two numbers of an ECDSA signature over P-256 one after the other, as WebCrypto takes them; null for no such DER. */
export function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const raw = new Uint8Array(64);
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    if (der[at] !== 0x02 || length === 0 || length > 33 || at + 2 + length > der.length) return null;
    let number = der.subarray(at + 2, at + 2 + length);
    if (number[0] === 0 && number.length > 1) number = number.subarray(1);
    if (number.length > 32) return null;
    raw.set(number, end - number.length);
    at += 2 + length;
  }
  return at === der.length ? raw : null;
}

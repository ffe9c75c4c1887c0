import { Buffer } from 'node:buffer';

/*
 * UTF-8 that must be UTF-8. A byte order mark is removed where a parser reads the text (`readUtf8`), since it is no part of JSON or of a
 * message, and kept where the text represents its bytes (`exactUtf8`): shown, stored or compared text can be encoded back.
 */
export const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const EXACT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

type Bytes = ArrayBuffer | Uint8Array;

/** Returns the text of UTF-8 bytes without its byte order mark, or null when they are not UTF-8. */
export const readUtf8 = (bytes: Bytes): string | null => decodeOrNull(UTF8, bytes);

/** Returns the text of UTF-8 bytes with its byte order mark, or null when they are not UTF-8. */
export const exactUtf8 = (bytes: Bytes): string | null => decodeOrNull(EXACT, bytes);

/** Returns the text of the first `maxBytes` bytes, without the character that the cut divides; null when they are not UTF-8. */
export const startOfUtf8 = (bytes: Uint8Array, maxBytes: number): string | null =>
  // Needs a separate decoder: a streaming one keeps the divided character for its next call.
  decodeOrNull(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), bytes.subarray(0, maxBytes), true);

function decodeOrNull(decoder: TextDecoder, bytes: Bytes, stream = false): string | null {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    return null;
  }
}

/** Returns the bytes that a text has in UTF-8. */
export const utf8Length = (text: string): number => Buffer.byteLength(text);

/** Returns two lower-case hex digits per byte. */
export const toHex = (bytes: Uint8Array): string => view(bytes).toString('hex');

/** Returns base64 with `+` and `/`, padded. */
export const toBase64 = (bytes: Uint8Array): string => view(bytes).toString('base64');

/** Returns base64 with `-` and `_`, without padding. */
export const toBase64Url = (bytes: Uint8Array): string => view(bytes).toString('base64url');

/** Returns the bytes of base64 text, padded or not. Throws an InvalidCharacterError for other text. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** Returns the bytes of base64url text. Throws an InvalidCharacterError for other text. */
export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));

const view = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

import { ApiError, quoted, type ErrorCode } from './errors';
import { UTF8 } from './encoding';

/** Reads bytes as text, all of them or none. Throws a TypeError for bytes that are not text in its encoding. */
export type Decoder = Pick<TextDecoder, 'decode' | 'encoding'>;

/** Returns the decoder for a charset, by default UTF-8. Throws 415 for an unknown one. */
export function decoderOf(charset: string | undefined): Decoder {
  if (charset === undefined || /^utf-?8$/i.test(charset)) return UTF8;
  if (/^utf-?16$/i.test(charset)) return UTF16;
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: false });
  } catch {
    throw new ApiError('unsupported_media_type', `The charset ${quoted(charset)} is not supported. Send UTF-8.`);
  }
}

/** UTF-16 of either byte order: by the mark at its start, little-endian without one. */
const utf16 = (fatal: boolean): Decoder => ({
  encoding: 'utf-16',
  decode: (input) => {
    const bytes = toBytes(input as ArrayBuffer | Uint8Array);
    const isBigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
    return new TextDecoder(isBigEndian ? 'utf-16be' : 'utf-16le', { fatal, ignoreBOM: false }).decode(bytes);
  },
});
const UTF16 = utf16(true);

const LENIENT_UTF8 = new TextDecoder();

/** Returns a decoder that never throws, for the charset of a content type, or UTF-8 when it is unknown. */
export function lenientDecoderOf(contentType: string | null): Decoder {
  const charset = charsetOf(contentType);
  if (charset === undefined || /^utf-?8$/i.test(charset)) return LENIENT_UTF8;
  if (/^utf-?16$/i.test(charset)) return utf16(false);
  try {
    return new TextDecoder(charset);
  } catch {
    return LENIENT_UTF8;
  }
}

const toBytes = (input: ArrayBuffer | Uint8Array): Uint8Array =>
  input instanceof Uint8Array ? input : new Uint8Array(input);

/** Returns a content type without its parameters, in lower case; empty for none. */
export const mediaTypeOf = (contentType: string | null): string =>
  (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();

/** Returns the charset parameter of a content type. */
export const charsetOf = (contentType: string | null): string | undefined =>
  contentType === null ? undefined : /;\s*charset\s*=\s*["']?([^\s;,"']{1,64})/i.exec(contentType)?.[1];

/** Text that was sent as `what`, a phrase such as "The body"; 400 with its place when the bytes are no text in that encoding. */
export function decodeText(
  bytes: ArrayBuffer | Uint8Array,
  decoder: Decoder,
  code: ErrorCode,
  what: string,
  pointer: string,
): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw notText(decoder, code, what, pointer);
  }
}

export function notText(
  { encoding }: Pick<Decoder, 'encoding'>,
  code: ErrorCode,
  what: string,
  pointer: string,
): ApiError {
  const message = `is not ${encoding.toUpperCase()}`;
  return new ApiError(code, `${what} ${message}.`, { issues: [{ pointer, code: 'not_text', message }] });
}

import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { ApiError, quoted } from '../../kernel/errors';

type Decompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

/** `deflate` means the zlib format; some clients send it without zlib's header of 2 bytes. */
const inflate: Decompress = (bytes, options) =>
  (bytes[0]! & 0x0f) === 8 && (bytes[0]! * 256 + bytes[1]!) % 31 === 0
    ? inflateSync(bytes, options)
    : inflateRawSync(bytes, options);

const CODINGS: Record<string, Decompress> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflate,
  br: brotliDecompressSync,
};
const TAKEN = { 'accept-encoding': 'gzip, deflate, br' };

/**
 * Decodes a body of at most `limit` decoded bytes, and never holds more. Throws 415 for an unknown coding or several, 413 beyond the limit,
 * 400 `invalid_body` when the body is not in the coding that it declares.
 */
export function decodeContent(bytes: ArrayBuffer, header: string | null, limit: number): ArrayBuffer {
  const coding = header?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return bytes;
  const decompress = Object.hasOwn(CODINGS, coding) ? CODINGS[coding]! : null;
  if (decompress === null)
    throw new ApiError(
      'unsupported_media_type',
      `The content-encoding ${quoted(coding)} is not supported. Send the body uncompressed, or as gzip, deflate or br.`,
      { headers: TAKEN },
    );
  try {
    // The platform refuses an output limit of zero.
    const output = decompress(new Uint8Array(bytes), { maxOutputLength: Math.max(1, limit) });
    if (output.byteLength <= limit) return new Uint8Array(output).buffer;
  } catch (error) {
    if (!(error instanceof RangeError))
      throw new ApiError('invalid_body', `The body is not ${coding}, as its content-encoding declares.`);
  }
  throw new ApiError('body_too_large', `The body is larger than the ${limit} bytes allowed here, after decompression.`);
}

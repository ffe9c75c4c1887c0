const DECODER = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Raw body, byte order mark included. Empty for multipart. */
export const textOf = (bytes: Uint8Array, type: string | null): string =>
  type !== null && /^multipart\/form-data/i.test(type) ? '' : DECODER.decode(bytes);

/** Bytes per call of String.fromCharCode: its arguments go on the stack. */
const CHUNK = 8192;

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return btoa(parts.join(''));
}

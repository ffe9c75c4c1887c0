import { ApiError } from '../../kernel/errors';
import { decodeContent } from './content-coding';

const tooLarge = (limit: number): ApiError =>
  new ApiError('body_too_large', `The body is larger than the ${limit} bytes allowed here.`);

/**
 * Reads the body, or returns null when it is empty. `length` is the header `content-length`. Throws 413 `body_too_large` before more than
 * `limit` bytes are held.
 */
export async function readBody(request: Request, length: string | null, limit: number): Promise<ArrayBuffer | null> {
  if (length !== null) {
    if (Number(length) > limit) throw tooLarge(limit);
    // The HTTP layer limits the body to its content-length.
    return nonEmpty(await request.arrayBuffer());
  }
  if (request.body === null) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.length;
    if (size > limit) throw tooLarge(limit);
    parts.push(part);
  }
  return nonEmpty(await new Blob(parts).arrayBuffer());
}

/** Reads and decodes the body, within the same limit. Throws 415 for an unknown coding. */
export async function readPlainBody(request: Request, limit: number): Promise<ArrayBuffer | null> {
  const bytes = await readBody(request, request.headers.get('content-length'), limit);
  return bytes && nonEmpty(decodeContent(bytes, request.headers.get('content-encoding'), limit));
}

/** Returns null for zero bytes. */
export const nonEmpty = (bytes: ArrayBuffer): ArrayBuffer | null => (bytes.byteLength === 0 ? null : bytes);

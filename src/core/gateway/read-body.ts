import { ApiError } from '../../kernel/errors';
import { decodeContent } from './content-coding';

const tooLarge = (limit: number): ApiError =>
  new ApiError('body_too_large', `The body is larger than the ${limit} bytes allowed here.`);

/** Builds the refusal of a call that the platform cannot pass to the code of its endpoint. */
export const messageTooLarge = (): ApiError =>
  new ApiError(
    'body_too_large',
    'The body, and the parameters and files that the endpoint reads from it, have more than 32 MiB together.',
  );

/** Refuses a body that its caller did not send to the end. The platform's error looks like that of a store. */
const brokenOff = (): never => {
  throw new ApiError('invalid_body', 'The body breaks off before its end.');
};

/**
 * Reads the body; null when there is none. `length` is the header `content-length`. Throws 413 `body_too_large` before more than `limit`
 * bytes are held, and 400 `invalid_body` when the caller left before the end.
 */
export function readBody(request: Request, length: string | null, limit: number): Promise<ArrayBuffer> | null {
  if (length === null) return request.body && readParts(request.body, limit);
  if (Number(length) > limit) throw tooLarge(limit);
  // The HTTP layer limits the body to its content-length.
  return request.arrayBuffer().catch(brokenOff);
}

/** Reads a body of unknown length. */
async function readParts(body: ReadableStream<Uint8Array>, limit: number): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) break;
    size += value.length;
    if (size > limit) {
      reader.cancel().catch(() => undefined);
      throw tooLarge(limit);
    }
    parts.push(value);
  }
  return new Blob(parts).arrayBuffer();
}

/** Reads and decodes the body, within the same limit. Throws 415 for an unknown coding. */
export async function readPlainBody(request: Request, limit: number): Promise<ArrayBuffer | null> {
  const sent = await readBody(request, request.headers.get('content-length'), limit);
  const bytes = sent && nonEmpty(sent);
  return bytes && nonEmpty(decodeContent(bytes, request.headers.get('content-encoding'), limit));
}

/** Returns null for zero bytes. */
export const nonEmpty = (bytes: ArrayBuffer): ArrayBuffer | null => (bytes.byteLength === 0 ? null : bytes);

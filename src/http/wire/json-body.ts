import * as z from 'zod';
import { charsetOf, decoderOf, decodeText, mediaTypeOf } from '../../kernel/decode-text';
import { readPlainBody } from '../../core/gateway/read-body';
import { ApiError } from '../../kernel/errors';
import { findLoss } from '../../kernel/json-loss.rules';
import { parseBody } from '../../kernel/parse-body';
import { invalidInput } from '../../kernel/issues';
import { readUtf8 } from '../../kernel/encoding';

/** Maximum bytes of an admin request: 1 MiB of source, escaped, and the fields around it. */
const MAX_BYTES = 4 * 1_048_576;
/** Maximum bytes of a request that needs no credential: a name and a password. */
const MAX_PUBLIC_BYTES = 16 * 1024;

/**
 * Parses the JSON body of an admin request. Strict, because its values are stored: UTF-8 only, bounded in size and depth, no duplicate keys
 * in an object (the later one would win) and no number that would be rounded. `whenEmpty` is the value of an empty body; without one, it throws.
 */
export async function readJsonBody(request: Request, whenEmpty?: object): Promise<unknown> {
  const type = request.headers.get('content-type');
  if (type !== null && !JSON_TYPE.test(type)) throw notJson();
  return readUntypedJson(request, MAX_BYTES, whenEmpty);
}

/** Returns true for the schema of a body without fields: an action, for which a request without a body will do. */
export const hasNoFields = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0;

/**
 * Parses the JSON body of a route that needs no credential: small, and only with a JSON type, because a page of another site can send an
 * untyped body without a preflight.
 */
export async function readPublicJsonBody(request: Request): Promise<unknown> {
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) throw notJson();
  return readUntypedJson(request, MAX_PUBLIC_BYTES);
}

const JSON_TYPE = /^application\/(json|[a-z.+-]+\+json)\s*(;|$)/i;
const notJson = (): ApiError => new ApiError('unsupported_media_type', 'Send JSON, as content-type: application/json.');

/** Parses a JSON body under any content type: a dialect's clients may send none. */
export async function readUntypedJson(request: Request, maxBytes = MAX_BYTES, whenEmpty?: object): Promise<unknown> {
  const text = decode(await readPlainBody(request, maxBytes));
  if (text === '' && whenEmpty !== undefined) return whenEmpty;
  if (text === '') throw new ApiError('invalid_json', 'The body is empty. Send JSON.');
  const value = parseBody(text, JSON.parse);
  const loss = findLoss(text);
  if (loss?.code === 'duplicate_key') throw new ApiError('duplicate_key', `The body ${loss.message}.`);
  if (loss !== null) throw invalidInput([loss]);
  return value;
}

/**
 * Reads a body of one of `types` as text, in the charset that its type names, UTF-8 without one. Returns its type without parameters.
 * Throws 415 for another type or charset, 400 for bytes that are not text in it, 413 beyond `maxBytes`.
 */
export async function readTextBody(
  request: Request,
  types: readonly string[],
  maxBytes: number,
): Promise<{ type: string; text: string }> {
  const type = mediaTypeOf(request.headers.get('content-type'));
  if (!types.includes(type)) throw new ApiError('unsupported_media_type', `Send a body of ${types.join(' or ')}.`);
  const decoder = decoderOf(charsetOf(request.headers.get('content-type')));
  const bytes = new Uint8Array((await readPlainBody(request, maxBytes)) ?? []);
  if (decoder.encoding !== 'utf-8') return { type, text: decodeText(bytes, decoder, 'invalid_body', 'The body', '#') };
  try {
    return { type, text: decoder.decode(bytes) };
  } catch {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const how = isUtf16 ? 'It is UTF-16: save' : 'Save';
    throw new ApiError('invalid_body', `The body is not UTF-8. ${how} the file as UTF-8, in Excel as "CSV UTF-8".`);
  }
}

function decode(bytes: ArrayBuffer | null): string {
  const text = bytes === null ? '' : readUtf8(bytes);
  if (text === null) throw new ApiError('invalid_json', 'The body is not UTF-8.');
  return text;
}

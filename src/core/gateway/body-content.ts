import { Buffer } from 'node:buffer';
import type { FileField } from '../parameters/sent';
import { ApiError, quoted } from '../../kernel/errors';
import { parseBody } from '../../kernel/parse-body';
import { mayHaveLong, parseJson } from '../../kernel/long-integers';
import { boundedMap } from '../../kernel/bounded-map';
import { charsetOf, decodeText, decoderOf, type Decoder } from '../../kernel/decode-text';
import { boundaryOf, charsetOfForm, readParts, textOf } from './multipart';
import { percentDecode, readForm } from './urlencoded';

/**
 * The content of a body: a JSON value, or a form. A repeated field of a form is a list. `text` is the JSON where JavaScript reads it as
 * `value` again and would write every number of it the same.
 */
export type Content = { kind: 'json'; value: unknown; text: string | null } | Form;
export interface Form {
  kind: 'form';
  fields: Record<string, unknown>;
  files: Map<string, FileField[]>;
}

const JSON_TYPE = /^(application\/(json|[a-z0-9.+-]+\+json)|text\/json)$/;
const BRACE = 0x7b;
const MULTIPART = 'multipart/form-data';
const URLENCODED = 'application/x-www-form-urlencoded';

/**
 * Parses a body in the charset that its type or its form declares. Clients send JSON and both kinds of forms under each other's types, so
 * the body itself decides: a boundary in its first line makes it multipart; under a form type, a body that begins and ends as JSON is JSON;
 * under a JSON type, or none, a body of fields only is a form. Throws 400 `invalid_json`, `json_too_deep` or `invalid_body`, and 415 for
 * any other type or charset.
 */
export function readContent(contentType: string | null, bytes: ArrayBuffer): Content {
  // Most bodies. One that begins with a brace can be no form, of either kind.
  const json = jsonDecoderOf(contentType);
  if (json !== null && new Uint8Array(bytes)[0] === BRACE) return readJson(bytes, json());
  const type = typeOf(contentType);
  const body = Buffer.from(bytes);
  const isForm = type === MULTIPART || type === URLENCODED;
  if (!isForm && type !== '' && !JSON_TYPE.test(type) && !(type === 'text/plain' && beginsAsObject(body)))
    throw notTaken(type);
  const boundary = boundaryOf(type === MULTIPART ? contentType : null, body);
  if (boundary !== undefined) return readMultipart(body, boundary, charsetOf(contentType));
  const decoder = decoderOf(charsetOf(contentType));
  if (isForm ? isJsonLike(body) : !isNothingButFields(body)) return readJson(bytes, decoder);
  if (type === MULTIPART && !isNothingButFields(body))
    throw new ApiError('invalid_body', 'The content type of a multipart body must have a boundary parameter.');
  const encoded = encodedJson(body);
  return encoded === null ? toForm(readForm(bytes, decoder)) : readJson(encoded, decoder);
}

/** A repeated header is one text with a comma; the first value counts. */
const typeOf = (contentType: string | null): string =>
  contentType === null ? '' : contentType.split(/[;,]/, 1)[0]!.trim().toLowerCase();

/** Content types of JSON with what opens their decoder; null for those of anything else. Callers send few. */
const jsonDecoders = boundedMap<(() => Decoder) | null>(100);

function jsonDecoderOf(contentType: string | null): (() => Decoder) | null {
  if (contentType === null) return null;
  let known = jsonDecoders.get(contentType);
  if (known === undefined) {
    const charset = charsetOf(contentType);
    known = JSON_TYPE.test(typeOf(contentType)) ? () => decoderOf(charset) : null;
    if (contentType.length <= 100) jsonDecoders.set(contentType, known);
  }
  return known;
}

const notTaken = (type: string): ApiError =>
  new ApiError(
    'unsupported_media_type',
    `This endpoint takes application/json, application/x-www-form-urlencoded and multipart/form-data, not ${quoted(type)}.`,
  );

const beginning = (body: Buffer): string =>
  body
    .subarray(0, 200)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
const end = (body: Buffer): string => body.subarray(-20).toString('latin1');

const beginsAsObject = (body: Buffer): boolean => /^\s*\{\s*["}]/.test(beginning(body));

/** Quotes around the body, or names without quotes, come from JSON that a shell has mangled: not fields. */
const isJsonLike = (body: Buffer): boolean =>
  beginsAsObject(body) || (/^\s*['"]?[{[]/.test(beginning(body)) && /[}\]]['"]?\s*$/.test(end(body)));

const isNothingButFields = (body: Buffer): boolean =>
  /^[^\s={}[\]"&]+=/.test(beginning(body)) && /^[^\s{}"]*$/.test(body.toString('latin1'));

/** Returns JSON that was encoded like a field (curl --data-urlencode), or null. */
const encodedJson = (body: Buffer): Uint8Array | null =>
  /^%(7b|5b)/i.test(beginning(body)) && /%(7d|5d)\s*$/i.test(end(body)) && !/[=&]/.test(body.toString('latin1'))
    ? percentDecode(body.toString('latin1').replaceAll('+', ' '))
    : null;

function readJson(bytes: ArrayBuffer | Uint8Array, decoder: Decoder): Content {
  const text = decodeText(bytes, decoder, 'invalid_json', 'The body', '#/body');
  const hasLong = mayHaveLong(text);
  const value = parseBody(text, () => parseJson(text, hasLong));
  return { kind: 'json', value, text: hasLong || mayHaveNegativeZero(text) ? null : text };
}

/** JSON.stringify writes it without its sign. */
const mayHaveNegativeZero = (text: string): boolean => text.includes('-0') && /[\s:,[]-0/.test(text);

const emptyFields = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

/** Builds a form from pairs of name and text. */
export function toForm(pairs: Iterable<[string, string]>): Form {
  const fields = emptyFields();
  for (const [name, value] of pairs) add(fields, name, value);
  return { kind: 'form', fields, files: new Map() };
}

function readMultipart(body: Buffer, boundary: string, charset: string | undefined): Form {
  const decoder = decoderOf(charset ?? charsetOfForm(body, boundary));
  const fields = emptyFields();
  const files = new Map<string, FileField[]>();
  for (const part of readParts(body, boundary, decoder)) {
    if (part.filename === null) add(fields, part.name, textOf(part, decoder));
    else {
      const list = files.get(part.name) ?? [];
      list.push({ name: part.filename, type: part.type, bytes: new Uint8Array(part.bytes).buffer });
      files.set(part.name, list);
    }
  }
  return { kind: 'form', fields, files };
}

/** Adds a value; a repeated field becomes a list. */
function add(fields: Record<string, unknown>, name: string, value: string): void {
  const before = fields[name];
  // Grown in place: a megabyte holds 350,000 fields, and copying the list each time would take minutes.
  if (Array.isArray(before)) before.push(value);
  else fields[name] = before === undefined ? value : [before, value];
}

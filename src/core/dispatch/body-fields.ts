import type { FileField } from '../endpoint/parameters.rules';
import { Fault } from '../errors';
import { parseJson } from '../long-integers';
import { isTooDeep, MAX_JSON_DEPTH, placeOf } from '../json.rules';
import { charsetOf, decodeText, decoderOf, type Decoder } from './decode-text';
import { boundaryOf, readParts, sniffBoundary, textOf } from './multipart';
import { readForm } from './urlencoded';

/** A body by name. `text` tells that the values came from a form. */
export interface BodyFields {
  fields: Record<string, unknown>;
  text: boolean;
  files: Map<string, FileField[]>;
}

const JSON_TYPE = /^(application\/(json|[a-z0-9.+-]+\+json)|text\/json)$/;
const NO_FILES: Map<string, FileField[]> = new Map();
const EMPTY: BodyFields = { fields: {}, text: false, files: NO_FILES };

/**
 * Reads what a body says, by its content type: a JSON object, a urlencoded or a multipart form, in the charset that the type declares.
 * What clients send under a wrong type is read as what it is: a form that claims to be JSON (Pyplan's callers), JSON that claims to be a
 * form (curl -d) or text (fetch, sendBeacon, SNS), and a body without a type. No body has no fields, whatever its type. 400
 * `invalid_json`, `json_too_deep` or `invalid_body`, 415 for any other type or charset, 422 for JSON that is no object.
 */
export function readBodyFields(contentType: string | null, bytes: ArrayBuffer | null): BodyFields {
  if (bytes === null) return EMPTY;
  const type = contentType === null ? '' : essence(contentType);
  if (type === 'multipart/form-data') return readMultipart(contentType, bytes);
  const decoder = decoderOf(charsetOf(contentType));
  if (type === 'application/x-www-form-urlencoded') return readUrlencodedOrJson(bytes, decoder);
  if (type === '' || JSON_TYPE.test(type)) return readJsonOrForm(bytes, decoder);
  if (type === 'text/plain' && looksLikeObject(bytes)) return readJsonOrForm(bytes, decoder);
  throw new Fault(
    'unsupported_media_type',
    'This endpoint takes application/json, application/x-www-form-urlencoded and multipart/form-data.',
  );
}

const essence = (contentType: string): string => contentType.split(';', 1)[0]!.trim().toLowerCase();

const LATIN1 = new TextDecoder('latin1');
/** A JSON object begins like this, in every encoding that begins like ASCII; a form that does so was meant to be one. */
const looksLikeObject = (bytes: ArrayBuffer): boolean =>
  /^(?:\u00ef\u00bb\u00bf)?\s*\{\s*("|\})/.test(
    LATIN1.decode(new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 200))),
  );

function readJsonOrForm(bytes: ArrayBuffer, decoder: Decoder): BodyFields {
  // The first line of a multipart body is its boundary; it may hold binary files, so it is told before anything is decoded.
  if (sniffBoundary(new Uint8Array(bytes)) !== undefined) return readMultipart(null, bytes);
  const text = decodeText(bytes, decoder, 'invalid_json', 'The body', '#/body');
  if (isTooDeep(text)) throw new Fault('json_too_deep', `The body nests deeper than ${MAX_JSON_DEPTH} levels.`);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (/^[^\s={}[\]"&]+=[^\s{}"]*$/.test(text)) return readUrlencoded(bytes, decoder);
    throw new Fault('invalid_json', `The body is not JSON${placeOf(error, text)}.`);
  }
  // What axios sends for no data under a JSON type.
  if (value === null) return EMPTY;
  if (typeof value !== 'object' || Array.isArray(value)) {
    const errors = [
      { pointer: '#/body', code: 'not_an_object', message: 'must be a JSON object, with the parameters by name' },
    ];
    throw new Fault('invalid_parameters', 'The body must be a JSON object, with the parameters by name.', { errors });
  }
  return { fields: value as Record<string, unknown>, text: false, files: NO_FILES };
}

/** `curl -d '{…}'` claims to send a form. */
const readUrlencodedOrJson = (bytes: ArrayBuffer, decoder: Decoder): BodyFields =>
  looksLikeObject(bytes) && endsLikeObject(bytes) ? readJsonOrForm(bytes, decoder) : readUrlencoded(bytes, decoder);

const endsLikeObject = (bytes: ArrayBuffer): boolean =>
  /\}\s*$/.test(LATIN1.decode(new Uint8Array(bytes, Math.max(0, bytes.byteLength - 20))));

function readUrlencoded(bytes: ArrayBuffer, decoder: Decoder): BodyFields {
  return fieldsOf(readForm(bytes, decoder));
}

/** Pairs of name and text as fields; a repeated one becomes a list. */
export function fieldsOf(pairs: Iterable<[string, string]>): BodyFields {
  const fields = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of pairs) add(fields, name, value);
  return { fields, text: true, files: NO_FILES };
}

function readMultipart(contentType: string | null, bytes: ArrayBuffer): BodyFields {
  const body = new Uint8Array(bytes);
  const boundary = boundaryOf(contentType, body);
  if (boundary === undefined)
    throw new Fault('invalid_body', 'The content type of a multipart body must have its boundary.');
  const fields = Object.create(null) as Record<string, unknown>;
  const files = new Map<string, FileField[]>();
  for (const part of readParts(body, boundary)) {
    if (part.filename === null) add(fields, part.name, textOf(part));
    else {
      const list = files.get(part.name) ?? [];
      list.push({ name: part.filename, type: part.type, bytes: new Uint8Array(part.bytes).buffer });
      files.set(part.name, list);
    }
  }
  return { fields, text: true, files };
}

/** A repeated field becomes a list. */
function add(fields: Record<string, unknown>, name: string, value: string): void {
  const before = fields[name];
  // Grown in place: a megabyte holds 350,000 fields, and copying the list each time would take minutes.
  if (Array.isArray(before)) before.push(value);
  else fields[name] = before === undefined ? value : [before, value];
}

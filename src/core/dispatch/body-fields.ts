import type { FileField } from '../endpoint/parameters.rules';
import { Fault } from '../errors';
import { isTooDeep, MAX_JSON_DEPTH, placeOf } from '../json.rules';

/** A body by name. `text` tells that the values came from a form. */
export interface BodyFields {
  fields: Record<string, unknown>;
  text: boolean;
  files: Map<string, FileField[]>;
}

const JSON_TYPE = /^application\/(json|[a-z0-9.+-]+\+json)$/;
const NO_FILES: Map<string, FileField[]> = new Map();
const EMPTY: BodyFields = { fields: {}, text: false, files: NO_FILES };

/**
 * Reads what a body says, by its content type: a JSON object, a urlencoded or a multipart form. A form that claims to be JSON is read
 * as the form it is (callers of Pyplan send that), JSON that claims to be a form (curl -d) as JSON, and a body without a type as what
 * it is. 400 `invalid_json`, `json_too_deep` or `invalid_body`, 415 for any other type, 422 for JSON that is no object.
 */
export async function readBodyFields(contentType: string | null, bytes: ArrayBuffer | null): Promise<BodyFields> {
  if (bytes === null) {
    if (contentType !== null && JSON_TYPE.test(essence(contentType)))
      throw new Fault('invalid_json', 'The body is empty. Send a JSON object, or no content-type.');
    return EMPTY;
  }
  const type = contentType === null ? '' : essence(contentType);
  if (type === 'multipart/form-data') return readMultipart(contentType!, bytes);
  if (type === 'application/x-www-form-urlencoded') return readUrlencodedOrJson(bytes);
  if (type === '' || JSON_TYPE.test(type)) return readJsonOrForm(bytes);
  throw new Fault(
    'unsupported_media_type',
    'This endpoint takes application/json, application/x-www-form-urlencoded and multipart/form-data.',
  );
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const LATIN1 = new TextDecoder('latin1');
const DASH = 0x2d;

const essence = (contentType: string): string => contentType.split(';', 1)[0]!.trim().toLowerCase();

function decode(bytes: ArrayBuffer, code: 'invalid_json' | 'invalid_body'): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new Fault(code, 'The body is not UTF-8.');
  }
}

async function readJsonOrForm(bytes: ArrayBuffer): Promise<BodyFields> {
  // The first line of a multipart body is its boundary; it may hold binary files, so it is told before anything is decoded.
  const start = new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 80));
  const boundary = start[0] === DASH ? /^--([^\r\n]{1,70})\r?\n/.exec(LATIN1.decode(start))?.[1] : undefined;
  if (boundary !== undefined) return readMultipart(`multipart/form-data; boundary="${boundary}"`, bytes);
  const text = decode(bytes, 'invalid_json');
  if (isTooDeep(text)) throw new Fault('json_too_deep', `The body nests deeper than ${MAX_JSON_DEPTH} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (/^[^\s={}[\]"&]+=[^\s{}"]*$/.test(text)) return readUrlencoded(text);
    throw new Fault('invalid_json', `The body is not JSON${placeOf(error, text)}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const errors = [
      { pointer: '#/body', code: 'not_an_object', message: 'must be a JSON object, with the parameters by name' },
    ];
    throw new Fault('invalid_parameters', 'The body must be a JSON object, with the parameters by name.', { errors });
  }
  return { fields: value as Record<string, unknown>, text: false, files: NO_FILES };
}

/** `curl -d '{…}'` claims to send a form. A form that is a JSON object to the letter is one, and was meant as one. */
function readUrlencodedOrJson(bytes: ArrayBuffer): BodyFields | Promise<BodyFields> {
  const text = decode(bytes, 'invalid_body');
  return /^\s*\{\s*("|\})/.test(text) && /\}\s*$/.test(text) ? readJsonOrForm(bytes) : readUrlencoded(text);
}

function readUrlencoded(text: string): BodyFields {
  const fields = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of new URLSearchParams(text)) add(fields, name, value);
  return { fields, text: true, files: NO_FILES };
}

async function readMultipart(contentType: string, bytes: ArrayBuffer): Promise<BodyFields> {
  let form: FormData;
  try {
    form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new Fault('invalid_body', 'The multipart body cannot be read. Check its boundary, and that it ends with it.');
  }
  const fields = Object.create(null) as Record<string, unknown>;
  const files = new Map<string, FileField[]>();
  for (const [name, value] of form) {
    if (typeof value === 'string') add(fields, name, value);
    else {
      const list = files.get(name) ?? [];
      list.push({ name: value.name, type: value.type, bytes: await value.arrayBuffer() });
      files.set(name, list);
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

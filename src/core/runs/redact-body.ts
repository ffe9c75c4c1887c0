import { lenientDecoderOf } from '../../kernel/decode-text';
import { parseJson } from '../../kernel/long-integers';
import { REDACTED } from './mask.rules';
import { redactQuery, redactText, redactValue, type Hidden } from './redact.rules';
import { NO_SECRETS } from './secret-forms.rules';
import { isSuspect } from './suspect.rules';
import { utf8Length } from '../../kernel/encoding';

/** A body of a call for its record: the whole text, or its start when `isCut`; `bytes` is the size of the whole body. */
export interface KeptBody {
  text: string;
  bytes: number;
  isCut: boolean;
}

/** Bytes of a body that are decoded for its record; of a longer one, the start. */
export const READ_BYTES = 262_144;

const ENCODER = new TextEncoder();

/**
 * Decodes a body for its record, in the charset of its type, since redaction works on text. `start` is only a part of the body when
 * `length` is greater. Invalid bytes become replacement characters.
 */
export function keepBytes(
  start: ArrayBuffer | Uint8Array,
  contentType: string | null,
  length = start.byteLength,
): KeptBody {
  const bytes = (start instanceof Uint8Array ? start : new Uint8Array(start)).subarray(0, READ_BYTES);
  const isCut = length > bytes.length;
  const text = lenientDecoderOf(contentType).decode(bytes);
  // Remove a character that was cut.
  return { text: isCut ? text.replace(/\ufffd{1,3}$/, '') : text, bytes: length, isCut };
}

export function keepText(text: string): KeptBody {
  const isCut = text.length > READ_BYTES;
  return { text: isCut ? text.slice(0, READ_BYTES) : text, bytes: utf8Length(text), isCut };
}

/** A form, sent under any content type: `name=value&…`, without white space. */
const FORM = /^[^\s={}[\]"<>]+=[^\s{}"<>]*$/;

/**
 * Redacts a body and cuts it to `limit` bytes. Parses JSON and forms, and applies the rules for text otherwise. JSON that
 * cannot be parsed, because it is longer than READ_BYTES or malformed, is replaced as a whole when its start has a credential; so is
 * every multipart body, whose names and values are on different lines.
 */
export function redactBody(
  body: KeptBody,
  contentType: string,
  hidden: Hidden,
  limit: number,
): { text: string; isCut: boolean } {
  const whole = redactKept(body, contentType.toLowerCase(), hidden, limit);
  const text = firstBytes(whole.text, limit);
  return { text, isCut: whole.isCut || text.length < whole.text.length };
}

function redactKept(body: KeptBody, type: string, hidden: Hidden, limit: number): { text: string; isCut: boolean } {
  const { text } = body;
  const isCut = body.isCut || text.length > limit;
  const start = isCut ? text.slice(0, limit) : text;
  const { names, secrets } = hidden;
  if (names.size === 0 && !isSuspect(start))
    return { text: secrets.exact.length === 0 ? start : redactText(start, hidden, isCut), isCut };
  if (type.startsWith('multipart/') || /^--[^\r\n]{1,200}\r?\n/.test(text)) return { text: REDACTED, isCut };
  if (type.includes('json') || /^\s*[{["]/.test(text)) {
    const read = body.isCut ? undefined : redactJson(text, hidden, limit);
    if (read !== undefined) return read;
    // A name may contain escapes, which only a parser decodes.
    const isRead = !start.includes('\\u') && !body.isCut && !type.includes('json');
    if (!isRead && redactText(start, { ...hidden, secrets: NO_SECRETS }) !== start) return { text: REDACTED, isCut };
  }
  if (type.startsWith('application/x-www-form-urlencoded') || FORM.test(start))
    return { text: redactQuery(start, hidden, isCut), isCut };
  return { text: redactText(start, hidden, isCut), isCut };
}

/** Returns undefined when the text is not JSON. */
function redactJson(text: string, hidden: Hidden, limit: number): { text: string; isCut: boolean } | undefined {
  // A secret that is JSON itself, or a part of it, spans several strings of the body.
  if (hidden.secrets.exact.some((secret) => secret.text.includes('"') && text.includes(secret.text))) return undefined;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return undefined;
  }
  const room = { left: 2 * limit, isCut: false };
  return { text: JSON.stringify(redactValue(value, hidden, room)), isCut: room.isCut };
}

/** Returns the start of a text, at most `limit` bytes of UTF-8. */
function firstBytes(text: string, limit: number): string {
  if (text.length * 3 <= limit) return text;
  return text.slice(0, ENCODER.encodeInto(text, new Uint8Array(limit)).read);
}

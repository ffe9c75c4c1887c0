import { Buffer } from 'node:buffer';
import { quoted, type ErrorCode } from '../../kernel/errors';
import { decodeText, decoderOf, notText, type Decoder } from '../../kernel/decode-text';

type Pair = [name: string, value: string];

const REPLACEMENT = '\ufffd';
const UTF8 = decoderOf(undefined);

/** Converts bytes to a text with one character for each byte. */
const asBytes = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('latin1');

/**
 * Parses a urlencoded form into pairs of name and value, in the charset of its decoder or the one in its field `_charset_`. Throws 400
 * `invalid_body` with the field that is not text.
 */
export function readForm(bytes: ArrayBuffer, declared: Decoder): Iterable<Pair> {
  const decoder = declared === UTF8 ? decoderOf(charsetOfForm(bytes)) : declared;
  if (decoder !== UTF8) return strictPairs(asBytes(bytes), decoder, 'invalid_body', FIELD);
  const text = decodeText(bytes, UTF8, 'invalid_body', 'The body', '#/body');
  const pairs = [...toPairs(text)];
  return isSuspect(text, pairs) ? strictPairs(asBytes(bytes), UTF8, 'invalid_body', FIELD) : pairs;
}

/** Browsers put the charset of a form into this field, where the form has it (HTML). */
const CHARSET_FIELD = /(?:^|&)_charset_=([\w.:-]{1,64})(?=&|$)/;

const charsetOfForm = (bytes: ArrayBuffer): string | undefined =>
  Buffer.from(bytes).indexOf('_charset_=') !== -1 ? CHARSET_FIELD.exec(asBytes(bytes))?.[1] : undefined;

/** Parses a query without its mark, or a form: the class takes a first `?` for that mark, and here it belongs to a name. */
export const toPairs = (text: string): URLSearchParams => new URLSearchParams(`?${text}`);

/** Parses a query into pairs of name and value. Throws 400 `invalid_parameter` with the one that is not UTF-8. */
export function readQuery(query: string): URLSearchParams {
  const search = toPairs(query);
  if (isSuspect(query, search)) for (const _pair of strictPairs(query, UTF8, 'invalid_parameter', QUERY)) continue;
  return search;
}

/** Decodes one segment of a path. Throws 400 `invalid_parameter` when it is not UTF-8; a percent sign that begins no escape is literal. */
export function readSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return UTF8.decode(percentDecode(segment));
  } catch {
    throw notText(UTF8, 'invalid_parameter', `The path segment ${quoted(segment)}`, '#/path');
  }
}

/** Checks a header's value, which the platform has decoded already: bytes that are not UTF-8 left U+FFFD. */
export function checkHeader(name: string, value: string | null): string | null {
  if (value?.includes(REPLACEMENT))
    throw notText(UTF8, 'invalid_parameter', `The header ${name}`, `#/header/${quoted(name)}`);
  return value;
}

interface Place {
  what: string;
  pointer: string;
}
const FIELD: Place = { what: 'The field', pointer: '#/body' };
const QUERY: Place = { what: 'The query parameter', pointer: '#/query' };

/** The platform's parser replaces bytes that are not UTF-8 with U+FFFD. Only a second parse shows whether one was sent. */
function isSuspect(text: string, pairs: Iterable<Pair>): boolean {
  if (!text.includes('%')) return false;
  for (const [name, value] of pairs) if (value.includes(REPLACEMENT) || name.includes(REPLACEMENT)) return true;
  return false;
}

/** Parses pairs from a text whose characters are bytes, and decodes each by itself, so that a message can name it. */
function* strictPairs(text: string, decoder: Decoder, code: ErrorCode, { what, pointer }: Place): Generator<Pair> {
  for (const piece of text.split('&')) {
    if (piece === '') continue;
    const mark = piece.indexOf('=');
    const [name, value] = mark === -1 ? [piece, ''] : [piece.slice(0, mark), piece.slice(mark + 1)];
    const decode = (part: string, shown: string): string =>
      decodeText(percentDecode(part.replaceAll('+', ' ')), decoder, code, `${what} ${shown}`, `${pointer}/${shown}`);
    const decodedName = decode(name, quoted(name));
    yield [decodedName, decode(value, quoted(decodedName))];
  }
}

/** Returns the bytes of a text whose characters are bytes. A percent sign without two hex digits after it stays, as in the URL standard. */
export function percentDecode(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const escaped = code === PERCENT ? HEX.exec(text.slice(at + 1, at + 3)) : null;
    bytes[length++] = escaped === null ? code : parseInt(escaped[0], 16);
    if (escaped !== null) at += 2;
  }
  return bytes.subarray(0, length);
}

const PERCENT = 0x25;
const HEX = /^[0-9a-f]{2}$/i;

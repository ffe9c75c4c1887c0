import { Buffer } from 'node:buffer';
import { ApiError, quoted } from '../../kernel/errors';
import { charsetOf, decodeText, decoderOf, type Decoder } from '../../kernel/decode-text';

/** One field or file of a multipart body. `filename` is null for a field. */
export interface Part {
  name: string;
  filename: string | null;
  type: string;
  bytes: Uint8Array;
}

const MAX_HEADER_BYTES = 16_384;
/** Ten times the limit of common frameworks; each part is an object on its way into the isolate. */
const MAX_PARTS = 10_000;

/**
 * Parses the parts of a multipart/form-data body (RFC 7578), as clients write them: with either line end, a preamble, `attachment` instead
 * of `form-data` (curl under another content type), files of one field in a multipart/mixed part of their own (curl), base64 (curl), and
 * names with any of the three ways of quoting. `decoder` reads the names. Copies nothing. Throws 400 `invalid_body` with the reason.
 */
export function* readParts(
  bytes: Uint8Array,
  boundary: string,
  decoder: Decoder = UTF8,
  outer: string | null = null,
): Generator<Part> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = findStart(body, boundary);
  const newline = body[start.end - 2] === CR ? '\r\n' : '\n';
  const delimiter = Buffer.from(`${newline}--${boundary}`, 'latin1');
  let { end: at, isLast } = start;
  for (let number = 1; !isLast; number++) {
    if (number > MAX_PARTS) throw broken(`it has more than ${MAX_PARTS} parts`);
    const { head, content } = splitHead(body, at, newline, number);
    const next = findDelimiter(body, delimiter, content, newline);
    // A part without content may end with its head.
    yield* readPart(head, body.subarray(content, Math.max(content, next.start)), { decoder, outer, number });
    ({ end: at, isLast } = next);
  }
}

/**
 * Returns the boundary that a content type declares, or that the first line of a body shows: some clients forget to declare it, and curl
 * appends its own to one that its user wrote. Undefined for a body that is not multipart.
 */
export function boundaryOf(contentType: string | null, bytes: Uint8Array): string | undefined {
  const declared =
    contentType === null
      ? undefined
      : /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType)?.slice(1).find(Boolean);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (declared !== undefined && body.indexOf(`--${declared}`, 0, 'latin1') !== -1) return declared;
  return sniffBoundary(body) ?? declared;
}

const sniffBoundary = (body: Buffer): string | undefined =>
  body[0] === DASH && body[1] === DASH
    ? /^--([^\r\n]{1,200}?)(?:--)?[ \t]*\r?\n/.exec(body.subarray(0, 300).toString('latin1'))?.[1]
    : undefined;

const LATIN1 = new TextDecoder('latin1');

/** Returns the charset in the field `_charset_` of a form, which browsers fill in (RFC 7578 4.6). */
export function charsetOfForm(body: Buffer, boundary: string): string | undefined {
  if (body.indexOf('_charset_') === -1) return undefined;
  for (const { name, filename, bytes } of readParts(body, boundary, LATIN1))
    if (name === '_charset_' && filename === null && bytes.length > 0) return LATIN1.decode(bytes).trim();
  return undefined;
}

const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;

const broken = (reason: string): ApiError =>
  new ApiError('invalid_body', `The multipart body cannot be read: ${reason}.`);

interface Delimiter {
  /** Index of its start, with the line end before it. */
  start: number;
  /** Index of the start of the next part. */
  end: number;
  isLast: boolean;
}

/** Finds the first boundary line; text before it is ignored. */
function findStart(body: Buffer, boundary: string): Delimiter {
  const line = `--${boundary}`;
  for (let from = 0; ;) {
    const start = body.indexOf(line, from, 'latin1');
    if (start === -1) throw broken(`it has no line --${quoted(boundary)}, which is the boundary of its content type`);
    const found = start === 0 || body[start - 1] === LF ? endOfLine(body, start, start + line.length) : null;
    if (found !== null) return found;
    from = start + 1;
  }
}

function findDelimiter(body: Buffer, delimiter: Buffer, from: number, newline: string): Delimiter {
  // The line end after the head may be that before the delimiter.
  for (let at = from - newline.length; ;) {
    const start = body.indexOf(delimiter, at);
    if (start === -1) throw broken('it does not end with its boundary and two dashes');
    const found = endOfLine(body, start, start + delimiter.length);
    if (found !== null) return found;
    at = start + 1;
  }
}

/** Parses the end of a boundary line: two dashes at the end, or white space and a line end. Null inside a longer word. */
function endOfLine(body: Buffer, start: number, after: number): Delimiter | null {
  if (body[after] === DASH && body[after + 1] === DASH) return { start, end: after + 2, isLast: true };
  let at = after;
  while (body[at] === 0x20 || body[at] === 0x09) at++;
  if (body[at] === CR) at++;
  return body[at] === LF ? { start, end: at + 1, isLast: false } : null;
}

function splitHead(body: Buffer, at: number, newline: string, number: number): { head: Buffer; content: number } {
  const first = body.subarray(at, at + newline.length).toString('latin1');
  if (first === newline) return { head: body.subarray(at, at), content: at + newline.length };
  const end = body.subarray(at, at + MAX_HEADER_BYTES).indexOf(newline + newline, 0, 'latin1');
  if (end === -1) throw broken(`part ${number} has no end of its headers within ${MAX_HEADER_BYTES} bytes`);
  return { head: body.subarray(at, at + end), content: at + end + 2 * newline.length };
}

interface Reading {
  decoder: Decoder;
  /** Name of the enclosing part. */
  outer: string | null;
  number: number;
}

function* readPart(head: Buffer, content: Buffer, { decoder, outer, number }: Reading): Generator<Part> {
  const headers = readHeaders(head, decoder, number);
  const disposition = headers.get('content-disposition') ?? '';
  const name = readParameter(disposition, 'name', number) ?? outer;
  if (name === null) throw broken(`part ${number} has no name`);
  const type = headers.get('content-type') ?? '';
  if (outer === null && /^multipart\/mixed\b/i.test(type)) {
    const boundary = boundaryOf(type, content);
    if (boundary === undefined) throw broken(`part ${number} has no boundary of its own`);
    yield* readParts(content, boundary, decoder, name);
    return;
  }
  const filename = readParameter(disposition, 'filename', number);
  // A browser sends this for a file input without a chosen file.
  if (filename === '' && content.length === 0) return;
  yield { name, filename, type, bytes: decodeTransfer(content, headers.get('content-transfer-encoding'), number) };
}

function readHeaders(head: Buffer, decoder: Decoder, number: number): Map<string, string> {
  const what = `The head of part ${number}`;
  const text = decodeText(head, decoder, 'invalid_body', what, '#/body');
  const lines = text.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

const UTF8: Decoder = decoderOf(undefined);

/** Parses a parameter of a Content-Disposition: `name=x`, `name="x"`, or `name*=charset''x` (RFC 8187), which some clients prefer. */
function readParameter(disposition: string, wanted: string, number: number): string | null {
  let plain: string | null = null;
  for (const [, name, inQuotes, token] of disposition.matchAll(
    /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g,
  )) {
    const value = inQuotes === undefined ? token!.trim() : inQuotes;
    if (name!.toLowerCase() === `${wanted}*`) return decodeExtended(value, number);
    if (name!.toLowerCase() === wanted) plain ??= unescape(value);
  }
  return plain;
}

/** curl writes a quote as \", browsers as %22. Any other backslash is literal, as in the paths of old browsers. */
const unescape = (value: string): string =>
  value
    .replaceAll(/\\(["\\])/g, '$1')
    .replaceAll(/%(22|0d|0a)/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

function decodeExtended(value: string, number: number): string {
  const [, charset, text] = /^([^']*)'[^']*'(.*)$/.exec(value) ?? [];
  if (text === undefined) return unescape(value);
  const bytes = Buffer.from(
    text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
  return decodeText(
    bytes,
    decoderOf(charset === '' ? undefined : charset),
    'invalid_body',
    `A name in part ${number}`,
    '#/body',
  );
}

function decodeTransfer(content: Buffer, encoding: string | undefined, number: number): Uint8Array {
  if (encoding === undefined || /^(7bit|8bit|binary)$/i.test(encoding)) return content;
  if (/^base64$/i.test(encoding)) {
    const text = content.toString('latin1').replaceAll(/\s/g, '');
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw broken(`part ${number} is not valid base64`);
    return Buffer.from(text, 'base64');
  }
  throw broken(`part ${number} is encoded as ${quoted(encoding)}; send it without encoding`);
}

/** Decodes a field's value in the charset of its part, or that of the form. */
export function textOf({ name, type, bytes }: Part, ofForm: Decoder = UTF8): string {
  const charset = charsetOf(`;${type}`);
  const decoder = charset === undefined ? ofForm : decoderOf(charset);
  return decodeText(bytes, decoder, 'invalid_body', `The field ${quoted(name)}`, `#/body/${quoted(name)}`);
}

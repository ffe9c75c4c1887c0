import { unescapeWhole } from './unescape.rules';
import { toBase64, toHex } from '../../kernel/encoding';

/** A text to find. `borders` is its failure table (secret-ranges.rules.ts), computed when it is first needed. */
export interface Needle {
  text: string;
  borders: Int32Array | null;
}

/** Values that no record may contain, in the forms to search for. */
export interface SecretForms {
  /** Found in unchanged text. */
  exact: readonly Needle[];
  /** Found in text without its escapes: forms that may contain an escape. */
  loose: readonly Needle[];
  /** Found in text that the platform has lower-cased: names of headers and hosts. */
  lower: readonly Needle[];
}

/** Characters. Shorter values occur in ordinary text by chance, which would become unreadable. */
const MIN_LENGTH = 4;
/** The same for encoded values, and for the lines of a longer value. */
const MIN_ENCODED = 6;
const MIN_LINE = 8;
/** Characters. Longer values, which no listed secret has, are found in pieces, and not in base64 or hexadecimal. */
const MAX_LENGTH = 16_384;
/** Lines of one value that are found separately. */
const MAX_LINES = 200;

export const NO_SECRETS: SecretForms = { exact: [], loose: [], lower: [] };

export const joinSecrets = (one: SecretForms, other: SecretForms): SecretForms =>
  one.exact.length === 0
    ? other
    : other.exact.length === 0
      ? one
      : {
          exact: [...one.exact, ...other.exact],
          loose: [...one.loose, ...other.loose],
          lower: [...one.lower, ...other.lower],
        };

/**
 * Compiles values to the forms to search for: unchanged, line by line, in base64 and base64url at any offset in a longer text, and in
 * hexadecimal. Escapes (JSON, URL, form, HTML) need no forms, since texts are also searched without them.
 */
export function compileSecrets(values: Iterable<string>): SecretForms {
  const exact = new Set<string>();
  const loose = new Set<string>();
  const lower = new Set<string>();
  for (const value of new Set(values)) {
    for (const form of value.length > MAX_LENGTH ? piecesOf(value) : formsOf(value)) {
      if (form.length < MIN_LENGTH) continue;
      exact.add(form);
      lower.add(form.replace(/[A-Z]+/g, (part) => part.toLowerCase()));
      if (UNESCAPED.test(form)) continue;
      loose.add(form);
      // A value that ends like the start of an escape would combine with the text after it.
      loose.add(unescapeWhole(form).replace(/\\+$/, ''));
    }
  }
  return { exact: toNeedles(exact), loose: toNeedles(loose), lower: toNeedles(lower) };
}

const toNeedles = (texts: Set<string>): Needle[] =>
  [...texts].filter((text) => text.length >= MIN_LENGTH).map((text) => ({ text, borders: null }));

const piecesOf = (value: string): string[] =>
  Array.from({ length: Math.ceil(value.length / MAX_LENGTH) }, (_, n) =>
    value.slice(n * MAX_LENGTH, (n + 1) * MAX_LENGTH),
  );

/** Most values are letters and digits, which JSON, URLs and HTML do not escape. */
const UNESCAPED = /^[A-Za-z0-9_.~-]*$/;

function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const lines = value.includes('\n') ? value.split(/\r?\n/, MAX_LINES).map((line) => line.trim()) : [];
  const texts = [value, trimmed, ...lines.filter((line) => line.length >= MIN_LINE)];
  // In forms a space is a plus.
  const plain = texts.flatMap((text) => (text.includes(' ') ? [text, text.replaceAll(' ', '+')] : [text]));
  return [...plain, ...texts.map(bytesAsText), ...encodedForms(trimmed === '' ? value : trimmed)];
}

/** Returns a value with each byte of its UTF-8 as a character, as in `b'caf\\xc3\\xa9'` of Python. */
const bytesAsText = (value: string): string => {
  const bytes = new TextEncoder().encode(value);
  return bytes.length === value.length ? value : Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
};

function encodedForms(value: string): string[] {
  const bytes = [...new TextEncoder().encode(value)];
  // The input of btoa has one byte for each character.
  const narrow = Array.from(value, (character) => character.charCodeAt(0));
  const isNarrow = narrow.length !== bytes.length && narrow.every((code) => code < 256);
  return [bytes, ...(isNarrow ? [narrow] : [])].flatMap((list) => {
    const hex = toHex(new Uint8Array(list));
    return [hex, hex.toUpperCase(), ...base64Forms(list)];
  });
}

/**
 * Returns the characters that a value always has in base64, with anything before and after it: three forms, one for each offset in a group
 * of three bytes. For a value that is too short for that, returns all of its characters.
 */
function base64Forms(bytes: number[]): string[] {
  const cores = [0, 1, 2].map((before) => {
    const text = toBase64(new Uint8Array([...Array<number>(before).fill(0), ...bytes]));
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const alone = toBase64(new Uint8Array(bytes)).replace(/=+$/, '');
  return [...cores, alone]
    .filter((text) => text.length >= MIN_ENCODED)
    .flatMap((text) => (/[+/]/.test(text) ? [text, text.replaceAll('+', '-').replaceAll('/', '_')] : [text]));
}

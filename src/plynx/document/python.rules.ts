/**
 * Reads and prints values as Python does. PLynx documents are coerced by Python's own `str`, `int` and `bool`, and its scripts and generated
 * code contain Python literals, so both ends need the same rules.
 */

const SHORT_ESCAPES = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** Deeper values are shown as `...`: printing must not overflow the stack on input of a client. */
const MAX_DEPTH = 100;

/** Returns the Python literal of a JSON value: `'it'`, `True`, `None`, `[1, 'a']`, `{'a': 1}`. */
export function pythonRepr(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberRepr(value);
  if (typeof value === 'string') return stringRepr(value);
  if (depth === MAX_DEPTH) return '...';
  if (Array.isArray(value)) return `[${value.map((item) => pythonRepr(item, depth + 1)).join(', ')}]`;
  const items = Object.entries(value).map(([key, item]) => `${stringRepr(key)}: ${pythonRepr(item, depth + 1)}`);
  return `{${items.join(', ')}}`;
}

/** Returns the literal, cut to a length that fits into a message. */
export const shortRepr = (value: unknown): string => pythonRepr(value).slice(0, 200);

/** Python's `str(value)`: a string unchanged, anything else as its literal. */
export const pythonStr = (value: unknown): string => (typeof value === 'string' ? value : pythonRepr(value));

/** Python's `int(value)` of a JSON value (2.9 -> 2, "7" -> 7, true -> 1), or undefined where Python raises. */
export function pythonInt(value: unknown): number | undefined {
  // Plus zero: Python's int has no -0.
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) + 0 : undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return undefined;
  const digits = value.trim();
  return /^[+-]?\d+(_\d+)*$/.test(digits) ? Number(digits.replaceAll('_', '')) + 0 : undefined;
}

/** Python's `bool(value)`: empty text, lists and objects are false, and so "false" is true. */
export function pythonTruth(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'object') return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
  return typeof value === 'number' ? value !== 0 : Boolean(value);
}

/** A Python literal in double quotes, for the keys of a script's preamble. */
export const doubleQuoted = (text: string): string => `"${escaped(text, '"')}"`;

/** Python's `repr(bytes)`: printable ASCII unchanged, the rest as `\x00`. */
export function bytesRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  const parts = Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte);
    if (char === quote) return `\\${char}`;
    return SHORT_ESCAPES.get(char) ?? (byte >= 32 && byte < 127 ? char : `\\x${byte.toString(16).padStart(2, '0')}`);
  });
  return `b${quote}${parts.join('')}${quote}`;
}

// Like JavaScript, but small numbers get an exponent at 1e-5 and exponents have two digits. JavaScript cannot distinguish 1e16 from the
// integer, as Python does, and prints the digits.
function numberRepr(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const [mantissa, exponent] = (value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value)).split(
    'e',
  );
  if (exponent === undefined) return mantissa!;
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

// Python prefers single quotes, and takes double ones only when that saves escaping.
function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return `${quote}${escaped(text, quote)}${quote}`;
}

function escaped(text: string, quote: string): string {
  // Control, format, surrogate, unassigned and separator characters are not printable for Python, except for the space.
  return text.replace(/[\\'"]|[^\P{C}]|[^\P{Z}]/gu, (char) => {
    if (char === ' ') return char;
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char;
    return SHORT_ESCAPES.get(char) ?? codePointEscape(char.codePointAt(0)!);
  });
}

function codePointEscape(code: number): string {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

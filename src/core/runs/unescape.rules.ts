/** A text without escapes. `places` has the index in the original of each character, and the original's length at the end. */
export interface Unescaped {
  text: string;
  places: Int32Array;
}

const ESCAPE =
  /\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^ux])|(?:%[0-9a-fA-F]{2})+|&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});/g;
const CONTROLS: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', 0: '\0' };
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Levels of escapes: JSON within JSON within a URL, and one more. */
const MAX_LEVELS = 4;

/**
 * Decodes the escapes of JSON, of programming languages, of URLs and of HTML in a text, level by level, and returns the text after each
 * level: `%5C%22` gives `\"`, then `"`. Empty when there are no escapes.
 */
export function unescapeLevels(text: string): Unescaped[] {
  const levels: Unescaped[] = [];
  let last: Unescaped | null = unescapeOnce(text, (at) => at);
  while (last !== null) {
    levels.push(last);
    if (levels.length === MAX_LEVELS) break;
    const { text: inner, places }: Unescaped = last;
    last = unescapeOnce(inner, (at) => places[at]!);
  }
  return levels;
}

/** Decodes all escapes in a text. */
export const unescapeWhole = (text: string): string => unescapeLevels(text).at(-1)?.text ?? text;

function unescapeOnce(text: string, placeOf: (at: number) => number): Unescaped | null {
  if (!/[\\%&]/.test(text)) return null;
  const places = new Int32Array(text.length + 1);
  let plain = '';
  let count = 0;
  let done = 0;
  const copy = (to: number): void => {
    for (let at = done; at < to; at++) places[count++] = placeOf(at);
    plain += text.slice(done, to);
    done = to;
  };
  const put = (part: string, at: number, length: number): void => {
    copy(at);
    for (let i = 0; i < part.length; i++) places[count++] = placeOf(at);
    plain += part;
    done = at + length;
  };
  for (const { 0: escape, index } of text.matchAll(ESCAPE)) {
    if (escape[0] === '%') putBytes(escape, index, put);
    else put(escape[0] === '&' ? fromEntity(escape.slice(1, -1)) : fromBackslash(escape), index, escape.length);
  }
  if (done === 0) return null;
  copy(text.length);
  places[count] = placeOf(text.length);
  return { text: plain, places: places.subarray(0, count + 1) };
}

const fromBackslash = (escape: string): string =>
  escape.length > 2 ? String.fromCharCode(Number.parseInt(escape.slice(2), 16)) : (CONTROLS[escape[1]!] ?? escape[1]!);

function fromEntity(name: string): string {
  if (name[0] !== '#') return ENTITIES[name]!;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** Decodes a run of `%XX`, and puts each character at its place; bytes that are not UTF-8 stay escaped. */
function putBytes(run: string, index: number, put: (part: string, at: number, length: number) => void): void {
  for (let at = 0; at < run.length;) {
    const lead = Number.parseInt(run.slice(at + 1, at + 3), 16);
    const length = 3 * (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
    const character = at + length <= run.length ? fromPercent(run.slice(at, at + length)) : null;
    if (character !== null) put(character, index + at, length);
    at += character === null ? 3 : length;
  }
}

function fromPercent(bytes: string): string | null {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return null;
  }
}

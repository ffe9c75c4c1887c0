import type { Range } from './mask.rules';
import type { Needle, SecretForms } from './secret-forms.rules';
import { unescapeLevels, type Unescaped } from './unescape.rules';

/** A cut of a text: a missing part precedes `from`, or follows `to`. */
export interface TextCut {
  at: number;
  side: 'before' | 'after';
}

/** Finds every occurrence of the secrets, plain or escaped, and the parts of secrets at cuts. */
export function secretRanges(text: string, secrets: SecretForms, cuts: readonly TextCut[]): Range[] {
  const ranges: Range[] = [];
  if (secrets.exact.length === 0) return ranges;
  search(text, secrets.exact, null, ranges);
  if (secrets.loose.length > 0)
    for (const level of unescapeLevels(text)) search(level.text, secrets.loose, level.places, ranges);
  for (const cut of cuts) {
    const rest = cut.side === 'before' ? endOfSecret(text, cut.at, secrets) : beginningOfSecret(text, cut.at, secrets);
    if (rest !== null) ranges.push(rest);
  }
  return ranges;
}

function search(text: string, needles: readonly Needle[], places: Int32Array | null, ranges: Range[]): void {
  for (const needle of needles) {
    if (!text.includes(needle.text)) continue;
    const { length } = needle.text;
    follow(text, needle, (end) => {
      const start = end - length;
      ranges.push(places === null ? { start, end } : { start: places[start]!, end: places[end]! });
    });
  }
}

/**
 * Reads a text once (Knuth, Morris and Pratt), calls `found` with the end of every occurrence, those that overlap as well, and returns
 * the length of the longest beginning of the needle that the text ends with.
 */
function follow(text: string, needle: Needle, found?: (end: number) => void): number {
  const { text: wanted } = needle;
  const borders = (needle.borders ??= bordersOf(wanted));
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (matched > 0 && (matched === wanted.length || wanted.charCodeAt(matched) !== code))
      matched = borders[matched - 1]!;
    if (wanted.charCodeAt(matched) === code) matched++;
    if (matched === wanted.length) found?.(at + 1);
  }
  return matched;
}

/** Computes, for each beginning of a text, the length of the longest shorter beginning that it ends with. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at++) {
    while (length > 0 && text.charCodeAt(at) !== text.charCodeAt(length)) length = borders[length - 1]!;
    if (text.charCodeAt(at) === text.charCodeAt(length)) length++;
    borders[at] = length;
  }
  return borders;
}

/** Characters that a cut may leave of the escapes of one character. */
const MAX_REST = 24;
/** A possibly incomplete escape, at the end of a text that was cut. */
const BROKEN_ESCAPE =
  /(?:\\+(?:[ux][0-9a-fA-F]{0,4})?|(?:%(?:25){0,2}[0-9a-fA-F]{0,2}){1,4}|&[#a-zA-Z0-9]{0,7}|\ufffd{1,3})$/;
/** Characters of one escaped character of a secret, at most. */
const WIDEST = 12;

/** Finds the beginning of a secret at a cut, with the rest of a cut escape; null when there is none. */
function beginningOfSecret(text: string, at: number, { exact, loose }: SecretForms): Range | null {
  const whole = text.slice(Math.max(0, at - longest(exact) * WIDEST), at);
  const broken = loose.length === 0 ? undefined : brokenAt(whole);
  let start = broken === undefined ? whole.length : broken;
  for (const end of endsOf(whole, broken)) {
    const part = whole.slice(0, end);
    for (const needle of exact) start = Math.min(start, end - follow(lastOf(part, needle), needle));
    if (loose.length === 0) continue;
    for (const level of unescapeLevels(part))
      for (const needle of loose) start = Math.min(start, placeOf(level, follow(lastOf(level.text, needle), needle)));
  }
  return start === whole.length ? null : { start: at - whole.length + start, end: at, as: '' };
}

/** Returns the start of an escape that the end of a text may have cut. */
function brokenAt(text: string): number | undefined {
  const from = Math.max(0, text.length - MAX_REST);
  const match = BROKEN_ESCAPE.exec(text.slice(from));
  return match === null ? undefined : from + match.index;
}

/** Yields the possible ends of the text: the cut, or the start of each part of an incomplete escape. */
function* endsOf(text: string, broken: number | undefined): Generator<number> {
  yield text.length;
  if (broken === undefined) return;
  yield broken;
  for (let at = broken + 1; at < text.length; at++) if (text[at] === '%') yield at;
}

const longest = (needles: readonly Needle[]): number =>
  needles.reduce((most, { text }) => Math.max(most, text.length), 0);
const lastOf = (text: string, needle: Needle): string => text.slice(Math.max(0, text.length - needle.text.length + 1));
const placeOf = ({ text, places }: Unescaped, matched: number): number => places[text.length - matched]!;

/** The possible rest of a cut escape at the start of a text. */
const REST_OF_ESCAPE =
  /^(?:[0-9a-fA-F]{0,6}(?:%(?:25){0,2}[89abAB][0-9a-fA-F]){0,3}|\\*[ux]?[0-9a-fA-F]{0,4}|\\*["'\\/nrtbf]|[#a-z0-9]{0,6};)$/;

/** Finds the end of a secret that was cut at its beginning; null when there is none. */
function endOfSecret(text: string, at: number, { exact, loose }: SecretForms): Range | null {
  const rest = text.slice(at, at + longest(exact) * WIDEST);
  let end = 0;
  for (let from = 0; from < MAX_REST; from++) {
    if (!REST_OF_ESCAPE.test(rest.slice(0, from))) continue;
    const part = rest.slice(from);
    let length = 0;
    for (const needle of exact) length = Math.max(length, endLength(part, needle));
    if (loose.length > 0)
      for (const { text: plain, places } of unescapeLevels(part))
        for (const needle of loose) length = Math.max(length, places[endLength(plain, needle)]!);
    if (length > 0) end = Math.max(end, from + length);
    if (loose.length === 0) break;
  }
  return end === 0 ? null : { start: at, end: at + end, as: '' };
}

/** Counts the characters at the start of a text that are the end of a needle. */
function endLength(text: string, { text: wanted }: Needle): number {
  const head = text.slice(0, wanted.length - 1);
  return head === '' ? 0 : follow(wanted.slice(1), { text: head, borders: null });
}

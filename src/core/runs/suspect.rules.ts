/*
 * A cheap test for texts in which no rule about credentials finds anything: most texts, which are stored unparsed. An expression takes 2.5 ns
 * for each character, as a credential may begin with any of fourteen. Long texts are therefore searched as bytes, for three letters of each word.
 */

/** Words of which every text with a credential has one, or one of MARK, in any case; and three letters of each that few other words have. */
const WORDS: Record<string, string> = {
  auth: 'aut',
  token: 'oke',
  secret: 'ecr',
  pass: 'pas',
  pwd: 'pwd',
  cred: 'cre',
  cookie: 'oki',
  session: 'ssi',
  key: 'key',
  signature: 'gna',
  pin: 'pin',
  otp: 'otp',
  cvv: 'cvv',
  cvc: 'cvc',
  bearer: 'bea',
  basic: 'sic',
  jwt: 'jwt',
  ptk_: 'tk_',
  ptc_: 'tc_',
  eyJ: 'eyj',
};
const WORD = new RegExp(Object.keys(WORDS).join('|'), 'i');
const MARK = new RegExp(
  [
    /-----|\\u|%[0-9a-f]{2}|:\/\/[^\s/]{1,800}@/,
    // A URL that was cut within its password, not after a port.
    /:\/\/[^\s/?#:]{0,256}:(?!\d{0,5}(?:$|\s|…))[^\s/?#]{1,512}(?:$|…|\n {4}…)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);
const SUSPECT = new RegExp(`${WORD.source}|${MARK.source}`, 'i');
/** Texts without any of these have no MARK: a search by the engine, faster than an expression. */
const MARKS = ['-----', '\\', '%', '://'];

/** Characters from which a text is searched as bytes; of one part of it, and of the longest word. */
const LONG = 512;
const PART = 8192;
const LONGEST = Math.max(...Object.keys(WORDS).map((word) => word.length));
/** Places of one part that are looked at again. An expression takes less for a text with more of them, such as `oke oke oke`. */
const MAX_LOOKS = 16;

/** Returns false for texts in which no rule about credentials finds anything. */
export const isSuspect = (text: string): boolean =>
  text.length < LONG
    ? SUSPECT.test(text)
    : (MARKS.some((mark) => text.includes(mark)) && MARK.test(text)) || hasWord(text);

const ENCODER = new TextEncoder();
/** Reused for each part: a UTF-16 unit has at most three bytes. */
const bytes = new Uint8Array(3 * PART);

function hasWord(text: string): boolean {
  for (let from = 0; ; from += PART - LONGEST) {
    const part = from === 0 && text.length <= PART ? text : text.slice(from, from + PART);
    if (partHasWord(part)) return true;
    if (from + PART >= text.length) return false;
  }
}

/** Five bits of a letter, whatever its case. Some other characters have the same, so what is found is looked at again. */
const bitsOf = (letters: string): number =>
  [...letters].reduce((bits, letter) => (bits << 5) | (letter.charCodeAt(0) & 31), 0);

const TRIPLES = new Uint8Array(1 << 15);
const PAIRS = new Uint8Array(1 << 10);
for (const letters of Object.values(WORDS)) {
  TRIPLES[bitsOf(letters)] = 1;
  PAIRS[bitsOf(letters.slice(0, 2))] = PAIRS[bitsOf(letters.slice(1))] = 1;
}

/** Searches a part of a text. Of three letters in a row, every second pair of bytes is either the first two or the last two. */
function partHasWord(part: string): boolean {
  const length = ENCODER.encodeInto(part, bytes).written;
  let looks = 0;
  for (let at = 1; at < length; at += 2) {
    if (PAIRS[((bytes[at - 1]! & 31) << 5) | (bytes[at]! & 31)] === 0) continue;
    if (!isTriple(at - 1) && !isTriple(at - 2)) continue;
    if (++looks > MAX_LOOKS) return WORD.test(part);
    if (WORD.test(textAround(at, length))) return true;
  }
  return false;
}

const isTriple = (at: number): boolean =>
  TRIPLES[((bytes[at]! & 31) << 10) | ((bytes[at + 1]! & 31) << 5) | (bytes[at + 2]! & 31)] === 1;

const textAround = (at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(Math.max(0, at - LONGEST), Math.min(length, at + LONGEST)));

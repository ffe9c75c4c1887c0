import type { Range } from './mask.rules';

/*
 * Credentials that are recognizable by their form: generated keys, JWTs, private keys, values after the name of an authentication
 * scheme, and passwords in URLs. Every expression is bounded or starts with a lookbehind, so matching takes linear time.
 */

const VALUE =
  /pt[kc]_[0-9A-Za-z]{8}_[0-9A-Za-z]{20,38}|-----BEGIN [A-Z ]{0,40}(?:PRIVATE KEY|CERTIFICATE)-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g;
const JWT = /eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*/y;
const WORD = /[A-Za-z0-9_-]*/y;
/** A long value with a digit after the name of a scheme; "understanding" in "Basic understanding" is neither. */
const SCHEME = /\b(?:Bearer|Basic|JWT) {1,8}(?=[^\s"',;]{0,200}[0-9])([A-Za-z0-9._~+/=-]{15,}[A-Za-z0-9_~+/=-])/dgi;
/** `user:password@` of a URL; a user alone that is long is a token. */
const USER_INFO = /:\/\/(?:[^\s/?#:"'<>]{0,256}:([^\s/?#"'<>]{1,512})|([^\s/?#:@"'<>]{20,256}))@/dg;
/** The end of a private key whose beginning is not in the text. */
const KEY_END = /^(?:(?!-----BEGIN)[\s\S]){0,8192}?-----END [A-Z ]{0,40}PRIVATE KEY-----/;

/** Finds credentials by their form. At the `ends`, where a text was cut, the beginning of a credential counts. */
export function credentialRanges(text: string, ends: readonly number[]): Range[] {
  const ranges: Range[] = [];
  for (const { 0: found, index } of text.matchAll(VALUE)) ranges.push({ start: index, end: index + found.length });
  for (const { indices } of text.matchAll(SCHEME)) ranges.push(toRange(indices![1]!));
  for (const { indices } of text.matchAll(USER_INFO)) ranges.push(toRange((indices![1] ?? indices![2])!));
  addJwts(text, ranges);
  if (text.includes('-----END ')) {
    const tail = KEY_END.exec(text);
    if (tail) ranges.push({ start: 0, end: tail[0].length });
  }
  for (const end of ends) addBeginning(text, end, ranges);
  return ranges;
}

const toRange = ([start, end]: [number, number]): Range => ({ start, end });

/** Without a regular expression, which would start again at every `eyJ` of a long word. */
function addJwts(text: string, ranges: Range[]): void {
  let done = 0;
  for (let at = text.indexOf('eyJ'); at !== -1; at = text.indexOf('eyJ', done)) {
    JWT.lastIndex = WORD.lastIndex = at;
    if (JWT.test(text)) {
      ranges.push({ start: at, end: JWT.lastIndex });
      done = JWT.lastIndex;
    } else {
      WORD.test(text);
      done = Math.max(WORD.lastIndex, at + 3);
    }
  }
}

/** The user and the beginning of the password in a URL that was cut before its host; more than a port. */
const CUT_USER_INFO = /:\/\/[^\s/?#:"'<>]{0,256}:(?!\d{0,5}$)([^\s/?#"'<>…]{1,512})$/d;
/** Characters of the longest of these. */
const USER_INFO_CHARS = 3 + 256 + 1 + 512;

const TOKEN_CHARACTER = /[A-Za-z0-9._~+/=-]/;
/** Characters of the longest beginning of a credential that is found at a cut. */
const BEGINNING_CHARS = 8192;

/** Adds a key, JWT, value of a scheme or password of a URL that was cut at `end`. */
function addBeginning(text: string, end: number, ranges: Range[]): void {
  const from = Math.max(0, end - USER_INFO_CHARS);
  const password = CUT_USER_INFO.exec(text.slice(from, end))?.indices?.[1];
  if (password !== undefined) ranges.push({ start: from + password[0], end });
  let start = end;
  while (start > 0 && end - start < BEGINNING_CHARS && TOKEN_CHARACTER.test(text[start - 1]!)) start--;
  const word = text.slice(start, end);
  const marks = [word.indexOf('ptk_'), word.indexOf('ptc_'), word.indexOf('eyJ')].filter((at) => at !== -1);
  if (marks.length > 0) ranges.push({ start: start + Math.min(...marks), end });
  else if (word !== '' && /\b(?:Bearer|Basic|JWT) {1,8}$/i.test(text.slice(Math.max(0, start - 16), start)))
    ranges.push({ start, end });
}

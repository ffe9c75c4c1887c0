/** Prefixes of the ids of each noun. The prefix shows the kind of resource in a log or a support mail. */
export type IdPrefix =
  | 'ep'
  | 'hdl'
  | 'key'
  | 'usr'
  | 'ses'
  | 'tok'
  | 'pat'
  | 'dvl'
  | 'pky'
  | 'run'
  | 'aud'
  | 'req'
  | 'tbl'
  | 'bak'
  | 'rst';

/** Digits of base62, in ASCII order. */
export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TIME_LENGTH = 8;
const RANDOM_LENGTH = 12;
const ID_TEXT = /_[0-9A-Za-z]+$/;

/**
 * Generates `<prefix>_<8 base62 time><12 base62 random>`: sorts by time within a prefix (milliseconds, until the year 8000) and has 71
 * random bits. The alphabet is in ASCII order, so that text order is time order. `mark` replaces the first of the random characters.
 */
export function newId(prefix: IdPrefix, now: number = Date.now(), mark: string = ''): string {
  return `${prefix}_${encodeTime(now)}${mark}${randomText(RANDOM_LENGTH - mark.length)}`;
}

/** Returns the time of a generated id in Unix milliseconds, and the character after it; null for an id of another form. */
export function readId(prefix: IdPrefix, id: string): { at: number; mark: string } | null {
  const length = prefix.length + 1 + TIME_LENGTH + RANDOM_LENGTH;
  if (id.length !== length || !id.startsWith(`${prefix}_`) || !ID_TEXT.test(id)) return null;
  const start = prefix.length + 1;
  let at = 0;
  for (let i = start; i < start + TIME_LENGTH; i++) at = at * 62 + BASE62.indexOf(id[i]!);
  return { at, mark: id[start + TIME_LENGTH]! };
}

/** Returns a text that sorts before every id of `prefix` generated at `at` or later, and after every earlier one. */
export const firstId = (prefix: IdPrefix, at: number): string => `${prefix}_${encodeTime(at)}`;

let lastTime = -1;
let lastText = '';
function encodeTime(now: number): string {
  if (now === lastTime) return lastText;
  let rest = now;
  let text = '';
  for (let i = 0; i < TIME_LENGTH; i++) {
    text = BASE62[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  lastTime = now;
  lastText = text;
  return text;
}

const POOL_BYTES = 1024;
let pool = new Uint8Array(0);
let used = 0;

/** Returns `length` base62 characters from the platform's CSPRNG, without modulo bias. Reads 1 KiB at a time: a call needs two ids. */
export function randomText(length: number): string {
  // One string in all: a call has two ids, and each string that grows by a character is garbage.
  const codes: number[] = [];
  while (codes.length < length) {
    if (used >= pool.length) {
      pool = crypto.getRandomValues(new Uint8Array(POOL_BYTES));
      used = 0;
    }
    const byte = pool[used]!;
    pool[used++] = 0;
    // 248 = 4 * 62: larger bytes would make some characters more likely.
    if (byte < 248) codes.push(BASE62.charCodeAt(byte % 62));
  }
  return String.fromCharCode(...codes);
}

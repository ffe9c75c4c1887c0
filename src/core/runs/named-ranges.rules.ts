import { REDACTED, type Range } from './mask.rules';
import { unescapeWhole } from './unescape.rules';
import { closeBracket, closeQuote } from './value-end.rules';

/*
 * Values that follow a name, in text that is not JSON as a whole: `"token": "…"` and `{ token: [ … ] }` of logs, `token=…` of URLs
 * and messages, `x-api-key: …` of headers and YAML, `--token …` of commands, `<token>…</token>`, `[["token", "…"]]` of lists of pairs,
 * `{"name": "token", "value": "…"}`. Every expression is bounded, and matching continues after each value, so it
 * takes linear time.
 */

/** A name in quotes, with backslashes before them in JSON within JSON; it may have characters as `\u0061`. */
const QUOTED = /(?<!\\)(\\*)(["'`])((?:[^"'`\\\n]|\\{1,15}u[0-9a-fA-F]{4}){1,64})\1\2\s{0,20}(?::|=>)\s{0,20}/g;
/** A bare name; `filter[token]` has two. */
const BARE =
  /(?<![\w$.%-])-{0,2}([A-Za-z_$][\w$.%-]{0,63})(?:\[(\w{0,64})\])?[ \t]{0,8}(=>|=(?!=)|:(?!:|\/\/))[ \t]{0,20}/g;
const OPTION = /(?<![\w-])--?([A-Za-z][\w-]{0,63})[ \t]{1,4}(?=[^\s-])/g;
const ELEMENT = /<((?:[\w.-]{1,64}:)?)([A-Za-z_][\w.-]{0,63})(?:\s[^<>]{0,256})?>/g;
/** The first of a pair in a list of pairs, as printed for `Object.entries` and Python's `items()`. */
const PAIR = /(?<=[[({,]\s{0,20})[[(]\s{0,20}(\\{0,15})(["'`])([^"'`\\\n]{1,64})\1\2\s{0,20},\s{0,20}/g;
/** A member that names the value of the next one. */
const LABEL =
  /(?<![\w$])(?:name|key|field|header)\\{0,15}["'`]?\s{0,20}:\s{0,20}(\\{0,15})(["'`])([^"'`\\\n]{1,64})\1\2\s{0,20},\s{0,20}\\{0,15}["'`]?value\\{0,15}["'`]?\s{0,20}:\s{0,20}/gi;

/** A value in quotes or brackets, with the name of its class in front if a console prints one. */
const ENCLOSED = /(\\{0,15})(["'`])|(?:[A-Za-z_$][\w$.]{0,63}(?:\(\d{1,10}\))? |\[[^\]\n]{0,64}\] )?[[{(]/y;

const END_OF_MEMBER = /[,}\]\n\\"]/g;
const END_OF_ITEM = /[,\])\n\\"]/g;
const END_OF_LIST = /\s{0,20}(?:[\])]|$)/y;
const END_OF_PAIR = /[\s&;,"'<>\\]/g;
const END_IN_LINE = /[,;)\]}\n"'<>&\\]/g;
const END_OF_OPTION = /\s|$/g;
const END_OF_COOKIE = /[\n"\\]/g;

/** Headers whose values have commas, semicolons and pairs of their own. */
const HAS_PARTS = /cookie|^(?:proxy-)?authorization$/i;
/** Text that may come before a name at the start of a line: indentation, marks of lists, quotes and diffs, `>` and `<` of HTTP logs. */
const LINE_START = /(?:^|\n)[ \t>*<+-]{0,40}$/;

export type IsHidden = (name: string) => boolean;

export function namedRanges(text: string, isHidden: IsHidden): Range[] {
  const behindQuotes = (match: RegExpExecArray, start: number, endOfBare = END_OF_MEMBER): Range | null => {
    const { 1: slashes = '', 2: mark = '', 3: name = '' } = match;
    if (!isHidden(name.includes('\\') ? unescapeWhole(name) : name)) return null;
    const quote = slashes + mark;
    const end = enclosedEnd(text, start) ?? next(text, endOfBare, start);
    return { start, end, as: `${quote}${REDACTED}${quote}` };
  };
  return [
    ...find(text, QUOTED, behindQuotes),
    ...find(text, LABEL, behindQuotes),
    ...find(text, PAIR, (match, start) => {
      const range = behindQuotes(match, start, END_OF_ITEM);
      END_OF_LIST.lastIndex = range?.end ?? 0;
      return range !== null && END_OF_LIST.test(text) ? range : null;
    }),
    ...find(text, BARE, (match, start) => {
      const { 1: name = '', 2: inner, 3: sign } = match;
      if (!isHiddenBare(text, match.index, name, isHidden) && !(inner !== undefined && isHidden(inner))) return null;
      return { start, end: enclosedEnd(text, start) ?? bareEnd(text, match, sign === '=') };
    }),
    ...find(text, OPTION, ({ 1: name = '' }, start) =>
      isHidden(name) ? { start, end: enclosedEnd(text, start) ?? next(text, END_OF_OPTION, start) } : null,
    ),
    ...find(text, ELEMENT, ({ 1: prefix = '', 2: name = '' }, start) => {
      if (!isHidden(name)) return null;
      const end = text.indexOf(`</${prefix}${name}>`, start);
      return { start, end: end === -1 ? text.length : end };
    }),
  ];
}

/** Runs an expression over a text, and continues after each value that it finds. */
function find(
  text: string,
  expression: RegExp,
  toRange: (match: RegExpExecArray, start: number) => Range | null,
): Range[] {
  const ranges: Range[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const range = toRange(match, expression.lastIndex);
    if (range === null) continue;
    if (range.end > range.start) ranges.push(range);
    expression.lastIndex = Math.max(range.end, expression.lastIndex);
  }
  return ranges;
}

/** `api key: …` has its first word before the name. */
function isHiddenBare(text: string, index: number, name: string, isHidden: IsHidden): boolean {
  const plain = decode(name);
  if (isHidden(plain)) return true;
  if (!/^key$/i.test(plain)) return false;
  const before = /[A-Za-z]{1,20} $/.exec(text.slice(Math.max(0, index - 21), index));
  return before !== null && isHidden(`${before[0]}${plain}`);
}

/** Returns where a value in quotes or brackets ends; null when it has neither. */
function enclosedEnd(text: string, start: number): number | null {
  ENCLOSED.lastIndex = start;
  const match = ENCLOSED.exec(text);
  if (match === null) return null;
  const { 1: slashes = '', 2: quote } = match;
  return quote === undefined
    ? closeBracket(text, ENCLOSED.lastIndex - 1)
    : closeQuote(text, ENCLOSED.lastIndex, quote, slashes.length);
}

/** Returns where a bare value ends: in a pair at the next delimiter, in a header or YAML after its line and the lines that are indented below it. */
function bareEnd(text: string, match: RegExpExecArray, isPair: boolean): number {
  const { 0: found, 1: name = '', index } = match;
  const start = index + found.length;
  const isSpaced = /[ \t]$/.test(found);
  if (isPair && !isSpaced) return next(text, END_OF_PAIR, start);
  const before = text.slice(Math.max(0, index - 41), index);
  if (LINE_START.test(index <= 41 ? before : `x${before}`)) {
    const column = before.length - (before.lastIndexOf('\n') + 1);
    return blockEnd(text, start, column);
  }
  return next(text, HAS_PARTS.test(name) ? END_OF_COOKIE : END_IN_LINE, start);
}

/** Returns where the lines end that belong to a value at `start`, whose name begins in `column` of its line. */
function blockEnd(text: string, start: number, column: number): number {
  const lineEnd = (from: number): number => {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  };
  let end = lineEnd(start);
  const isList = text.slice(start, end).trim() === '';
  while (end < text.length) {
    const following = lineEnd(end + 1);
    const line = text.slice(end + 1, following);
    const indent = line.search(/\S/);
    const belongs = indent > column ? !/^\s+at /.test(line) : isList && indent === column && line[indent] === '-';
    if (indent === -1 || !belongs) break;
    end = following;
  }
  return end;
}

function next(text: string, expression: RegExp, start: number): number {
  expression.lastIndex = start;
  return expression.exec(text)?.index ?? text.length;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

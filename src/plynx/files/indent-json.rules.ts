import { createScanner, type JSONScanner, visit } from 'jsonc-parser';
import { isTooDeep } from '../../kernel/json.rules';

/** Nested deeper than this, JSON is not worth showing, and a reader that calls itself would run out of stack. */
const MOST_DEPTH = 500;
/** Characters of the result: a line of a deep list is mostly indentation. */
const MOST_LENGTH = 2 * 1024 * 1024;

/** JSON text laid out with two spaces, or where it stops being JSON in the words of Python's reader. `isCut`: the end is left out. */
export type IndentedJson = { kind: 'json'; text: string; isCut: boolean } | { kind: 'invalid'; message: string };

/**
 * Lays JSON out without changing it: numbers keep all their digits and keys their order, which parsing and printing would lose. One
 * reading of the text for each question, whatever it holds.
 */
export function indentJson(text: string): IndentedJson {
  if (isTooDeep(text, MOST_DEPTH)) return { kind: 'invalid', message: `nested more than ${MOST_DEPTH} deep` };
  const offset = firstError(text);
  if (offset !== undefined) return { kind: 'invalid', message: `Expecting value: ${positionOf(text, offset)}` };
  return { kind: 'json', ...layOut(text) };
}

function layOut(text: string): { text: string; isCut: boolean } {
  const scanner = createScanner(text, true);
  const parts: string[] = [];
  let [length, depth, before] = [0, 0, ''];
  for (let token = next(scanner, text); token !== ''; token = next(scanner, text)) {
    if (token === ']' || token === '}') depth -= 1;
    const part = gap(before, token, depth) + token;
    length += part.length;
    if (length > MOST_LENGTH) return { text: parts.join(''), isCut: true };
    parts.push(part);
    if (token === '[' || token === '{') depth += 1;
    before = token;
  }
  return { text: parts.join(''), isCut: false };
}

/** What stands between two tokens. */
function gap(before: string, token: string, depth: number): string {
  const opens = before === '[' || before === '{';
  const closes = token === ']' || token === '}';
  if (before === ':') return ' ';
  const isNewLine = before === ',' || opens !== closes;
  return isNewLine && before !== '' && token !== ',' && token !== ':' ? `\n${'  '.repeat(depth)}` : '';
}

/** The next token as it stands, '' at the end. */
function next(scanner: JSONScanner, text: string): string {
  if (scanner.getPosition() >= text.length) return '';
  scanner.scan();
  return text.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength());
}

/** Where text stops being JSON; undefined when it does not. */
function firstError(text: string): number | undefined {
  let found: number | undefined;
  const stop = new Error('found');
  const onError = (_code: unknown, offset: number): void => {
    found = offset;
    // A text of a million mistakes is not read on.
    throw stop;
  };
  try {
    visit(text, { onError }, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    if (error !== stop) throw error;
  }
  return found;
}

function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length} column ${before.at(-1)!.length + 1} (char ${offset})`;
}

import { createScanner, type JSONScanner, visit } from 'jsonc-parser';
import { isTooDeep } from '../../kernel/json.rules';

/** Deeper JSON is not shown: it is unreadable, and a recursive parser would overflow the stack. */
const MAX_DEPTH = 500;
/** Maximum characters of the result: a line of a deep list is mostly indentation. */
const MAX_LENGTH = 2 * 1024 * 1024;

/** JSON text indented by two spaces, or the message of Python's parser for the first error. `isCut`: the end is omitted. */
export type IndentedJson = { kind: 'json'; text: string; isCut: boolean } | { kind: 'invalid'; message: string };

/**
 * Indents JSON without changing it: numbers keep all their digits and keys their order, which parsing and printing would lose. Reads the text
 * once per question, whatever it contains.
 */
export function indentJson(text: string): IndentedJson {
  if (isTooDeep(text, MAX_DEPTH)) return { kind: 'invalid', message: `nested more than ${MAX_DEPTH} deep` };
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
    if (length > MAX_LENGTH) return { text: parts.join(''), isCut: true };
    parts.push(part);
    if (token === '[' || token === '{') depth += 1;
    before = token;
  }
  return { text: parts.join(''), isCut: false };
}

/** Returns the text between two tokens. */
function gap(before: string, token: string, depth: number): string {
  const opens = before === '[' || before === '{';
  const closes = token === ']' || token === '}';
  if (before === ':') return ' ';
  const isNewLine = before === ',' || opens !== closes;
  return isNewLine && before !== '' && token !== ',' && token !== ':' ? `\n${'  '.repeat(depth)}` : '';
}

/** Returns the next token unchanged, '' at the end. */
function next(scanner: JSONScanner, text: string): string {
  if (scanner.getPosition() >= text.length) return '';
  scanner.scan();
  return text.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength());
}

/** Returns the position of the first error; undefined for valid JSON. */
function firstError(text: string): number | undefined {
  let found: number | undefined;
  const stop = new Error('found');
  const onError = (_code: unknown, offset: number): void => {
    found = offset;
    // Stops at the first error: a text may have a million.
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

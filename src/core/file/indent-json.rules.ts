import { applyEdits, createScanner, format, parse, type ParseError } from 'jsonc-parser';

/** Nested deeper than this, JSON is not worth showing, and a reader that calls itself would run out of stack. */
const MOST_DEPTH = 500;

/** JSON text laid out with two spaces, or where it stops being JSON in the words of Python's reader. */
export type IndentedJson = { kind: 'json'; text: string } | { kind: 'invalid'; message: string };

/** Lays JSON out without changing it: numbers keep all their digits and keys their order, which parsing and printing would lose. */
export function indentJson(text: string): IndentedJson {
  if (depthOf(text) > MOST_DEPTH) return { kind: 'invalid', message: `nested more than ${MOST_DEPTH} deep` };
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first) return { kind: 'invalid', message: `Expecting value: ${positionOf(text, first.offset)}` };
  const edits = format(text, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' });
  return { kind: 'json', text: applyEdits(text, edits).trim() };
}

function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length} column ${before.at(-1)!.length + 1} (char ${offset})`;
}

// Counts tokens, so that brackets inside strings do not count.
function depthOf(text: string): number {
  const scanner = createScanner(text, true);
  let depth = 0;
  let most = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const token = scanner.getTokenLength() === 1 ? text[scanner.getTokenOffset()] : '';
    if (token === '[' || token === '{') most = Math.max(most, ++depth);
    else if (token === ']' || token === '}') depth -= 1;
  }
  return most;
}

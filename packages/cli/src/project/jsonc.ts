import {
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  getNodeValue,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { isKept } from '../../../../src/kernel/long-integers.ts';

/** An issue in a file. Line and column count from 1. */
export interface FileIssue {
  /** Relative to the project. */
  file: string;
  line: number;
  column: number;
  message: string;
}

/** A file of JSON with comments, read. */
export interface Jsonc {
  file: string;
  text: string;
  root: Node;
  value: unknown;
}

/** Returns line and column of an offset, from 1; a column counts UTF-16 units. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}

const PARSE_MESSAGES: Record<string, string> = {
  ValueExpected: 'a value is expected',
  PropertyNameExpected: 'a field name in double quotes is expected',
  CommaExpected: 'a comma is expected',
  ColonExpected: 'a colon is expected',
  CloseBraceExpected: 'a closing } is expected',
  CloseBracketExpected: 'a closing ] is expected',
  EndOfFileExpected: 'the file must end here',
  UnexpectedEndOfString: 'the text has no closing quote',
};

/** Parses a file. Returns the first issue of syntax, as those after it mislead, or every place where reading it would lose something. */
export function parseJsonc(file: string, text: string): { read: Jsonc } | { fileIssues: FileIssue[] } {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const issueAt = (offset: number, message: string): FileIssue => ({ file, ...placeOf(text, offset), message });
  const fileIssues = errors.map(({ error, offset }) => {
    const code = printParseErrorCode(error);
    return issueAt(offset, PARSE_MESSAGES[code] ?? `invalid JSON: ${code}`);
  });
  if (fileIssues.length > 0 || root === undefined)
    return { fileIssues: fileIssues.length > 0 ? fileIssues.slice(0, 1) : [issueAt(0, 'the file is empty')] };
  const losses = lossesOf(text, root).map(({ offset, message }) => issueAt(offset, message));
  return losses.length > 0 ? { fileIssues: losses } : { read: { file, text, root, value: getNodeValue(root) } };
}

/** Returns the fields that are there twice, of which one would win, and the numbers that would be rounded, in the order of the text. */
function lossesOf(text: string, root: Node): { offset: number; message: string }[] {
  const found: { offset: number; message: string }[] = [];
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    open.push(...(node.children ?? []));
    if (node.type === 'number' && !isKept(text.slice(node.offset, node.offset + node.length)))
      found.push({ offset: node.offset, message: 'the number would be rounded: write it as text' });
    if (node.type !== 'object') continue;
    const names = new Set<unknown>();
    for (const { children } of node.children ?? []) {
      const key = children![0]!;
      if (names.has(key.value))
        found.push({ offset: key.offset, message: `the field ${JSON.stringify(key.value)} is there twice` });
      names.add(key.value);
    }
  }
  return found.toSorted((a, b) => a.offset - b.offset);
}

export const hasPath = ({ root }: Jsonc, path: readonly (string | number)[]): boolean =>
  findNodeAtLocation(root, [...path]) !== undefined;

/** Returns the place of a path, or of the nearest value around it; for a field that should not be there, of its name. */
export function locate(
  jsonc: Jsonc,
  path: readonly (string | number)[],
  atName = false,
): { line: number; column: number } {
  for (let length = path.length; length >= 0; length--) {
    const node = findNodeAtLocation(jsonc.root, path.slice(0, length));
    if (node === undefined) continue;
    const named = atName && length === path.length && node.parent?.type === 'property' ? node.parent : node;
    return placeOf(jsonc.text, named.offset);
  }
  return { line: 1, column: 1 };
}

/** Renders issues as compilers do: `file:line:column  message`. `kind` comes before the message. */
export const renderFileIssues = (fileIssues: readonly FileIssue[], kind = ''): string =>
  fileIssues.map(({ file, line, column, message }) => `${file}:${line}:${column}  ${kind}${message}`).join('\n');

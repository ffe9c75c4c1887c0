import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { Issue } from '../../../kernel/errors';
import type { Mention } from '../../code/mention.rules';
import { followPointer } from '../../../kernel/json-pointer';

/** Returns the issues of a workflow's text with `at` before their pointers, and with line and column in the text (both from 1). */
export function placeIssues(source: string, issues: readonly Issue[], at: string = '#/source'): Issue[] {
  // The message of an issue of the whole text contains the position, and the text may not be valid JSON.
  if (issues.every(({ pointer }) => pointer === '')) return issues.map((issue) => ({ ...issue, pointer: at }));
  const placeOf = placesIn(source);
  return issues.map(({ pointer, code, message }) => ({ pointer: at + pointer, code, message, ...placeOf(pointer) }));
}

/** Returns the mentions in a workflow's text with their lines and columns. */
export function placeMentions(source: string, mentions: readonly Mention[]): Mention[] {
  const places = placeIssues(
    source,
    mentions.map(({ pointer = '' }) => ({ pointer, code: 'maybe_missing', message: '' })),
  );
  return mentions.map((mention, i) => ({ ...mention, line: places[i]!.line!, column: places[i]!.column! }));
}

/** Returns a function from a pointer into a JSON text to its line and column (undefined when the pointer leads nowhere). */
export function placesIn(source: string): (pointer: string) => { line: number; column: number } | undefined {
  const json: unknown = JSON.parse(source);
  const tree = parseTree(source);
  const starts = [0, ...Array.from(source.matchAll(/\n/g), ({ index }) => index + 1)];
  return (pointer) => {
    const node = tree && findNodeAtLocation(tree, followPointer(json, pointer).path);
    if (node === undefined) return undefined;
    const next = starts.findIndex((start) => start > node.offset);
    const line = next === -1 ? starts.length : next;
    return { line, column: node.offset - starts[line - 1]! + 1 };
  };
}

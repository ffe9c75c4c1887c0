import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { Issue } from '../../../kernel/errors';
import type { Mention } from '../../code/mention.rules';
import { followPointer } from '../../../kernel/json-pointer';

/** Issues of a workflow's text as an answer shows them: `at` leads to the text, line and column into it (both from 1). */
export function placeIssues(source: string, issues: readonly Issue[], at: string = '#/source'): Issue[] {
  // An issue of the text as a whole says its place itself, and such a text may not be fit for another parser.
  if (issues.every(({ pointer }) => pointer === '')) return issues.map((issue) => ({ ...issue, pointer: at }));
  const placeOf = placesIn(source);
  return issues.map(({ pointer, code, message }) => ({ pointer: at + pointer, code, message, ...placeOf(pointer) }));
}

/** Mentions in a workflow's text, each with its line and column. */
export function placeMentions(source: string, mentions: readonly Mention[]): Mention[] {
  const places = placeIssues(
    source,
    mentions.map(({ pointer = '' }) => ({ pointer, code: 'maybe_missing', message: '' })),
  );
  return mentions.map((mention, i) => ({ ...mention, line: places[i]!.line!, column: places[i]!.column! }));
}

/** A function that answers line and column of what a pointer leads to in a JSON text; nothing where it leads nowhere. */
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

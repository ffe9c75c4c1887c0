import type { AnyNode, ObjectPattern } from 'acorn';
import { memberName, nodesOf, parseJavaScript } from '../javascript.rules';
import type { Reference } from './expression-reader.rules';
import { isDeclaration, isFieldName } from './rename-in-source.rules';

/** Where a workflow finds what callers sent, by the names that they sent. */
export type SentRoot = 'body' | 'query' | 'headers';

/** A parameter as it was sent: the root that has it, and its name there. */
export interface Sent {
  root: SentRoot;
  name: string;
}

/** A place that reads what was sent: `named` by the parameter's name, else something that has it among others. */
export interface SentRead {
  named: boolean;
  /** As it is written: `body.email`, `request.text`. */
  text: string;
}

/** How a use of a root reads what was sent, or null. */
export function readOfSent({ root, path }: Pick<Reference, 'path'> & { root: string }, sent: Sent): SentRead | null {
  const whole = (text: string): SentRead => ({ named: false, text });
  const [first, second] = path;
  if (root === sent.root) {
    if (first === undefined) return whole(root);
    return first === sent.name ? { named: true, text: `${root}.${first}` } : null;
  }
  if (root !== 'request') return null;
  if (first === undefined) return whole('request');
  if ((sent.root === 'body' && first === 'text') || (sent.root === 'query' && first === 'url'))
    return whole(`request.${first}`);
  if (sent.root !== 'query' || first !== 'queries') return null;
  if (second === undefined) return whole('request.queries');
  return second === sent.name ? { named: true, text: `request.queries.${second}` } : null;
}

/** The same for the JavaScript of a code step. A name that the code declares itself is not that root. */
export function readsOfSent(text: string, sent: Sent): SentRead[] {
  const program = parseJavaScript(text);
  if (program === null) return [];
  const parents = new Map(nodesOf(program).map(({ node, parent }) => [node, parent]));
  const found = [...parents].flatMap(([node, parent]) =>
    node.type === 'Identifier' && (node.name === sent.root || node.name === 'request') && !isFieldName(node, parent)
      ? [{ node, parent }]
      : [],
  );
  const own = new Set(found.flatMap((use) => (isDeclaration(use) ? [use.node.name] : [])));
  return found.flatMap(({ node }) =>
    own.has(node.name)
      ? []
      : pathsOf(node, parents).flatMap((path) => readOfSent({ root: node.name, path }, sent) ?? []),
  );
}

/** The members that are read from a node, as far as they are written out: one path, or several where it is taken apart. */
function pathsOf(start: AnyNode, parents: ReadonlyMap<AnyNode, AnyNode>): string[][] {
  const path: string[] = [];
  let node = start;
  let parent = parents.get(node)!;
  while (parent.type === 'ChainExpression' || (parent.type === 'MemberExpression' && parent.object === node)) {
    const name = parent.type === 'MemberExpression' ? memberName(parent) : undefined;
    if (name === null) return [path];
    if (name !== undefined) path.push(name);
    [node, parent] = [parent, parents.get(parent)!];
  }
  if (parent.type !== 'VariableDeclarator' || parent.id.type !== 'ObjectPattern') return [path];
  return keysOf(parent.id)?.map((key) => [...path, key]) ?? [path];
}

/** The fields that a pattern takes, or null when it may take any. */
function keysOf({ properties }: ObjectPattern): string[] | null {
  const keys = properties.map((property) =>
    property.type !== 'Property' || property.computed
      ? null
      : property.key.type === 'Identifier'
        ? property.key.name
        : String((property.key as { value?: unknown }).value),
  );
  return keys.includes(null) ? null : (keys as string[]);
}

/** Lines of a source that a message names. */
const MAX_LINES = 10;

/** Lines (from 1) of a source in any language that have the name as a word: code that takes the request itself may read it there. */
export function linesWith(source: string, { root, name }: Sent): number[] {
  const word = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?<![\\w-])${word}(?![\\w-])`, root === 'headers' ? 'i' : '');
  return source
    .split('\n')
    .flatMap((line, i) => (pattern.test(line) ? [i + 1] : []))
    .slice(0, MAX_LINES);
}

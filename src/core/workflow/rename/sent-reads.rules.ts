import type { AnyNode, ObjectPattern } from 'acorn';
import { memberName, nodesOf, parseJavaScript } from '../../code/javascript.rules';
import type { Reference } from '../language/expression-reader.rules';
import { isDeclaration, isFieldName, type IdentifierUse } from './rename-in-source.rules';

/** Where a workflow finds what callers sent, by the names that they sent. */
export type SentRoot = 'body' | 'query' | 'headers';

/** A parameter as it was sent: the root that has it, and its name there. */
export interface SentParameter {
  root: SentRoot;
  name: string;
}

/** A place that reads what was sent: `named` by the parameter's name, else something that has it among others. */
export interface SentRead {
  named: boolean;
  /** As it is written: `body.email`, `request.text`. */
  text: string;
}

/** Members of `request` that have all of a root in them. */
const WHOLE: Record<SentRoot, readonly string[]> = { body: ['text', 'base64'], query: ['url'], headers: [] };

/** How a use of a root reads what was sent, or null. */
export function readOfSent(
  { root, path }: Pick<Reference, 'path'> & { root: string },
  sent: SentParameter,
): SentRead | null {
  const whole = (text: string): SentRead => ({ named: false, text });
  const [first, second] = path;
  if (root === sent.root) {
    if (first === undefined) return whole(root);
    return first === sent.name ? { named: true, text: `${root}.${first}` } : null;
  }
  if (root !== 'request') return null;
  if (first === undefined) return whole('request');
  if (WHOLE[sent.root].includes(first)) return whole(`request.${first}`);
  if (sent.root !== 'query' || first !== 'queries') return null;
  if (second === undefined) return whole('request.queries');
  return second === sent.name ? { named: true, text: `request.queries.${second}` } : null;
}

/** The same for the JavaScript of a code step. Where the code declares the name itself, it is not that root. */
export function readsOfSent(text: string, sent: SentParameter): SentRead[] {
  const program = parseJavaScript(text);
  if (program === null) return [];
  const parents: Parents = new Map(nodesOf(program).map(({ node, parent }) => [node, parent]));
  return [sent.root, 'request'].flatMap((root) => {
    const uses = [...parents].flatMap(([node, parent]) =>
      node.type === 'Identifier' && node.name === root && !isFieldName(node, parent) ? [{ node, parent }] : [],
    );
    const hidden = new Set(uses.filter((use) => declares(use, parents)).map((use) => scopeOf(use, parents)));
    return uses
      .filter(({ node }) => hidden.size === 0 || !aboveOf(node, parents).some((above) => hidden.has(above)))
      .flatMap(({ node }) => pathsOf(node, parents).flatMap((path) => readOfSent({ root, path }, sent) ?? []));
  });
}

type Parents = ReadonlyMap<AnyNode, AnyNode>;

/** Does the name stand where a variable of that name is declared? `{ body }` is a pattern there, and a value in a literal. */
const declares = (use: IdentifierUse, parents: Parents): boolean =>
  isDeclaration(use) && (use.parent.type !== 'Property' || parents.get(use.parent)?.type === 'ObjectPattern');

const SCOPES =
  /^(Program|BlockStatement|FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|CatchClause|For(In|Of)?Statement)$/;

/** What a declaration counts in: the function of a parameter, else the block around it. */
function scopeOf({ node, parent }: IdentifierUse, parents: Parents): AnyNode | undefined {
  const isName = 'id' in parent && parent.id === node && /^(Function|Class)Declaration$/.test(parent.type);
  return aboveOf(isName ? parent : node, parents).find(({ type }) => SCOPES.test(type));
}

/** The nodes around one, from the inside out. */
function aboveOf(node: AnyNode, parents: Parents): AnyNode[] {
  const above: AnyNode[] = [];
  for (let next = parents.get(node); next !== undefined && next !== above.at(-1); next = parents.get(next))
    above.push(next);
  return above;
}

/** The members that are read from a node, as far as they are written out: one path, or several where it is taken apart. */
function pathsOf(start: AnyNode, parents: Parents): string[][] {
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
export function linesWith(source: string, { root, name }: SentParameter): number[] {
  const word = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?<![\\w-])${word}(?![\\w-])`, root === 'headers' ? 'i' : '');
  return source
    .split('\n')
    .flatMap((line, i) => (pattern.test(line) ? [i + 1] : []))
    .slice(0, MAX_LINES);
}

import type { AnyNode, ObjectPattern } from 'acorn';
import { memberName, nodesOf, parseJavaScript } from '../../code/javascript.rules';
import type { Reference } from '../language/expression-reader.rules';
import { isDeclaration, isFieldName, type IdentifierUse } from './rename-in-source.rules';

/** Roots that have values under the names that callers sent. */
export type SentRoot = 'body' | 'query' | 'headers';

/** A parameter as sent: the root that has it, and its name there. */
export interface SentParameter {
  root: SentRoot;
  name: string;
}

/** A place that reads a value as sent. `named`: by the parameter's name; else a larger value that contains it. */
export interface SentRead {
  named: boolean;
  /** The source text: `body.email`, `request.text`. */
  text: string;
}

/** Members of `request` that contain all of a root. */
const WHOLE: Record<SentRoot, readonly string[]> = { body: ['text', 'base64'], query: ['url'], headers: [] };

/** Returns how a use of a root reads the parameter as sent, or null. */
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

/** Returns the reads in the JavaScript of a code step. A name that the code declares itself is not a root. */
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

/** Returns whether an identifier declares a variable: `{ body }` in a pattern does, in a literal it does not. */
const declares = (use: IdentifierUse, parents: Parents): boolean =>
  isDeclaration(use) && (use.parent.type !== 'Property' || parents.get(use.parent)?.type === 'ObjectPattern');

const SCOPES =
  /^(Program|BlockStatement|FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|CatchClause|For(In|Of)?Statement)$/;

/** Returns the scope of a declaration: the function of a parameter, else the enclosing block. */
function scopeOf({ node, parent }: IdentifierUse, parents: Parents): AnyNode | undefined {
  const isName = 'id' in parent && parent.id === node && /^(Function|Class)Declaration$/.test(parent.type);
  return aboveOf(isName ? parent : node, parents).find(({ type }) => SCOPES.test(type));
}

/** Returns the ancestors of a node, innermost first. */
function aboveOf(node: AnyNode, parents: Parents): AnyNode[] {
  const above: AnyNode[] = [];
  for (let next = parents.get(node); next !== undefined && next !== above.at(-1); next = parents.get(next))
    above.push(next);
  return above;
}

/** Returns the paths of members read from a node, up to the first computed one: several where it is destructured. */
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

/** Returns the fields that a pattern takes, or null when it may take any. */
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

/** Lines of a source in one message. */
const MAX_LINES = 10;

/** Returns the lines (from 1) of a source in any language that contain the name as a word: code that reads the request may use it. */
export function linesWith(source: string, { root, name }: SentParameter): number[] {
  const word = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?<![\\w-])${word}(?![\\w-])`, root === 'headers' ? 'i' : '');
  return source
    .split('\n')
    .flatMap((line, i) => (pattern.test(line) ? [i + 1] : []))
    .slice(0, MAX_LINES);
}

import type { AnyNode, Expression, ObjectPattern } from 'acorn';
import { memberName, nodesOf, parseJavaScript, type PlacedNode } from './javascript.rules';
import { fullTableName, hostIn, type Mention } from './mention.rules';
import { isSecretName } from './secret-name.schema';

/** Members that every object has, so not tables, although a table may have such a name (`tables['public.constructor']`). */
const NOT_TABLES = new Set(['then', 'toJSON', 'constructor', 'valueOf', 'toString']);

/**
 * Returns the tables, hosts and secrets that JavaScript names literally: `ctx.tables.orders`, `tables['crm.accounts']`, `fetch('https://host/…')`,
 * `ctx.env.NAME`, also by destructuring, and through a constant with the text. In the order of the source; empty for a text that does not
 * parse.
 */
export function mentionsInJavaScript(text: string): Mention[] {
  const program = parseJavaScript(text);
  if (program === null) return [];
  const placed = nodesOf(program);
  const nodes = placed.map(({ node }) => node);
  const names = { own: ownNames(nodes), constants: constantsOf(placed) };
  return nodes
    .flatMap((node) => mentionsOf(node, names).map((mention) => ({ ...mention, start: node.start, node })))
    .toSorted((a, b) => a.start - b.start)
    .map(({ kind, name, node }) => ({
      kind,
      name,
      line: node.loc!.start.line,
      column: node.loc!.start.column + 1,
    }));
}

type Named = Pick<Mention, 'kind' | 'name'>;

/** Meaning of names in a source. */
interface Names {
  /** Variables called `tables` or `env` that the source defines itself. */
  own: ReadonlySet<string>;
  /** Texts by the names of their constants. */
  constants: ReadonlyMap<string, string>;
}

function mentionsOf(node: AnyNode, { own, constants }: Names): Named[] {
  switch (node.type) {
    case 'MemberExpression': {
      const name = node.computed ? wholeTextOf(node.property, constants) : memberName(node);
      return name === null || node.object.type === 'Super' ? [] : inRoot(rootOf(node.object, own), [name]);
    }
    case 'VariableDeclarator':
      return node.id.type === 'ObjectPattern' && node.init ? inRoot(rootOf(node.init, own), keysOf(node.id)) : [];
    case 'Property':
      // `({ tables: { orders } }) => …`
      return node.value.type === 'ObjectPattern' && node.key.type === 'Identifier' && !node.computed
        ? inRoot(toRoot(node.key.name), keysOf(node.value))
        : [];
    case 'CallExpression':
    case 'NewExpression':
      return node.callee.type !== 'Super' && isFetch(node.callee) ? hostsIn(node.arguments[0], constants) : [];
    default:
      return [];
  }
}

type Root = 'tables' | 'env';
const toRoot = (name: string): Root | null => (name === 'tables' || name === 'env' ? name : null);

/** Recognizes `tables`, `ctx.tables`, `env`, `ctx.env`; not `process.env`, or a variable that the source defines itself. */
function rootOf(node: Expression, own: ReadonlySet<string>): Root | null {
  if (node.type === 'Identifier') return own.has(node.name) ? null : toRoot(node.name);
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier' || node.object.name === 'process')
    return null;
  return toRoot(memberName(node) ?? '');
}

function inRoot(root: Root | null, names: string[]): Named[] {
  if (root === 'env') return names.filter(isSecretName).map((name) => ({ kind: 'secret', name }));
  if (root === null) return [];
  return names.flatMap((name) => {
    const table = NOT_TABLES.has(name) ? null : fullTableName(name);
    return table === null ? [] : [{ kind: 'table', name: table }];
  });
}

const keysOf = (pattern: ObjectPattern): string[] =>
  pattern.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.computed) return [];
    if (property.key.type === 'Identifier') return [property.key.name];
    return property.key.type === 'Literal' ? [String(property.key.value)] : [];
  });

/** Returns the variables called `tables` or `env` that the source defines itself: `const tables = { … }`. */
function ownNames(nodes: readonly AnyNode[]): ReadonlySet<string> {
  const isFromContext = (init: Expression | null | undefined): boolean =>
    init?.type === 'MemberExpression' && toRoot(memberName(init) ?? '') !== null;
  return new Set(
    nodes.flatMap((node) =>
      node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && !isFromContext(node.init)
        ? [node.id.name]
        : [],
    ),
  );
}

/** Recognizes `fetch`, `globalThis.fetch`, and `new Request`. */
const isFetch = (callee: Expression): boolean =>
  (callee.type === 'Identifier' && (callee.name === 'fetch' || callee.name === 'Request')) ||
  (callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    (callee.object.name === 'globalThis' || callee.object.name === 'self') &&
    memberName(callee) === 'fetch');

/** Returns the host of a URL whose start is literal: a text, the start of a template or a sum, the base of a `new URL`. */
function hostsIn(argument: AnyNode | undefined, constants: Names['constants']): Named[] {
  let node = argument;
  while (node?.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name === 'URL')
    node = node.arguments[1] ?? node.arguments[0];
  if (node === undefined) return [];
  const { text, isWhole } = startOf(node, constants);
  const host = hostIn(text, !isWhole);
  return host === null ? [] : [{ kind: 'host', name: host }];
}

/** Returns the literal text that a value begins with. `isWhole`: there is no more. */
function startOf(value: AnyNode, constants: Names['constants']): { text: string; isWhole: boolean } {
  let text = '';
  for (const part of partsOf(value)) {
    const known = typeof part === 'string' ? part : textOf(part, constants);
    if (known === null) return { text, isWhole: false };
    text += known;
  }
  return { text, isWhole: true };
}

const textOf = (node: AnyNode, constants: Names['constants']): string | null => {
  if (node.type === 'Identifier') return constants.get(node.name) ?? null;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
};

/** Returns the parts of a sum or a template, from the left. No recursion: a sum may be longer than the stack is deep. */
function partsOf(value: AnyNode): (AnyNode | string)[] {
  const sum: AnyNode[] = [];
  let node = value;
  for (; node.type === 'BinaryExpression' && node.operator === '+'; node = node.left) sum.push(node.right);
  return [node, ...sum.reverse()].flatMap((part): (AnyNode | string)[] =>
    part.type === 'TemplateLiteral'
      ? part.quasis.flatMap(({ value: { cooked } }, i) => [cooked ?? '', ...part.expressions.slice(i, i + 1)])
      : [part],
  );
}

function wholeTextOf(node: AnyNode, constants: Names['constants']): string | null {
  const { text, isWhole } = startOf(node, constants);
  return isWhole ? text : null;
}

/** Returns the texts of constants by name, for names that the source declares once. */
function constantsOf(placed: readonly PlacedNode[]): ReadonlyMap<string, string> {
  const held = new Map<string, string>();
  const known = new Set<string>();
  for (const { node, parent } of placed) {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init) {
      const { text, isWhole } = startOf(node.init, NONE);
      const isConstant = parent.type === 'VariableDeclaration' && parent.kind === 'const';
      if (isConstant && isWhole && !known.has(node.id.name)) held.set(node.id.name, text);
      else held.delete(node.id.name);
      known.add(node.id.name);
    } else if (node.type === 'Identifier' && isParameter(node, parent)) {
      held.delete(node.name);
      known.add(node.name);
    }
  }
  return held;
}

const NONE: ReadonlyMap<string, string> = new Map();

const isParameter = (node: AnyNode, parent: AnyNode): boolean =>
  'params' in parent && (parent.params as readonly AnyNode[]).includes(node);

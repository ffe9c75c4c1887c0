import type { AnyNode, Expression, ObjectPattern } from 'acorn';
import { memberName, nodesOf, parseJavaScript } from '../javascript.rules';
import { fullTableName, hostIn, isSecretName, type Mention } from './mention.rules';

/** Members that every object has: no tables, though a table may have such a name (`tables['public.constructor']`). */
const NOT_TABLES = new Set(['then', 'toJSON', 'constructor', 'valueOf', 'toString']);

/**
 * The tables, hosts and secrets that JavaScript spells out: `ctx.tables.orders`, `tables['crm.accounts']`, `fetch('https://host/…')`,
 * `ctx.env.NAME`, and the same by destructuring. In the order of the text; nothing of a text that does not parse.
 */
export function mentionsInJavaScript(text: string): Mention[] {
  const program = parseJavaScript(text);
  if (program === null) return [];
  const nodes = nodesOf(program).map(({ node }) => node);
  const own = ownNames(nodes);
  return nodes
    .flatMap((node) => mentionsOf(node, own).map((mention) => ({ ...mention, start: node.start, node })))
    .toSorted((a, b) => a.start - b.start)
    .map(({ kind, name, node }) => ({
      kind,
      name,
      line: node.loc!.start.line,
      column: node.loc!.start.column + 1,
    }));
}

type Named = Pick<Mention, 'kind' | 'name'>;

function mentionsOf(node: AnyNode, own: ReadonlySet<string>): Named[] {
  switch (node.type) {
    case 'MemberExpression': {
      const name = memberName(node);
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
      return node.callee.type !== 'Super' && isFetch(node.callee) ? hostsIn(node.arguments[0]) : [];
    default:
      return [];
  }
}

type Root = 'tables' | 'env';
const toRoot = (name: string): Root | null => (name === 'tables' || name === 'env' ? name : null);

/** `tables`, `ctx.tables`, `env`, `ctx.env`; not `process.env`, and no variable that the source itself fills with something else. */
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

/** Variables called `tables` or `env` that hold something of the source's own: `const tables = { … }`. */
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

/** `fetch`, `globalThis.fetch`, and `new Request`. */
const isFetch = (callee: Expression): boolean =>
  (callee.type === 'Identifier' && (callee.name === 'fetch' || callee.name === 'Request')) ||
  (callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    (callee.object.name === 'globalThis' || callee.object.name === 'self') &&
    memberName(callee) === 'fetch');

/** A URL as far as it is written out: a text, the start of a template, the left end of a sum, the base of a `new URL`. */
function hostsIn(argument: AnyNode | undefined): Named[] {
  let [node, open] = [argument, false];
  for (;;) {
    if (node?.type === 'BinaryExpression' && node.operator === '+') [node, open] = [node.left, true];
    else if (node?.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name === 'URL')
      node = node.arguments[1] ?? node.arguments[0];
    else break;
  }
  const text = textOf(node);
  const host =
    text === null ? null : hostIn(text, open || (node?.type === 'TemplateLiteral' && node.expressions.length > 0));
  return host === null ? [] : [{ kind: 'host', name: host }];
}

function textOf(node: AnyNode | undefined): string | null {
  if (node?.type === 'TemplateLiteral') return node.quasis[0]!.value.cooked ?? null;
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

import type { AnyNode, Expression, MemberExpression, Pattern } from 'acorn';
import { CONSTANTS, FORBIDDEN_MEMBERS, FUNCTIONS, isRoot, MEMBERS, ROOTS, type Root } from './reach.rules';

/** How deep an expression may nest: far below what would exhaust the stack of the parser here or of the engine there. */
const MAX_DEPTH = 64;
/** Function that a compiled module puts around computed member names; its own names start with `$`, an author's may not. */
const KEY_CHECK = '$key';

/** One use of a root. `path` are the members read from it as far as they are written out. */
export interface Reference {
  root: Root;
  path: string[];
  /** A computed member follows `path`, so what is read is only known at run time. */
  dynamic: boolean;
  /** `optional[n]`: member n is read with `?.`. */
  optional: boolean[];
  /** The expression copes with the whole of it being absent (`?? other`, a test, a comparison). */
  guarded: boolean;
  /** Root and path that an enclosing test has looked at already. */
  tested: boolean;
  /** Where the first member is written, for renaming. */
  first: { start: number; end: number; computed: boolean } | null;
  start: number;
}
export interface Problem {
  /** Offset in the text, in UTF-16 units. */
  offset: number;
  message: string;
}
/** Text to put into the expression, at an offset of the whole text. */
export interface Insertion {
  at: number;
  text: string;
}

interface Scope {
  locals: ReadonlySet<string>;
  tested: ReadonlySet<string>;
  guarded: boolean;
  depth: number;
}

const isEquality = (operator: string): boolean => ['==', '!=', '===', '!=='].includes(operator);

/** Walks one expression: collects the uses of roots, the checks to insert, and what is not allowed. */
export function createReader(text: string) {
  const references: Reference[] = [];
  const problems: Problem[] = [];
  const insertions: Insertion[] = [];
  const problem = (node: AnyNode, message: string): void => void problems.push({ offset: node.start, message });
  const plain = (scope: Scope): Scope => ({ ...scope, guarded: false });

  function memberName(node: AnyNode, name: string): void {
    if (FORBIDDEN_MEMBERS.has(name)) problem(node, `the member ${name} is not in reach of an expression`);
  }

  function computed(property: Expression, scope: Scope): void {
    insertions.push({ at: property.start, text: `${KEY_CHECK}(` });
    visit(property, plain(scope));
    insertions.push({ at: property.end, text: ')' });
  }

  function name(node: AnyNode & { name: string }, links: Link[], scope: Scope): void {
    if (scope.locals.has(node.name)) return;
    if (isRoot(node.name)) return void references.push(toReference(node, node.name, links, scope));
    const first = links[0];
    const members = Object.hasOwn(MEMBERS, node.name) ? MEMBERS[node.name] : undefined;
    if (members !== undefined && first !== undefined) {
      if (first.name === null || (members !== 'all' && !members.includes(first.name))) {
        problem(node, `${text.slice(node.start, first.node.end)} is not in reach of an expression`);
      }
      return;
    }
    if (FUNCTIONS.has(node.name) || CONSTANTS.has(node.name)) return;
    problem(node, `${node.name} is not in reach of an expression; its roots are ${ROOTS.join(', ')}`);
  }

  function member(node: MemberExpression, scope: Scope): void {
    const links: Link[] = [];
    let base: AnyNode = node;
    while (base.type === 'MemberExpression') {
      links.unshift({ node: base.property, name: staticName(base), computed: base.computed, optional: base.optional });
      base = base.object;
    }
    for (const link of links) {
      if (link.name !== null) memberName(link.node, link.name);
      else if (link.node.type === 'PrivateIdentifier') problem(link.node, 'private members are not allowed');
      else computed(link.node as Expression, scope);
    }
    if (base.type === 'Identifier') name(base, links, scope);
    else visit(base, plain(scope));
  }

  function key(property: { key: AnyNode; computed: boolean }, scope: Scope): void {
    const { key: node } = property;
    if (property.computed) computed(node as Expression, scope);
    else memberName(node, node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '');
  }

  /** Declares the names of an arrow function's parameter. Defaults are visited; they may use what is already declared. */
  function declare(pattern: Pattern, locals: Set<string>, scope: Scope): void {
    switch (pattern.type) {
      case 'Identifier':
        if (pattern.name.startsWith('$')) problem(pattern, 'names that start with $ are the compiler’s');
        locals.add(pattern.name);
        return;
      case 'AssignmentPattern':
        visit(pattern.right, plain(scope));
        return declare(pattern.left, locals, scope);
      case 'RestElement':
        return declare(pattern.argument, locals, scope);
      case 'ArrayPattern':
        for (const item of pattern.elements) if (item !== null) declare(item, locals, scope);
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') declare(property.argument, locals, scope);
          else if (property.computed) problem(property, 'computed names are not allowed in a parameter');
          else {
            key(property, scope);
            declare(property.value, locals, scope);
          }
        }
        return;
      default:
        problem(pattern, `${pattern.type} is not allowed in a parameter`);
    }
  }

  function visit(node: AnyNode, outer: Scope): void {
    if (outer.depth > MAX_DEPTH)
      return void (problems.length === 0 && problem(node, 'the expression is nested too deeply'));
    const scope = { ...outer, depth: outer.depth + 1 };
    switch (node.type) {
      case 'Literal':
        if (node.bigint != null) problem(node, 'a bigint has no JSON form');
        return;
      case 'Identifier':
        return name(node, [], scope);
      case 'MemberExpression':
        return member(node, scope);
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        return visit(node.expression, scope);
      case 'TemplateLiteral':
        for (const part of node.expressions) visit(part, plain(scope));
        return;
      case 'CallExpression':
        visit(node.callee, plain(scope));
        for (const argument of node.arguments) visit(argument, plain(scope));
        return;
      case 'NewExpression':
        if (node.callee.type !== 'Identifier' || node.callee.name !== 'Date' || scope.locals.has('Date'))
          problem(node, 'only new Date(…) may be made');
        for (const argument of node.arguments) visit(argument, plain(scope));
        return;
      case 'UnaryExpression':
        if (node.operator === 'delete') problem(node, 'delete is not allowed in an expression');
        return visit(node.argument, { ...scope, guarded: node.operator === '!' || node.operator === 'typeof' });
      case 'BinaryExpression':
        if (node.operator === 'instanceof') problem(node, 'instanceof is not allowed in an expression');
        visit(node.left, { ...scope, guarded: isEquality(node.operator) });
        return visit(node.right, { ...scope, guarded: isEquality(node.operator) });
      case 'LogicalExpression':
        return visitTest(
          node.left,
          node.operator === '&&' ? [node.right] : [],
          node.operator === '&&' ? [] : [node.right],
          scope,
        );
      case 'ConditionalExpression':
        return visitTest(node.test, [node.consequent], [node.alternate], scope);
      case 'SpreadElement':
        return visit(node.argument, plain(scope));
      case 'ArrayExpression':
        for (const item of node.elements) if (item !== null) visit(item, plain(scope));
        return;
      case 'ObjectExpression':
        for (const property of node.properties) {
          if (property.type === 'SpreadElement') visit(property, scope);
          else if (property.kind !== 'init' || property.method)
            problem(property, 'methods and accessors are not allowed');
          else {
            key(property, scope);
            visit(property.value, plain(scope));
          }
        }
        return;
      case 'ArrowFunctionExpression': {
        if (node.async) return problem(node, 'async functions are not allowed in an expression');
        if (node.body.type === 'BlockStatement') return problem(node, 'a function’s body must be one expression');
        const locals = new Set(scope.locals);
        for (const pattern of node.params) declare(pattern, locals, { ...scope, locals });
        return visit(node.body, { ...plain(scope), locals });
      }
      default:
        problem(node, `${node.type} is not allowed in an expression`);
    }
  }

  /** What `test` looked at is known to be there in `then`. */
  function visitTest(test: AnyNode, then: AnyNode[], otherwise: AnyNode[], scope: Scope): void {
    const before = references.length;
    visit(test, { ...scope, guarded: true });
    const tested = new Set([...scope.tested, ...references.slice(before).flatMap(prefixes)]);
    for (const node of then) visit(node, { ...scope, tested });
    for (const node of otherwise) visit(node, scope);
  }

  /** Throws a RangeError when the expression is too deep for the stack. */
  const read = (node: AnyNode): void => visit(node, { locals: new Set(), tested: new Set(), guarded: false, depth: 0 });
  return { read, references, problems, insertions };
}

interface Link {
  node: AnyNode;
  /** null when it is only known at run time. */
  name: string | null;
  computed: boolean;
  optional: boolean;
}

function staticName({ property, computed }: MemberExpression): string | null {
  if (!computed) return property.type === 'Identifier' ? property.name : null;
  return property.type === 'Literal' && (typeof property.value === 'string' || typeof property.value === 'number')
    ? String(property.value)
    : null;
}

function toReference(node: AnyNode, root: Root, links: Link[], scope: Scope): Reference {
  const end = links.findIndex((link) => link.name === null);
  const known = end < 0 ? links : links.slice(0, end);
  const path = known.map((link) => link.name as string);
  const first = links[0];
  return {
    root,
    path,
    dynamic: end >= 0,
    optional: links.map((link) => link.optional),
    guarded: scope.guarded,
    tested:
      scope.tested.has([root, ...path].join('.')) ||
      path.some((_, index) => index > 0 && scope.tested.has([root, ...path.slice(0, index)].join('.'))),
    first: first === undefined ? null : { start: first.node.start, end: first.node.end, computed: first.computed },
    start: node.start,
  };
}

const prefixes = ({ root, path }: Reference): string[] =>
  path.map((_, index) => [root, ...path.slice(0, index + 1)].join('.'));

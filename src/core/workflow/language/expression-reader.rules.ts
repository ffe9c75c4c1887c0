import type {
  AnyNode,
  ArrowFunctionExpression,
  BinaryExpression,
  Identifier,
  MemberExpression,
  NewExpression,
  ObjectExpression,
  Pattern,
} from 'acorn';
import { CONSTANTS, FORBIDDEN_MEMBERS, FUNCTIONS, isRoot, MEMBERS, ROOTS, type Root } from './reach.rules';

/** Levels of nesting in an expression: far fewer than would exhaust the stack of the parser or of the isolate. */
const MAX_DEPTH = 64;
/** Function that a compiled module applies to computed member names. Generated names start with `$`; an author's must not. */
const KEY_CHECK = '$key';

/** One use of a root. `path` has the members read from it, up to the first computed one. */
export interface Reference {
  root: Root;
  path: string[];
  /** A computed member follows `path`, so the rest is known only at run time. */
  dynamic: boolean;
  /** `optional[n]`: member n is read with `?.`. */
  optional: boolean[];
  /** The expression allows the whole reference to be absent (`?? other`, a test, a comparison). */
  guarded: boolean;
  /** An enclosing test has checked the same root and path. */
  tested: boolean;
  /** Position of the first member, for renaming. */
  first: { start: number; end: number; computed: boolean } | null;
  start: number;
}
/** An issue of one expression, before it has a place in a document. */
export interface ExpressionIssue {
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

/** Findings in one expression so far. */
export interface Reading {
  text: string;
  references: Reference[];
  issues: ExpressionIssue[];
  insertions: Insertion[];
}

/** Walks one expression: collects uses of roots, checks to insert, and issues. */
export function readExpression(node: AnyNode, text: string): Reading {
  const reading: Reading = { text, references: [], issues: [], insertions: [] };
  visit(reading, node, { locals: new Set(), tested: new Set(), guarded: false, depth: 0 });
  return reading;
}

const refuse = (reading: Reading, node: AnyNode, message: string): void =>
  void reading.issues.push({ offset: node.start, message });
const plain = (scope: Scope): Scope => ({ ...scope, guarded: false });

function visit(reading: Reading, node: AnyNode, outer: Scope): void {
  if (outer.depth > MAX_DEPTH) {
    if (reading.issues.length === 0) refuse(reading, node, 'the expression is nested too deeply');
    return;
  }
  const scope = { ...outer, depth: outer.depth + 1 };
  switch (node.type) {
    case 'Literal':
      if (node.bigint != null) refuse(reading, node, 'a bigint has no JSON form');
      return;
    case 'Identifier':
      return visitName(reading, node, [], scope);
    case 'MemberExpression':
      return visitMember(reading, node, scope);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return visit(reading, node.expression, scope);
    case 'LogicalExpression':
      return node.operator === '&&'
        ? visitTest(reading, node.left, node.right, null, scope)
        : visitTest(reading, node.left, null, node.right, scope);
    case 'ConditionalExpression':
      return visitTest(reading, node.test, node.consequent, node.alternate, scope);
    case 'UnaryExpression':
      if (node.operator === 'delete') refuse(reading, node, 'delete is not allowed in an expression');
      return visit(reading, node.argument, { ...scope, guarded: node.operator === '!' || node.operator === 'typeof' });
    case 'BinaryExpression':
      return visitBinary(reading, node, scope);
    case 'ObjectExpression':
      return visitObject(reading, node, scope);
    case 'ArrowFunctionExpression':
      return visitArrow(reading, node, scope);
    case 'NewExpression':
      return visitNew(reading, node, scope);
    case 'CallExpression':
      return visitAll(reading, [node.callee, ...node.arguments], scope);
    case 'TemplateLiteral':
      return visitAll(reading, node.expressions, scope);
    case 'ArrayExpression':
      return visitAll(reading, node.elements, scope);
    case 'SpreadElement':
      return visit(reading, node.argument, plain(scope));
    default:
      refuse(reading, node, `${node.type} is not allowed in an expression`);
  }
}

function visitAll(reading: Reading, nodes: readonly (AnyNode | null)[], scope: Scope): void {
  for (const node of nodes) if (node !== null) visit(reading, node, plain(scope));
}

/** Visits a name: a local of a function, a root, or an allowed global. */
function visitName(reading: Reading, node: Identifier, links: Link[], scope: Scope): void {
  if (scope.locals.has(node.name)) return;
  if (isRoot(node.name)) return void reading.references.push(toReference(node, node.name, links, scope));
  const first = links[0];
  const members = Object.hasOwn(MEMBERS, node.name) ? MEMBERS[node.name] : undefined;
  if (members === undefined || first === undefined) {
    if (FUNCTIONS.has(node.name) || CONSTANTS.has(node.name)) return;
    return refuse(reading, node, `${node.name} is not available in an expression; its roots are ${ROOTS.join(', ')}`);
  }
  if (first.name === null || (members !== 'all' && !members.includes(first.name))) {
    refuse(reading, node, `${reading.text.slice(node.start, first.node.end)} is not available in an expression`);
  }
}

function visitMember(reading: Reading, node: MemberExpression, scope: Scope): void {
  const links: Link[] = [];
  let base: AnyNode = node;
  while (base.type === 'MemberExpression') {
    links.unshift({ node: base.property, name: staticName(base), computed: base.computed, optional: base.optional });
    base = base.object;
  }
  for (const link of links) {
    if (link.name !== null) checkMember(reading, link.node, link.name);
    else if (link.node.type === 'PrivateIdentifier') refuse(reading, link.node, 'private members are not allowed');
    else visitComputed(reading, link.node, scope);
  }
  if (base.type === 'Identifier') visitName(reading, base, links, scope);
  else visit(reading, base, plain(scope));
}

function checkMember(reading: Reading, node: AnyNode, name: string): void {
  if (FORBIDDEN_MEMBERS.has(name)) refuse(reading, node, `the member ${name} is not available in an expression`);
}

function visitComputed(reading: Reading, property: AnyNode, scope: Scope): void {
  reading.insertions.push({ at: property.start, text: `${KEY_CHECK}(` });
  visit(reading, property, plain(scope));
  reading.insertions.push({ at: property.end, text: ')' });
}

function visitKey(reading: Reading, { key, computed }: { key: AnyNode; computed: boolean }, scope: Scope): void {
  if (computed) visitComputed(reading, key, scope);
  else
    checkMember(reading, key, key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '');
}

function visitObject(reading: Reading, node: ObjectExpression, scope: Scope): void {
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') visit(reading, property, scope);
    else if (property.kind !== 'init' || property.method)
      refuse(reading, property, 'methods and accessors are not allowed');
    else {
      visitKey(reading, property, scope);
      visit(reading, property.value, plain(scope));
    }
  }
}

function visitNew(reading: Reading, node: NewExpression, scope: Scope): void {
  const { callee } = node;
  const isDate = callee.type === 'Identifier' && callee.name === 'Date' && !scope.locals.has('Date');
  if (!isDate) refuse(reading, node, 'only new Date(…) is allowed');
  visitAll(reading, node.arguments, scope);
}

function visitBinary(reading: Reading, node: BinaryExpression, scope: Scope): void {
  if (node.operator === 'instanceof') refuse(reading, node, 'instanceof is not allowed in an expression');
  const guarded = ['==', '!=', '===', '!=='].includes(node.operator);
  visit(reading, node.left, { ...scope, guarded });
  visit(reading, node.right, { ...scope, guarded });
}

/** Visits a test and its branches. In `then`, references that `test` read are known to exist. */
function visitTest(
  reading: Reading,
  test: AnyNode,
  then: AnyNode | null,
  otherwise: AnyNode | null,
  scope: Scope,
): void {
  const before = reading.references.length;
  visit(reading, test, { ...scope, guarded: true });
  const tested = new Set([...scope.tested, ...reading.references.slice(before).flatMap(prefixes)]);
  if (then !== null) visit(reading, then, { ...scope, tested });
  if (otherwise !== null) visit(reading, otherwise, scope);
}

function visitArrow(reading: Reading, node: ArrowFunctionExpression, scope: Scope): void {
  if (node.async) return refuse(reading, node, 'async functions are not allowed in an expression');
  if (node.body.type === 'BlockStatement') return refuse(reading, node, 'a function’s body must be one expression');
  const locals = new Set(scope.locals);
  for (const pattern of node.params) declare(reading, pattern, locals, { ...scope, locals });
  visit(reading, node.body, { ...plain(scope), locals });
}

/** Declares the names of an arrow function's parameter. Defaults are visited; they may use what is already declared. */
function declare(reading: Reading, pattern: Pattern, locals: Set<string>, scope: Scope): void {
  switch (pattern.type) {
    case 'Identifier':
      if (pattern.name.startsWith('$')) refuse(reading, pattern, 'names that start with $ are reserved');
      locals.add(pattern.name);
      return;
    case 'AssignmentPattern':
      visit(reading, pattern.right, plain(scope));
      return declare(reading, pattern.left, locals, scope);
    case 'RestElement':
      return declare(reading, pattern.argument, locals, scope);
    case 'ArrayPattern':
      for (const item of pattern.elements) if (item !== null) declare(reading, item, locals, scope);
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') declare(reading, property.argument, locals, scope);
        else if (property.computed) refuse(reading, property, 'computed names are not allowed in a parameter');
        else {
          visitKey(reading, property, scope);
          declare(reading, property.value, locals, scope);
        }
      }
      return;
    default:
      refuse(reading, pattern, `${pattern.type} is not allowed in a parameter`);
  }
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

import * as acorn from 'acorn';
import type { Artifact } from '../../core/code/artifact';
import { findHabits } from '../../core/code/habits.rules';
import { readImports } from '../../core/code/imports.rules';
import { nodesOf } from '../../core/code/javascript.rules';
import { sourceIssue } from '../../core/code/source-issue.rules';
import type { Issue } from '../../kernel/errors';
import type { Prepared } from '../types';

/**
 * Checks a JavaScript module and determines its form: syntax with line and column, imports that exist, an export that can be called.
 * Static only: no code runs before the first call. `isBundle`: esbuild made it, which declares constants as `var`.
 */
export function prepareJavaScript(code: string, isBundle = false): Prepared {
  const { program, libraries, issues } = checkModule(code);
  if (program === null) return { kind: 'refused', issues };
  if (isBundle) restoreConstants(program);
  const exported = readExports(program);
  const form = readForm(exported, program);
  const called = [...exported].filter(([name]) => form !== null && (name === 'handler' || name === 'default'));
  const habits = findHabits(
    program,
    called.map(([, value]) => resolve(value, program)),
  );
  issues.push(...habits);
  if (form === null && habits.length === 0) issues.push(sourceIssue('export', NO_EXPORT));
  return form === null || issues.length > 0
    ? { kind: 'refused', issues }
    : { kind: 'ready', warnings: [], artifact: { runtime: 'javascript', form, code, libraries } };
}

/** Declares again as constants what a bundle declares as `var`, as far as nothing assigns to it. */
function restoreConstants(program: acorn.Program): void {
  const assigned = new Set<string>();
  const note = (target: acorn.AnyNode): void =>
    nodesOf(target).forEach(({ node }) => node.type === 'Identifier' && assigned.add(node.name));
  for (const { node } of nodesOf(program)) {
    if (node.type === 'AssignmentExpression') note(node.left);
    if (node.type === 'UpdateExpression') note(node.argument);
    if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') note(node.left);
  }
  for (const statement of program.body) {
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'var') continue;
    const isConstant = statement.declarations.every(({ id }) => id.type === 'Identifier' && !assigned.has(id.name));
    if (isConstant) statement.kind = 'const';
  }
}

/** The issue of a source that overflows the stack of the parser. */
export const TOO_DEEP: Issue = sourceIssue('syntax', 'the source nests too deep to be read');

/** Parses a module and checks its imports. `program` is null when it does not parse, and the syntax error is then the only issue. */
export function checkModule(code: string): {
  program: acorn.Program | null;
  libraries: string[];
  issues: Issue[];
} {
  try {
    const program = acorn.parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
    const { libraries, issues } = readImports(program);
    return { program, libraries, issues: issues.map(({ start: _start, ...issue }) => issue) };
  } catch (error) {
    const refused = (issue: Issue) => ({ program: null, libraries: [], issues: [issue] });
    if (error instanceof RangeError) return refused(TOO_DEEP);
    if (error instanceof SyntaxError) return refused(syntaxIssue(error));
    throw error;
  }
}

const NO_EXPORT =
  'a handler exports a function named `handler`, a default function, or a default object with a `fetch` method (such as a Hono app)';

function syntaxIssue(error: SyntaxError & { loc?: { line: number; column: number } }): Issue {
  const plain = error.message.replace(/ \(\d+:\d+\)$/, '');
  const message = plain === "Unexpected character '@'" ? 'decorators are not supported' : plain;
  return sourceIssue('syntax', message, error.loc);
}

/**
 * Returns `request` when the module exports `handler` or a default that is clearly an object; `named` when its default is clearly a
 * function; null when it exports nothing that can be called. A default that is known only at run time (the result of a call) gets the
 * request form, and the harness decides.
 */
function readForm(exported: Exports, program: acorn.Program): Artifact['form'] | null {
  if (exported.has('handler') && canBeFunction(resolve(exported.get('handler') ?? null, program))) return 'request';
  if (!exported.has('default')) return null;
  const written = exported.get('default') ?? null;
  const value = resolve(written, program);
  if (value === null) return 'request';
  if (isFunction(value)) return 'named';
  // An object with a name may get its `fetch` in a later statement.
  const canHaveFetch = value.type === 'ObjectExpression' && (value !== written || mayHoldFetch(value));
  return canBeFunction(value) || canHaveFetch ? 'request' : null;
}

/** False for an object literal that certainly has no method `fetch`. */
const mayHoldFetch = ({ properties }: acorn.ObjectExpression): boolean =>
  properties.some((part) => {
    if (part.type === 'SpreadElement' || part.computed) return true;
    const name = part.key.type === 'Identifier' ? part.key.name : part.key.type === 'Literal' && part.key.value;
    return name === '__proto__' || (name === 'fetch' && canBeFunction(part.value));
  });

type Exports = ReadonlyMap<string, acorn.AnyNode | null>;

function readExports(program: acorn.Program): Exports {
  const exported = new Map<string, acorn.AnyNode | null>();
  for (const node of program.body) {
    if (node.type === 'ExportDefaultDeclaration') exported.set('default', node.declaration);
    if (node.type === 'ExportNamedDeclaration')
      for (const [name, value] of namedExports(node, program)) exported.set(name, value);
  }
  return exported;
}

function namedExports(node: acorn.ExportNamedDeclaration, program: acorn.Program): [string, acorn.AnyNode | null][] {
  const { declaration } = node;
  if (declaration?.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id, init }) =>
      id.type === 'Identifier' ? [[id.name, init ?? null] as [string, acorn.AnyNode | null]] : namesIn(id),
    );
  }
  if (declaration) return [[declaration.id.name, declaration]];
  return node.specifiers.map(({ exported, local }) => {
    const name = exported.type === 'Identifier' ? exported.name : String(exported.value);
    return [name, node.source ? null : resolve(local, program)];
  });
}

/** Returns the names that a destructuring pattern declares. Their values are known only at run time. */
function namesIn(pattern: acorn.Pattern): [string, null][] {
  switch (pattern.type) {
    case 'Identifier':
      return [[pattern.name, null]];
    case 'ObjectPattern':
      return pattern.properties.flatMap((part) => namesIn(part.type === 'Property' ? part.value : part.argument));
    case 'ArrayPattern':
      return pattern.elements.flatMap((part) => (part === null ? [] : namesIn(part)));
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'MemberExpression':
      return [];
  }
}

/** Names followed from one to the other: more are taken for a circle. */
const MAX_NAMES = 10;

/** Returns the declaration behind a name, if it is at the top of the module and never reassigned. */
function resolve(node: acorn.AnyNode | null, program: acorn.Program): acorn.AnyNode | null {
  let found = node;
  for (let names = 0; found?.type === 'Identifier'; names++)
    found = names < MAX_NAMES ? declarationOf(found.name, program) : null;
  return found;
}

function declarationOf(name: string, program: acorn.Program): acorn.AnyNode | null {
  for (const outer of program.body) {
    const statement = outer.type === 'ExportNamedDeclaration' ? outer.declaration : outer;
    if (statement?.type === 'FunctionDeclaration' && statement.id?.name === name) return statement;
    if (statement?.type !== 'VariableDeclaration' || statement.kind !== 'const') continue;
    const declared = statement.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name);
    if (declared) return declared.init ?? null;
  }
  return null;
}

const isFunction = (node: acorn.AnyNode): boolean =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

/** False only for a value that certainly cannot be called. */
const canBeFunction = (node: acorn.AnyNode | null): boolean =>
  node === null ||
  ![
    'Literal',
    'TemplateLiteral',
    'ObjectExpression',
    'ArrayExpression',
    'ClassDeclaration',
    'ClassExpression',
  ].includes(node.type);

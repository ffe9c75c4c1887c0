import * as acorn from 'acorn';
import type { Artifact } from '../core/handler/handler.schema';
import { LIBRARIES } from './libraries';
import type { Prepared, SourceFault } from './types';

const KNOWN = new Set<string>(LIBRARIES);

/**
 * Checks a JavaScript module and finds out how it wants to be called: syntax with line and column, imports that there are, an export
 * that can be called. Static only: nothing of it runs before the first call.
 */
export function prepareJavaScript(code: string): Prepared {
  try {
    return check(code, acorn.parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true }));
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    if (!(error instanceof SyntaxError)) throw error;
    return { type: 'refused', faults: [syntaxFault(error)] };
  }
}

/** What a source gets that overflows the stack of the parser or of the walk over its tree. */
export const TOO_DEEP: Prepared = {
  type: 'refused',
  faults: [{ code: 'syntax', message: 'the source nests too deep to be read' }],
};

function check(code: string, program: acorn.Program): Prepared {
  const { libraries, faults } = readImports(program);
  const form = readForm(program);
  if (form === null) faults.push({ code: 'export', message: NO_EXPORT });
  return form === null || faults.length > 0
    ? { type: 'refused', faults }
    : { type: 'ready', warnings: [], artifact: { runtime: 'javascript', form, code, libraries } };
}

const NO_EXPORT =
  'a handler exports a function named `handler`, a default function, or a default object with a `fetch` method (such as a Hono app)';

function syntaxFault(error: SyntaxError & { loc?: { line: number; column: number } }): SourceFault {
  const message = error.message.replace(/ \(\d+:\d+\)$/, '');
  return { code: 'syntax', message, ...(error.loc ? { line: error.loc.line, column: error.loc.column } : {}) };
}

function readImports(program: acorn.Program): { libraries: string[]; faults: SourceFault[] } {
  const libraries = new Set<string>();
  const faults: SourceFault[] = [];
  walk(program, (node) => {
    if (node.type === 'ImportExpression' && (node.source.type !== 'Literal' || typeof node.source.value !== 'string')) {
      faults.push({ code: 'import', message: 'import() takes a literal name here', ...place(node) });
      return;
    }
    const specifier = specifierOf(node);
    if (specifier === null) return;
    if (KNOWN.has(specifier)) libraries.add(specifier);
    else
      faults.push({
        code: 'import',
        message: `there is no module "${specifier}"; a handler may import ${LIBRARIES.join(', ')}`,
        ...place(node),
      });
  });
  return { libraries: [...libraries].sort(), faults };
}

function specifierOf(node: acorn.AnyNode): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
      return node.source && 'value' in node.source && typeof node.source.value === 'string' ? node.source.value : null;
    default:
      return null;
  }
}

const place = (node: acorn.Node): { line: number; column: number } => ({
  line: node.loc!.start.line,
  column: node.loc!.start.column,
});

function walk(node: acorn.AnyNode, visit: (node: acorn.AnyNode) => void): void {
  visit(node);
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) walk(child, visit);
    }
  }
}
const isNode = (value: unknown): value is acorn.AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as acorn.Node).type === 'string';

/**
 * `request` when the module exports `handler` or a default that is clearly an object; `named` when its default is clearly a function.
 * A default that only running it can tell (the result of a call, say) is called with the request form, where the harness looks again.
 * null: nothing that can be called.
 */
function readForm(program: acorn.Program): Artifact['form'] | null {
  const exported = new Map<string, acorn.AnyNode | null>();
  for (const node of program.body) {
    if (node.type === 'ExportDefaultDeclaration') exported.set('default', node.declaration);
    if (node.type === 'ExportNamedDeclaration')
      for (const [name, value] of namedExports(node, program)) exported.set(name, value);
  }
  if (exported.has('handler') && canBeFunction(resolve(exported.get('handler') ?? null, program))) return 'request';
  if (!exported.has('default')) return null;
  const value = resolve(exported.get('default') ?? null, program);
  if (value === null) return 'request';
  if (isFunction(value)) return 'named';
  return canBeFunction(value) || value.type === 'ObjectExpression' ? 'request' : null;
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

/** The names that a destructuring pattern declares; what they hold only running it can tell. */
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

/** The declaration behind a name, as far as it stands at the top of the module and is never assigned again. */
function resolve(node: acorn.AnyNode | null, program: acorn.Program): acorn.AnyNode | null {
  if (node?.type !== 'Identifier') return node;
  for (const outer of program.body) {
    const statement = outer.type === 'ExportNamedDeclaration' ? outer.declaration : outer;
    if (statement?.type === 'FunctionDeclaration' && statement.id?.name === node.name) return statement;
    if (statement?.type !== 'VariableDeclaration' || statement.kind !== 'const') continue;
    const declared = statement.declarations.find(({ id }) => id.type === 'Identifier' && id.name === node.name);
    if (declared) return declared.init ?? null;
  }
  return null;
}

const isFunction = (node: acorn.AnyNode): boolean =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

/** False only for what certainly cannot be called. */
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

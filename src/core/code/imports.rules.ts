import type { AnyNode, ImportAttribute } from 'acorn';
import type { Issue } from '../../kernel/errors';
import { nodesOf, type PlacedNode } from './javascript.rules';
import { LIBRARIES, NODE_MODULES } from './libraries';
import { sourceIssue } from './source-issue.rules';

/** An import that is not allowed. `start` is its offset in the source, in UTF-16 units. */
interface ImportIssue extends Issue {
  start: number;
}
/** The libraries that a source imports, sorted, and every import that is not allowed, in the order of the source. */
export interface Imports {
  libraries: string[];
  issues: ImportIssue[];
}

const LIBRARY = new Set<string>(LIBRARIES);
const NODE = new Set<string>(NODE_MODULES);

/**
 * Finds what a program imports, statically or by `import()`, at any depth. One rule for handlers, `code` steps of workflows and JavaScript
 * operations of graphs: the libraries of Portico, and the allowed modules of Node. The program was parsed with `locations`.
 */
export function readImports(program: AnyNode): Imports {
  const libraries = new Set<string>();
  const issues: ImportIssue[] = [];
  const refuse = (node: AnyNode, message: string): void =>
    void issues.push({ start: node.start, ...sourceIssue('import', message, node.loc!.start) });
  const nodes = nodesOf(program);
  for (const { node } of nodes) {
    const imported = importOf(node);
    if (imported === null) continue;
    const message = imported.issue ?? (isProvided(imported.specifier) ? null : renderUnprovided(imported.specifier));
    if (message !== null) refuse(node, message);
    else if (LIBRARY.has(imported.specifier)) libraries.add(imported.specifier);
  }
  for (const node of requires(nodes)) refuse(node, 'require() is not available; use import');
  return { libraries: [...libraries].sort(), issues: issues.toSorted((a, b) => a.start - b.start) };
}

/** Finds calls of `require`, unless the program declares that name or tests whether it exists. */
function requires(nodes: readonly PlacedNode[]): AnyNode[] {
  const named = nodes.filter(({ node }) => node.type === 'Identifier' && node.name === 'require');
  const isCalled = ({ node, parent }: PlacedNode): boolean =>
    parent.type === 'CallExpression' && parent.callee === node;
  return named.every(isCalled) ? named.map(({ node }) => node) : [];
}

type Found = { specifier: string; issue: string | null } | null;

function importOf(node: AnyNode): Found {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return { specifier: String(node.source.value), issue: attributesIssue(node.attributes) };
    case 'ExportNamedDeclaration':
      return node.source ? { specifier: String(node.source.value), issue: attributesIssue(node.attributes) } : null;
    case 'ImportExpression': {
      const { source, options } = node;
      if (source.type !== 'Literal' || typeof source.value !== 'string')
        return { specifier: '', issue: 'import() requires a literal name' };
      return { specifier: source.value, issue: options ? ATTRIBUTES : null };
    }
    default:
      return null;
  }
}

const ATTRIBUTES = 'import attributes (`with`) are not supported';
const attributesIssue = (attributes: ImportAttribute[]): string | null => (attributes.length > 0 ? ATTRIBUTES : null);

/** Returns whether the runtime provides a module to user code. */
export const isProvided = (specifier: string): boolean =>
  LIBRARY.has(specifier) || NODE.has(specifier.replace(/^node:/, ''));

/** Returns the message of an import that the runtime does not provide. */
export function renderUnprovided(specifier: string): string {
  const shown = specifier.slice(0, 100);
  return specifier.startsWith('node:')
    ? `module "${shown}" is not available; of Node's modules you may import ${NODE_MODULES.join(', ')}`
    : `module "${shown}" is not available; you may import ${LIBRARIES.join(', ')}, and modules of Node such as node:crypto`;
}

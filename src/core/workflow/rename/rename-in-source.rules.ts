import type { AnyNode, Identifier } from 'acorn';
import { memberName, nodesOf, parseJavaScript } from '../../code/javascript.rules';

export interface IdentifierUse {
  node: Identifier;
  parent: AnyNode;
}

/**
 * Renames `params.<from>` to `params.<to>` in the JavaScript of a code step. `unsure` is the reason for a manual review, or null. Does
 * not change code that declares its own `params`, where the two could be confused.
 */
export function renameInSource(text: string, from: string, to: string): { text: string; unsure: string | null } {
  const program = parseJavaScript(text);
  if (program === null) return { text, unsure: /\bparams\b/.test(text) ? 'does not parse' : null };
  const uses = findUses(program, 'params');
  if (uses.some(isDeclaration)) return { text, unsure: 'declares its own params' };
  const members = uses.flatMap(({ node, parent }) =>
    parent.type === 'MemberExpression' && parent.object === node ? [parent] : [],
  );
  const hits = members.filter((member) => memberName(member) === from).toSorted((a, b) => b.start - a.start);
  const after = hits.reduce(
    (result, { property, computed, optional }) =>
      replaceMember(result, { start: property.start, end: property.end, computed }, optional, to),
    text,
  );
  const known = members.filter((member) => memberName(member) !== null).length;
  return { text: after, unsure: known < uses.length ? 'uses params as a whole or by a computed name' : null };
}

/** Finds every use of a name as a variable, not as the name of a field. */
const findUses = (root: AnyNode, name: string): IdentifierUse[] =>
  nodesOf(root).flatMap(({ node, parent }) =>
    node.type === 'Identifier' && node.name === name && !isFieldName(node, parent) ? [{ node, parent }] : [],
  );

/** Returns whether an identifier names a field, not a variable. */
export function isFieldName(node: Identifier, parent: AnyNode): boolean {
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed;
  if (parent.type === 'Property') return parent.key === node && !parent.computed && !parent.shorthand;
  return (
    (parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition') &&
    parent.key === node &&
    !parent.computed
  );
}

/** Returns whether an identifier declares a variable. */
export function isDeclaration({ node, parent }: IdentifierUse): boolean {
  switch (parent.type) {
    case 'VariableDeclarator':
      return parent.id === node;
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return parent.body !== (node as AnyNode);
    case 'ArrayPattern':
    case 'RestElement':
    case 'CatchClause':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return true;
    case 'AssignmentPattern':
      return parent.left === node;
    // Fields of patterns and of literals look alike here; `{ params }` in a literal is rare enough to ask for a review.
    case 'Property':
      return true;
    default:
      return false;
  }
}

const isIdentifier = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

/** Replaces the name of a member. A name that is not an identifier needs brackets, which also replace the dot. */
export function replaceMember(
  text: string,
  member: { start: number; end: number; computed: boolean },
  optional: boolean,
  to: string,
): string {
  const tail = text.slice(member.end);
  if (member.computed) return text.slice(0, member.start) + JSON.stringify(to) + tail;
  if (isIdentifier(to)) return text.slice(0, member.start) + to + tail;
  const head = text.slice(0, member.start).replace(optional ? /\?\.\s*$/ : /\.\s*$/, '');
  return `${head}${optional ? '?.' : ''}[${JSON.stringify(to)}]${tail}`;
}

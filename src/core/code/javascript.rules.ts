import { parse, type AnyNode, type MemberExpression } from 'acorn';

/** A node of a program with its parent; the program is its own parent. */
export interface PlacedNode {
  node: AnyNode;
  parent: AnyNode;
}

/** Parses a module, or the body of an async function. Returns null when it does not parse. */
export function parseJavaScript(text: string): AnyNode | null {
  try {
    return parse(text, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      locations: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
    });
  } catch {
    return null;
  }
}

/** Returns every node of a program. No recursion: a source may nest deeper than the stack. */
export function nodesOf(root: AnyNode): PlacedNode[] {
  const found: PlacedNode[] = [];
  const open: PlacedNode[] = [{ node: root, parent: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    for (const child of childrenOf(next.node)) open.push({ node: child, parent: next.node });
  }
  return found;
}

/** Returns the children of a node. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const isNode = (value: unknown): value is AnyNode =>
    typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
  return Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

/** Returns the name of the member that is read, or null when it is computed. */
export function memberName({ property, computed }: MemberExpression): string | null {
  if (!computed) return property.type === 'Identifier' ? property.name : null;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : null;
}

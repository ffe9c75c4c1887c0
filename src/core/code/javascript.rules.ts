import { parse, type AnyNode, type MemberExpression } from 'acorn';

/** A node of a program with the node that it stands in; the program stands in itself. */
export interface PlacedNode {
  node: AnyNode;
  parent: AnyNode;
}

/** JavaScript as a tree, also the body of an async function alone; null when it does not parse. */
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

/** Every node of a program, without recursion: a source may nest deeper than a stack. */
export function nodesOf(root: AnyNode): PlacedNode[] {
  const found: PlacedNode[] = [];
  const open: PlacedNode[] = [{ node: root, parent: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    for (const child of childrenOf(next.node)) open.push({ node: child, parent: next.node });
  }
  return found;
}

/** The nodes right below one. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const isNode = (value: unknown): value is AnyNode =>
    typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
  return Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

/** The name of the member that is read, where the source spells it out; null for a computed one. */
export function memberName({ property, computed }: MemberExpression): string | null {
  if (!computed) return property.type === 'Identifier' ? property.name : null;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : null;
}

import type { ValidationCode, ValidationIssue } from '../validate/validation.rules';

/** One issue of a graph, at its node. */
export interface GraphIssue {
  /** null: the graph itself. */
  nodeId: string | null;
  part: 'graph' | 'node' | 'input' | 'property';
  /** Of the input or property; else an id. */
  name: string;
  code: ValidationCode;
  message: string;
}

const MESSAGES: Record<ValidationCode, string> = {
  IN_DEPENDENTS: 'has issues',
  MISSING_PARAMETER: 'required',
  EMPTY_GRAPH: 'has no nodes',
  MISSING_INPUT: 'needs more links',
  MINIMUM_COUNT_MUST_NOT_BE_NEGATIVE: 'min_count must not be negative',
  MINIMUM_COUNT_MUST_BE_GREATER_THAN_MAXIMUM: 'min_count must not be greater than max_count',
  MAXIMUM_COUNT_MUST_NOT_BE_ZERO: 'max_count must not be 0',
  DEPRECATED_NODE: 'is deprecated and can no longer run: upgrade or replace it',
  CYCLE_DETECTED: 'is part of a cycle',
  DANGLING_LINK: 'has a link to an output that does not exist',
  INCOMPATIBLE_TYPES: 'has a link of a type that it does not accept',
  TOO_MANY_VALUES: 'has more links than it accepts',
  DUPLICATE_NODE_ID: 'has the id of another node',
  TOO_MANY_NODES: 'has more than 1,000 operations',
};

const MAX_LISTED = 100;

/** Returns the leaves of a tree of issues, in its order: at most 100. */
export function toIssueList(root: ValidationIssue | undefined): GraphIssue[] {
  const found: GraphIssue[] = [];
  const walk = ({ target, object, code, children }: ValidationIssue, nodeId: string | null): void => {
    if (found.length >= MAX_LISTED) return;
    const inside = target === 'NODE' ? object : nodeId;
    if (children.length === 0) {
      const part = target.toLowerCase() as GraphIssue['part'];
      found.push({ nodeId: inside, part, name: object, code, message: MESSAGES[code] });
    }
    for (const child of children) walk(child, inside);
  };
  if (root) walk(root, null);
  return found;
}

interface Placed {
  _id: string;
  inputs: readonly { name: string }[];
}

/** Returns the same with pointers into the document: `#/nodes/3/inputs/0`. */
export function toPointedIssues(
  { nodes }: { nodes: readonly Placed[] },
  root: ValidationIssue | undefined,
): { pointer: string; code: string; message: string }[] {
  const places = new Map(nodes.map((node, at) => [node._id, { node, at }]));
  return toIssueList(root).map(({ nodeId, part, name, code, message }) => {
    const place = nodeId === null ? undefined : places.get(nodeId);
    const at = place ? `#/nodes/${place.at}` : '#';
    const input = part === 'input' ? place?.node.inputs.findIndex((one) => one.name === name) : undefined;
    const below = part === 'property' && name !== nodeId && !/^[0-9a-f]{24}$/.test(name) ? `/${name}` : '';
    const pointer = input === undefined ? `${at}${below}` : `${at}/inputs/${input}`;
    return { pointer, code: code.toLowerCase(), message };
  });
}

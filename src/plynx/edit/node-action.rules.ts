import type { Node, NodeStatus } from '../document/node.schema';
import { validateNode } from '../validate/validate-node.rules';
import type { ValidationIssue } from '../validate/validation.rules';

/** Actions on an operation or file. */
const NODE_ACTIONS = ['SAVE', 'APPROVE', 'VALIDATE', 'DEPRECATE', 'MANDATORY_DEPRECATE', 'PREVIEW_CMD'] as const;

/** Effect of an action: `save` the node, show its command, or none. `refused` and `invalid` are ordinary results. */
export type NodeActionPlan =
  | { kind: 'refused'; message: string }
  | { kind: 'invalid'; error: ValidationIssue }
  | { kind: 'save'; node: Node }
  | { kind: 'preview' }
  | { kind: 'valid' };

/** Returns true when an action is for the author alone. */
export const isForAuthor = (action: string): boolean => action !== 'VALIDATE' && action !== 'PREVIEW_CMD';

/**
 * Plans one action on a posted node. `stored` is the node under its id, if any: its status counts beside the posted one, so that an
 * approved operation never changes, whatever status a client posts.
 */
export function planNodeAction(action: string, posted: Node, stored: Node | undefined): NodeActionPlan {
  const known = NODE_ACTIONS.find((one) => one === action);
  if (!known) return { kind: 'refused', message: `Unknown action \`${action}\`` };
  switch (known) {
    case 'SAVE':
      return planSave(posted, stored);
    case 'APPROVE':
      return planApprove(posted, stored);
    case 'VALIDATE': {
      const error = validateNode(posted);
      return error ? { kind: 'invalid', error } : { kind: 'valid' };
    }
    case 'DEPRECATE':
      return planDeprecate(posted, stored, 'DEPRECATED');
    case 'MANDATORY_DEPRECATE':
      return planDeprecate(posted, stored, 'MANDATORY_DEPRECATED');
    case 'PREVIEW_CMD':
      return { kind: 'preview' };
  }
}

const approvedStatus = (...nodes: (Node | undefined)[]): NodeStatus | undefined =>
  nodes.find((node) => node && node.node_status !== 'CREATED')?.node_status;

// A file is READY from the start and may still be renamed.
function planSave(posted: Node, stored: Node | undefined): NodeActionPlan {
  const isFile = posted.base_node_name === 'file' && (stored?.base_node_name ?? 'file') === 'file';
  const status = isFile ? undefined : approvedStatus(posted, stored);
  if (status) return { kind: 'refused', message: `Cannot save node with status \`${status}\`` };
  return { kind: 'save', node: unstarred(posted) };
}

function planApprove(posted: Node, stored: Node | undefined): NodeActionPlan {
  const status = approvedStatus(posted, stored);
  if (status) return { kind: 'refused', message: `Node status \`CREATED\` expected. Found \`${status}\`` };
  const error = validateNode(posted);
  return error ? { kind: 'invalid', error } : { kind: 'save', node: { ...unstarred(posted), node_status: 'READY' } };
}

// Only the status and the successor come from the client: graphs and cached results rely on the approved rest.
function planDeprecate(posted: Node, stored: Node | undefined, status: NodeStatus): NodeActionPlan {
  if (!stored || posted.node_status === 'CREATED' || stored.node_status === 'CREATED') {
    return { kind: 'refused', message: 'Node status `CREATED` not expected.' };
  }
  return { kind: 'save', node: { ...stored, node_status: status, successor_node: posted.successor_node } };
}

const unstarred = (node: Node): Node => ({ ...node, starred: false });

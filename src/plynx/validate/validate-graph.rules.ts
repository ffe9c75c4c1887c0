import type { Graph } from '../document/graph.schema';
import { acceptsType, nodesOnCycles, topologyOf } from '../document/topology.rules';
import type { Node, NodeInputSlot } from '../document/node.schema';
import { nodeIssues } from './validate-node.rules';
import { inDependents, validationIssue, type ValidationIssue } from './validation.rules';

/**
 * Maximum of operations in one graph. A run is one Cloudflare Workflow with a step for each, and a second one after a failure of the platform,
 * of at most 10,000 [Cloudflare's limit]. Files are not steps and do not count.
 */
export const MAX_OPERATIONS = 1000;

/** Returns the issues of a graph as a tree: its own properties, then one entry per invalid node in the order of the document. */
export function validateGraph(graph: Graph): ValidationIssue | undefined {
  const found: ValidationIssue[] = [];
  if (graph.title === '') found.push(validationIssue('PROPERTY', 'title', 'MISSING_PARAMETER'));
  if (graph.description === '') found.push(validationIssue('PROPERTY', 'description', 'MISSING_PARAMETER'));
  if (graph.nodes.length === 0) found.push(validationIssue('PROPERTY', graph._id, 'EMPTY_GRAPH'));
  if (graph.nodes.filter((node) => node.node_running_status !== 'STATIC').length > MAX_OPERATIONS) {
    found.push(validationIssue('PROPERTY', graph._id, 'TOO_MANY_NODES'));
  }
  return inDependents('GRAPH', graph._id, [...found, ...issuesByNode(graph.nodes)]);
}

function issuesByNode(nodes: Node[]): ValidationIssue[] {
  const onCycle = nodesOnCycles(topologyOf(nodes));
  const byId = new Map<string, Node>();
  const repeated = new Set<string>();
  for (const node of nodes) {
    if (byId.has(node._id)) repeated.add(node._id);
    else byId.set(node._id, node);
  }
  return nodes.flatMap((node, at) => {
    const found = nodeIssues(node);
    for (const input of node.inputs) found.push(...linkIssues(input, byId));
    if (onCycle.has(at)) found.push(validationIssue('NODE', node._id, 'CYCLE_DETECTED'));
    if (repeated.has(node._id)) found.push(validationIssue('NODE', node._id, 'DUPLICATE_NODE_ID'));
    return inDependents('NODE', node._id, found) ?? [];
  });
}

// One issue of a kind per input, for any number of its links.
function linkIssues(input: NodeInputSlot, byId: Map<string, Node>): ValidationIssue[] {
  const codes = new Set<'DANGLING_LINK' | 'INCOMPATIBLE_TYPES' | 'TOO_MANY_VALUES'>();
  for (const link of input.values) {
    const output = byId.get(link.node_id)?.outputs.find(({ name }) => name === link.output_id);
    if (!output) codes.add('DANGLING_LINK');
    else if (!acceptsType(input, output)) codes.add('INCOMPATIBLE_TYPES');
  }
  if (input.max_count > 0 && input.values.length > input.max_count) codes.add('TOO_MANY_VALUES');
  return [...codes].map((code) => validationIssue('INPUT', input.name, code));
}

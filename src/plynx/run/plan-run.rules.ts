import type { Graph, GraphStatus } from '../document/graph.schema';
import type { Node, NodeRunningStatus } from '../document/node.schema';

/** Progress of a placed node in a run, and its results: resource ids by the name of the output or log. */
export interface NodeRun {
  status: NodeRunningStatus;
  outputs: Record<string, string>;
  logs: Record<string, string>;
  /** The source of a result that was restored from the cache. */
  cacheUrl?: string;
}

/** The run of a graph, by placement id. Absent nodes have not started. The graph itself stays as approved. */
export type RunState = ReadonlyMap<string, NodeRun>;

/**
 * The next step: start these nodes, wait for those in flight, or finish with this status. The list of nodes to start is never empty.
 */
export type NextStep =
  | { kind: 'start'; nodeIds: string[] }
  | { kind: 'wait' }
  | { kind: 'finish'; status: 'SUCCESS' | 'FAILED' };

/** A request may have four distinct isolates in flight on Cloudflare. */
export const MAX_IN_FLIGHT = 4;

const GAVE_RESULT: readonly NodeRunningStatus[] = ['STATIC', 'SUCCESS', 'RESTORED'];
const IN_FLIGHT: readonly NodeRunningStatus[] = ['IN_QUEUE', 'RUNNING'];

/** The status of a node in a run. */
const statusIn = (node: Node, run: RunState): NodeRunningStatus =>
  run.get(node._id)?.status ?? node.node_running_status;

/**
 * Plans the next step of a run. A node is ready when all its producers have a result. After a failure no node starts, running nodes may end,
 * and then the graph has failed. Expects a graph that passed validation.
 */
export function planNextStep(graph: Graph, run: RunState, most = MAX_IN_FLIGHT): NextStep {
  const statuses = new Map(graph.nodes.map((node) => [node._id, statusIn(node, run)]));
  const all = [...statuses.values()];
  const inFlight = all.filter((status) => IN_FLIGHT.includes(status)).length;
  const failed = all.includes('FAILED') || all.includes('CANCELED');
  const ready = failed ? [] : graph.nodes.filter((node) => isReady(node, statuses));
  const nodeIds = ready.slice(0, Math.max(0, most - inFlight)).map((node) => node._id);
  if (nodeIds.length > 0) return { kind: 'start', nodeIds };
  if (inFlight > 0) return { kind: 'wait' };
  return { kind: 'finish', status: all.every((status) => GAVE_RESULT.includes(status)) ? 'SUCCESS' : 'FAILED' };
}

function isReady(node: Node, statuses: ReadonlyMap<string, NodeRunningStatus>): boolean {
  if (statuses.get(node._id) !== 'CREATED') return false;
  return node.inputs.every(({ values }) =>
    values.every(({ node_id }) => GAVE_RESULT.includes(statuses.get(node_id) ?? 'FAILED')),
  );
}

/** Returns the status of a graph whose run has not finished. */
export const liveStatus = (graph: Graph, run: RunState): GraphStatus =>
  graph.nodes.some((node) => statusIn(node, run) === 'FAILED') ? 'FAILED_WAITING' : 'RUNNING';

/** Returns the run after a cancel: nodes in flight are CANCELED, nodes that had not started stay CREATED. */
export const canceledRun = (run: RunState): RunState =>
  new Map(
    Array.from(run, ([id, node]) => [id, IN_FLIGHT.includes(node.status) ? { ...node, status: 'CANCELED' } : node]),
  );

/**
 * Returns the run after its machine was lost: nodes in flight restart, finished ones are not repeated.
 */
export const resumedRun = (run: RunState): RunState =>
  new Map([...run].filter(([, node]) => !IN_FLIGHT.includes(node.status)));

/** Returns the node with the resources of its producers in its links, ready for its job and its cache key. */
export function withInputs(node: Node, graph: Graph, run: RunState): Node {
  const byId = new Map(graph.nodes.map((one) => [one._id, one]));
  return fillLinks(node, byId, run);
}

function fillLinks(node: Node, byId: ReadonlyMap<string, Node>, run: RunState): Node {
  const inputs = node.inputs.map((input) => ({
    ...input,
    values: input.values.map((link) => ({ ...link, resource_id: resourceOf(link, byId, run) ?? link.resource_id })),
  }));
  return { ...node, inputs };
}

function resourceOf(
  { node_id, output_id }: Node['inputs'][number]['values'][number],
  byId: ReadonlyMap<string, Node>,
  run: RunState,
): string | null | undefined {
  const left = run.get(node_id)?.outputs;
  if (left && Object.hasOwn(left, output_id)) return left[output_id];
  return byId.get(node_id)?.outputs.find(({ name }) => name === output_id)?.resource_id;
}

/** Merges the state of the run into the approved document, for reads during and after the run. */
export function overlayRun(graph: Graph, run: RunState): Graph {
  const byId = new Map(graph.nodes.map((one) => [one._id, one]));
  const nodes = graph.nodes.map((node) => {
    const state = run.get(node._id);
    if (!state) return node;
    const { status, outputs, logs, cacheUrl = node.cache_url } = state;
    return {
      ...fillLinks(node, byId, run),
      node_running_status: status,
      cache_url: cacheUrl,
      outputs: filled(node.outputs, outputs),
      logs: filled(node.logs, logs),
    };
  });
  return { ...graph, nodes };
}

const filled = (list: Node['outputs'], ids: Record<string, string>): Node['outputs'] =>
  list.map((one) => (Object.hasOwn(ids, one.name) ? { ...one, resource_id: ids[one.name]! } : one));

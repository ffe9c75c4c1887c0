import { arrangeGraph } from './arrange.rules';
import { asNotRun, cloneGraph } from './clone-graph.rules';
import { generateCode } from './generate-code.rules';
import type { Graph, GraphStatus } from '../document/graph.schema';
import { type StoredNodes, upgradeNodes } from './upgrade-nodes.rules';
import { validateGraph } from '../validate/validate-graph.rules';
import type { ValidationIssue } from '../validate/validation.rules';

/** Actions on a graph, alone or several in a row. */
const GRAPH_ACTIONS = [
  'SAVE',
  'APPROVE',
  'VALIDATE',
  'REARRANGE',
  'UPGRADE_NODES',
  'CANCEL',
  'GENERATE_CODE',
  'CLONE',
] as const;
type GraphAction = (typeof GRAPH_ACTIONS)[number];

const OPEN_TO_ALL: readonly string[] = ['VALIDATE', 'REARRANGE', 'UPGRADE_NODES', 'GENERATE_CODE', 'CLONE'];

/** Returns true when one of these actions is for the author alone; unknown actions are. */
export const needsAuthor = (actions: readonly string[]): boolean =>
  actions.some((action) => !OPEN_TO_ALL.includes(action));

/** Input of an action beside the posted graph. */
export interface GraphActionInput {
  graph: Graph;
  /** The stored graph's status; undefined when nothing is stored under this id. */
  storedStatus: GraphStatus | undefined;
  /** The stored nodes that `nodesToRead` named; only UPGRADE_NODES reads them. */
  stored: StoredNodes;
  clone: { id: string; author: string };
}

/**
 * Effect of an action: `save` the graph, `start` it (save it, then run it), `cancel` its run, store it as a new one (`create`), or `none`.
 * `refused` stops the row of actions; `unusable` is a graph that the action cannot process; after `invalid` the row continues.
 */
export type GraphActionPlan =
  | { kind: 'refused' | 'unusable'; message: string }
  | { kind: 'invalid'; error: ValidationIssue }
  | { kind: 'done'; graph: Graph; effect: GraphEffect; code?: string; upgraded?: number };
export type GraphEffect = 'none' | 'save' | 'start' | 'cancel' | 'create';

/** Plans one action. Of the posted graph's status and the stored one, the stricter counts. */
export function planGraphAction(action: string, input: GraphActionInput): GraphActionPlan {
  const known = GRAPH_ACTIONS.find((one) => one === action);
  return known ? PLANS[known](input) : { kind: 'refused', message: `Unknown action \`${action}\`` };
}

const done = (graph: Graph, effect: GraphEffect = 'none'): GraphActionPlan => ({ kind: 'done', graph, effect });
const refused = (message: string): GraphActionPlan => ({ kind: 'refused', message });

/** Returns the status that makes a graph read-only, or undefined while it can be changed. */
export const frozenStatus = (...statuses: (GraphStatus | undefined)[]): GraphStatus | undefined =>
  statuses.find((status) => status !== undefined && status !== 'CREATED');

/** PLynx's message for a change of a graph that is no longer CREATED. */
export const frozenMessage = (status: GraphStatus): string => `Cannot save graph with status \`${status}\``;

const PLANS: Record<GraphAction, (input: GraphActionInput) => GraphActionPlan> = {
  SAVE({ graph, storedStatus }) {
    const frozen = frozenStatus(graph.graph_running_status, storedStatus);
    return frozen ? refused(frozenMessage(frozen)) : done(graph, 'save');
  },
  APPROVE({ graph, storedStatus }) {
    const frozen = frozenStatus(graph.graph_running_status, storedStatus);
    if (frozen) return refused(`Graph status \`CREATED\` expected. Found \`${frozen}\``);
    const error = validateGraph(graph);
    if (error) return { kind: 'invalid', error };
    // A run starts with no results: nodes that a client posts as finished have not run here.
    return done({ ...graph, graph_running_status: 'READY', nodes: graph.nodes.map(asApproved) }, 'start');
  },
  VALIDATE({ graph }) {
    const error = validateGraph(graph);
    return error ? { kind: 'invalid', error } : done(graph);
  },
  REARRANGE({ graph }) {
    const arranged = arrangeGraph(graph);
    return arranged.kind === 'refused' ? { kind: 'unusable', message: arranged.message } : done(arranged.graph);
  },
  UPGRADE_NODES({ graph, stored }) {
    const upgraded = upgradeNodes(graph, stored);
    if (upgraded.kind === 'refused') return { kind: 'unusable', message: upgraded.message };
    return { kind: 'done', graph: upgraded.graph, effect: 'none', upgraded: upgraded.count };
  },
  CANCEL({ graph, storedStatus }) {
    const status = storedStatus ?? graph.graph_running_status;
    const running = status === 'RUNNING' || status === 'FAILED_WAITING';
    return running ? done(graph, 'cancel') : refused(`Graph status \`RUNNING\` expected. Found \`${status}\``);
  },
  GENERATE_CODE({ graph }) {
    const generated = generateCode(graph);
    if (generated.kind === 'refused') return { kind: 'unusable', message: generated.message };
    return { kind: 'done', graph, effect: 'none', code: generated.code };
  },
  CLONE: ({ graph, clone }) => done(cloneGraph(graph, clone), 'create'),
};

// "" where a clone has null: PLynx's saved documents have it for a link without a result.
function asApproved(node: Graph['nodes'][number]): Graph['nodes'][number] {
  const fresh = asNotRun(node);
  const inputs = fresh.inputs.map((input) => ({
    ...input,
    values: input.values.map((link) => ({ ...link, resource_id: '' })),
  }));
  return { ...fresh, inputs, cache_url: '' };
}

import { arrangeGraph } from './arrange.rules';
import { asNotRun, cloneGraph } from './clone-graph.rules';
import { generateCode } from './generate-code.rules';
import type { Graph, GraphStatus } from '../document/graph.schema';
import { type StoredNodes, upgradeNodes } from './upgrade-nodes.rules';
import { validateGraph } from '../validate/validate-graph.rules';
import type { ValidationIssue } from '../validate/validation.rules';

/** What a client may ask of a graph, alone or several in a row. */
export const GRAPH_ACTIONS = [
  'SAVE',
  'APPROVE',
  'VALIDATE',
  'REARRANGE',
  'UPGRADE_NODES',
  'CANCEL',
  'GENERATE_CODE',
  'CLONE',
] as const;
export type GraphAction = (typeof GRAPH_ACTIONS)[number];

const OPEN_TO_ALL: readonly string[] = ['VALIDATE', 'REARRANGE', 'UPGRADE_NODES', 'GENERATE_CODE', 'CLONE'];

/** Whether these actions are for the author alone. One such action in the row is enough; unknown ones count as such. */
export const needsAuthor = (actions: readonly string[]): boolean =>
  actions.some((action) => !OPEN_TO_ALL.includes(action));

/** What an action may look at beside the graph that was posted. */
export interface GraphActionInput {
  graph: Graph;
  /** The stored graph's status; undefined when nothing is stored under this id. */
  storedStatus: GraphStatus | undefined;
  /** The stored nodes that `nodesToRead` asked for; only UPGRADE_NODES looks. */
  stored: StoredNodes;
  clone: { id: string; author: string };
}

/**
 * What is to be done: `save` the graph, `start` it (save it, then run it), `cancel` its run, store it as a new one (`create`), or
 * `none`. `refused` stops the row of actions; `unusable` is a graph that the action cannot work on; after `invalid` the row goes on.
 */
export type GraphActionPlan =
  | { kind: 'refused' | 'unusable'; message: string }
  | { kind: 'invalid'; error: ValidationIssue }
  | { kind: 'done'; graph: Graph; effect: GraphEffect; code?: string; upgraded?: number };
export type GraphEffect = 'none' | 'save' | 'start' | 'cancel' | 'create';

/** Decides one action. Statuses are those of the posted graph and of the stored one: the stricter counts. */
export function planGraphAction(action: string, input: GraphActionInput): GraphActionPlan {
  const known = GRAPH_ACTIONS.find((one) => one === action);
  return known ? PLANS[known](input) : { kind: 'refused', message: `Unknown action \`${action}\`` };
}

const done = (graph: Graph, effect: GraphEffect = 'none'): GraphActionPlan => ({ kind: 'done', graph, effect });
const refused = (message: string): GraphActionPlan => ({ kind: 'refused', message });

/** The status that keeps a graph from being changed, or undefined while it may be. */
export const frozenStatus = (...statuses: (GraphStatus | undefined)[]): GraphStatus | undefined =>
  statuses.find((status) => status !== undefined && status !== 'CREATED');

/** What a client is told that changes a graph which is not CREATED any more. */
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
    // A run starts from nothing: what a client posts as finished has not run here.
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

// "" where a clone has null: what a saved document of PLynx has for a link that nothing came through yet.
function asApproved(node: Graph['nodes'][number]): Graph['nodes'][number] {
  const fresh = asNotRun(node);
  const inputs = fresh.inputs.map((input) => ({
    ...input,
    values: input.values.map((link) => ({ ...link, resource_id: '' })),
  }));
  return { ...fresh, inputs, cache_url: '' };
}

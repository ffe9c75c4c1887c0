import { emptyCommandWarnings } from '../run/empty-command.rules';
import type { Graph } from '../document/graph.schema';
import { type GraphActionInput, type GraphEffect, planGraphAction } from './graph-action.rules';
import type { ValidationIssue } from '../validate/validation.rules';

/** One thing to do, in the order of the actions. */
export interface GraphWrite {
  effect: Exclude<GraphEffect, 'none'>;
  graph: Graph;
}

/**
 * What a row of actions comes to. `writes` is to be done in every case: an action that is refused leaves what went before it done.
 * `error` is what VALIDATE or APPROVE found, and does not stop the row.
 */
export type GraphActionsPlan =
  | { kind: 'refused' | 'unusable'; message: string; writes: GraphWrite[] }
  | {
      kind: 'answered';
      graph: Graph;
      error: ValidationIssue | undefined;
      extras: { code?: string; upgraded?: number; newGraphId?: string };
      /** Of VALIDATE and APPROVE: what is allowed, and hardly meant. */
      warnings: string[];
      writes: GraphWrite[];
    };

/** Plans several actions, each on what the one before it left. After a clone the rest is about the clone. */
export function planGraphActions(actions: readonly string[], input: GraphActionInput): GraphActionsPlan {
  const writes: GraphWrite[] = [];
  const extras: { code?: string; upgraded?: number; newGraphId?: string } = {};
  let { graph, storedStatus } = input;
  let error: ValidationIssue | undefined;
  for (const action of actions) {
    const plan = planGraphAction(action, { ...input, graph, storedStatus });
    if (plan.kind === 'invalid') {
      error = plan.error;
      continue;
    }
    if (plan.kind !== 'done') return { ...plan, writes };
    graph = plan.graph;
    if (plan.code !== undefined) extras.code = plan.code;
    if (plan.upgraded !== undefined) extras.upgraded = plan.upgraded;
    if (plan.effect === 'none') continue;
    writes.push({ effect: plan.effect, graph });
    if (plan.effect === 'create') extras.newGraphId = graph._id;
    if (plan.effect !== 'cancel') storedStatus = graph.graph_running_status;
  }
  const isJudged = actions.some((action) => action === 'VALIDATE' || action === 'APPROVE');
  return {
    kind: 'answered',
    graph,
    error,
    extras,
    warnings: isJudged ? emptyCommandWarnings(graph.nodes) : [],
    writes,
  };
}

import { emptyCommandWarnings } from '../run/empty-command.rules';
import type { Graph } from '../document/graph.schema';
import { type GraphActionInput, type GraphEffect, planGraphAction } from './graph-action.rules';
import type { ValidationIssue } from '../validate/validation.rules';

/** One write, in the order of the actions. */
export interface GraphWrite {
  effect: Exclude<GraphEffect, 'none'>;
  graph: Graph;
}

/**
 * Plan of a row of actions. `writes` apply in every case: the actions before a refused one stay done. `error` is the result of VALIDATE or
 * APPROVE, and does not stop the row.
 */
export type GraphActionsPlan =
  | { kind: 'refused' | 'unusable'; message: string; writes: GraphWrite[] }
  | {
      kind: 'answered';
      graph: Graph;
      error: ValidationIssue | undefined;
      extras: { code?: string; upgraded?: number; newGraphId?: string };
      /** Of VALIDATE and APPROVE: valid, but probably unintended. */
      warnings: string[];
      writes: GraphWrite[];
    };

/** Plans several actions, each on the result of the one before it. After a clone, the rest applies to the clone. */
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

import type { Context } from '../../core/access/context';
import type { RunRecord } from '../../core/runs/run-log';
import { toStoredRun } from '../../core/runs/stored-run.rules';
import type { RunOutcome } from '../../core/runs/run.schema';
import { findGraph } from './find-graph';
import type { GraphStatus } from '../document/graph.schema';
import type { NodeRunningStatus } from '../document/node.schema';

const OUTCOMES: Partial<Record<GraphStatus, RunOutcome>> = {
  SUCCESS: 'success',
  FAILED: 'failed',
  CANCELED: 'interrupted',
};

const GAVE_RESULT: NodeRunningStatus[] = ['SUCCESS', 'RESTORED'];

/**
 * Writes the record of an ended run to the run history, with a step per node. One graph has one run: a second write changes nothing.
 * `reason`: why it ended without a failed node.
 */
export async function recordGraphRun(
  ctx: Pick<Context, 'store' | 'now' | 'runLog'>,
  graphId: string,
  reason?: { name: string; message: string },
): Promise<void> {
  const { row, graph } = await findGraph(ctx, graphId);
  const outcome = OUTCOMES[row.status];
  if (!outcome) return;
  const nodes = (await ctx.store.nodeRuns.of(graphId)).toSorted((a, b) => a.startedAt - b.startedAt);
  const titles = new Map(graph.nodes.map((node) => [node._id, node.title.slice(0, 200)]));
  const startedAt = nodes.reduce((first, node) => Math.min(first, node.startedAt), row.updatedAt);
  const steps = nodes.map((node) => ({
    id: node.nodeId,
    action: titles.get(node.nodeId) ?? 'node',
    outcome: GAVE_RESULT.includes(node.status) ? ('success' as const) : ('failed' as const),
    startedMs: node.startedAt - startedAt,
    durationMs: (node.endedAt ?? ctx.now()) - node.startedAt,
    output: { status: node.status },
  }));
  const record: RunRecord = {
    id: `run_${graphId}`,
    endpointId: row.endpointId ?? graphId,
    endpointPath: null,
    handlerVersion: null,
    handlerPath: null,
    kind: 'graph',
    outcome,
    status: null,
    startedAt,
    durationMs: row.updatedAt - startedAt,
    callerKind: 'user',
    callerId: row.ownerId,
    executorId: row.ownerId,
    errorCode: reason ? 'handler_error' : null,
    failedStep: null,
    calls: 1,
    detail: {
      timing: { authMs: 0, runMs: row.updatedAt - startedAt, afterMs: 0 },
      instance: { mode: 'graph', cold: false },
      request: { method: 'RUN', path: `graphs/${graphId}`, query: '', headers: {}, body: null, bytes: 0 },
      response: null,
      error: reason ? { code: 'handler_error', ...reason, stack: '' } : null,
      logs: [],
      steps,
      outbound: [],
      truncated: false,
    },
  };
  await ctx.runLog.append([toStoredRun(record)], true);
}

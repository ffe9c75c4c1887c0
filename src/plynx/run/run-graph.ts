import { createLogger } from '../../kernel/logger';
import type { Context } from '../../core/access/context';
import { findGraph, runStateOf } from './find-graph';
import { type NodeRun, planNextStep, resumedRun } from './plan-run.rules';
import { beginRun, continueRun, finishRun } from './run-lifecycle';
import { failNode } from './end-node';
import { type RunningGraph, runNode } from './run-node';
import { timeoutOf } from './job.rules';

const log = createLogger('plynx');

/** Does work once: when the machine is lost and the run restarts, completed work is not repeated; its stored result is returned. */
export interface RunSteps {
  /** Retries `work` when it throws; `timeoutMs` is for one attempt. Throws after the last attempt. */
  once: <T extends object | string | null>(name: string, timeoutMs: number, work: () => Promise<T>) => Promise<T>;
  /** Lets other work of the machine run first: a local service has one thread for its API and for all nodes. */
  yieldThread: () => Promise<void>;
  /** Number of the part that these steps belong to. */
  part: number;
  /** Returns the number of queries that this part has made of D1. */
  queries: () => number;
}

const SHORT_MS = 60_000;
/**
 * Milliseconds between reports of a live run; reap-stalled-runs.ts resumes those without. A node may take 10 hours: 600 of the 1,000 queries
 * that an invocation may make of D1.
 */
export const SIGN_OF_LIFE_MS = 60_000;
/**
 * Queries of D1 after which a part of a run starts no further node. All steps of a part are one invocation, which may make 1,000: the rest is
 * for the reports, and for the ends of the four nodes at work.
 */
export const MAX_QUERIES = 350;

/**
 * Runs an approved graph from where its run has come to, to its end: starts ready nodes, at most four at a time, until none is left or one
 * failed. Returns the status of the graph, or CONTINUES after it has started another part of the run for the rest. A step returns only ids of
 * files. May be called again at any time.
 */
export async function runGraph(ctx: Context, graphId: string, steps: RunSteps): Promise<string> {
  const timer = setInterval(() => {
    ctx.store.graphs.touch(graphId, ctx.now()).catch((error: unknown) => reportSilence(graphId, error));
  }, SIGN_OF_LIFE_MS);
  try {
    return await runToItsEnd(ctx, graphId, steps);
  } finally {
    clearInterval(timer);
  }
}

const reportSilence = (graphId: string, error: unknown): void =>
  log.warn('cannot report that a run is alive', { event: 'graph_run.heartbeat_failed', graphId, error });

async function runToItsEnd(ctx: Context, graphId: string, steps: RunSteps): Promise<string> {
  // The response to APPROVE is sent before the first node takes the thread.
  await steps.yieldThread();
  if ((await steps.once('begin', SHORT_MS, () => beginRun(ctx, graphId))) !== 'running') return 'CANCELED';
  const { row, graph } = await findGraph(ctx, graphId);
  const proceed = async (): Promise<string> => {
    await steps.once('continue', SHORT_MS, () => continueRun(ctx, graphId, steps.part));
    return 'CONTINUES';
  };
  // A machine was lost while this part handed over: the next one may run already.
  if (steps.part < row.part) return proceed();
  const byId = new Map(graph.nodes.map((node) => [node._id, node]));
  const run = new Map(resumedRun(runStateOf(await ctx.store.nodeRuns.of(graphId))));
  const running = { graph, ownerId: row.ownerId, run };
  const flight = new Map<string, Promise<void>>();
  const work = async (nodeId: string): Promise<void> => {
    await steps.yieldThread();
    run.set(nodeId, await runStep(ctx, running, nodeId, timeoutOf(byId.get(nodeId)!).ms + SHORT_MS, steps));
    flight.delete(nodeId);
  };
  for (;;) {
    const next = planNextStep(graph, run);
    if (next.kind === 'finish') return steps.once('finish', SHORT_MS, () => finishRun(ctx, graphId, next.status));
    const isSpent = next.kind === 'start' && steps.queries() >= MAX_QUERIES;
    if (isSpent && flight.size === 0) return proceed();
    if (isSpent || next.kind === 'wait') {
      await Promise.race(flight.values());
      continue;
    }
    for (const nodeId of next.nodeIds) {
      run.set(nodeId, { status: 'RUNNING', outputs: {}, logs: {} });
      flight.set(nodeId, work(nodeId));
    }
  }
}

async function runStep(
  ctx: Context,
  running: RunningGraph,
  nodeId: string,
  timeoutMs: number,
  steps: RunSteps,
): Promise<NodeRun> {
  try {
    return await steps.once(`node ${nodeId}`, timeoutMs, () => runNode(ctx, running, nodeId));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return steps.once(`lost ${nodeId}`, SHORT_MS, () => failNode(ctx, running.graph._id, nodeId, reason));
  }
}

import type { Context } from '../../core/access/context';
import { fileKey } from '../files/file-key.rules';
import { cacheKeyText, isCacheable } from './cache-key.rules';
import { type Graph, nodeUrl } from '../document/graph.schema';
import type { Node } from '../document/node.schema';
import { commandOf } from './job.rules';
import { type NodeRun, type RunState, withInputs } from './plan-run.rules';
import { scriptLog } from './worker-log.rules';
import { endNode, finalRun } from './end-node';
import { executeNode, type Executed } from './execute-node';
import { keepLogs } from './live-logs';
import { sha256Hex } from '../../kernel/signed';

/** The log of the script and its end; the others are output of the operation itself. */
const WORKER = 'worker';

/** An approved graph, which never changes, and the state of its run. */
export interface RunningGraph {
  graph: Graph;
  ownerId: string;
  run: RunState;
}

/**
 * Runs one node of a running graph: reuses a cached result, or executes the operation and stores its results. Returns ids of files only.
 * A node that has ended does not run again. Throws when a store fails; the call can then be repeated.
 */
export async function runNode(ctx: Context, { graph, ownerId, run }: RunningGraph, nodeId: string): Promise<NodeRun> {
  const graphId = graph._id;
  const placed = graph.nodes.find(({ _id }) => _id === nodeId);
  if (!placed) throw new Error(`graph ${graphId} has no node ${nodeId}`);
  const node = withInputs(placed, graph, run);
  const hash = isCacheable(node) ? sha256Hex(cacheKeyText(node, ownerId)) : null;
  const restored = hash === null ? null : await restoreNode(ctx, graphId, nodeId, hash);
  if (restored) return restored;
  const names = node.logs.map(({ name }) => name);
  // A second attempt overwrites the logs of the first. Its outputs have ids of their own: the first may still be at work somewhere.
  const ids = new Map(node.outputs.map(({ name }) => [name, crypto.randomUUID() as string]));
  const first = {
    outputs: Object.fromEntries([...ids.values()].map((id) => [id, id])),
    logs: Object.fromEntries(names.filter((name) => name === WORKER).map((name) => [name, crypto.randomUUID()])),
  };
  const begun = await ctx.store.nodeRuns.start(graphId, nodeId, first, ctx.now());
  if (begun === null) return finalRun(ctx, graphId, nodeId);
  const { logs } = begun;
  if (logs[WORKER] !== undefined) await ctx.store.blobs.put(fileKey(logs[WORKER]), scriptLog(commandOf(node)), ownerId);
  const live = keepLogs(ctx, { graphId, nodeId, ownerId, names: names.filter((name) => name !== WORKER), logs });
  const executed = await executeNode(ctx, node, live.sink);
  const left = await keep(ctx, node, executed, { ids, logs: await live.close() }, ownerId);
  const ended = await endNode(ctx, graphId, nodeId, left, Object.values(begun.outputs));
  if (ended.status === 'SUCCESS' && hash !== null) {
    await ctx.store.nodeCache.add({ hash, graphId, nodeId, outputs: ended.outputs, logs: ended.logs }, ctx.now());
  }
  return ended;
}

/** Reuses a cached result; null when none exists, or the node may no longer run. */
async function restoreNode(ctx: Context, graphId: string, nodeId: string, hash: string): Promise<NodeRun | null> {
  const cached = await ctx.store.nodeCache.get(hash);
  if (!cached) return null;
  const { outputs, logs } = cached;
  const cacheUrl = nodeUrl(ctx.origin, cached.graphId, cached.nodeId);
  const isRestored = await ctx.store.nodeCache.restore({ graphId, nodeId, cacheUrl }, cached, ctx.now());
  return isRestored ? { status: 'RESTORED', outputs, logs, cacheUrl } : null;
}

/**
 * Stores the results of an operation, also after a failure, for inspection. `ids` has those of its outputs, `logs` those that were stored
 * while it ran.
 */
async function keep(
  ctx: Context,
  node: Node,
  { status, outputs, logs, workerText }: Executed,
  { ids, logs: begun }: { ids: ReadonlyMap<string, string>; logs: Record<string, string> },
  ownerId: string,
): Promise<NodeRun> {
  const put = async (bytes: Uint8Array<ArrayBuffer> | string, id: string = crypto.randomUUID()): Promise<string> => {
    await ctx.store.blobs.put(fileKey(id), bytes, ownerId);
    return id;
  };
  const run: NodeRun = { status, outputs: {}, logs: {} };
  for (const { name } of node.outputs) {
    const bytes = outputs.get(name);
    if (bytes) run.outputs[name] = await put(bytes, ids.get(name));
  }
  for (const { name } of node.logs) {
    const bytes = name === WORKER ? workerText : logs.get(name);
    const size = bytes?.length ?? 0;
    // An empty log has no file. Output of an operation before it was lost is stored as well.
    if (size > 0) run.logs[name] = await put(bytes!, begun[name]);
    else if (begun[name] !== undefined) run.logs[name] = begun[name];
  }
  return run;
}

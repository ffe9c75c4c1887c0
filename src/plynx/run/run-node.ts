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
  // A second attempt overwrites the logs of the first.
  const first = names.includes(WORKER) ? { [WORKER]: crypto.randomUUID() } : {};
  const logs = await ctx.store.nodeRuns.start(graphId, nodeId, first, ctx.now());
  if (logs === null) return finalRun(ctx, graphId, nodeId);
  if (logs[WORKER] !== undefined) await ctx.store.blobs.put(fileKey(logs[WORKER]), scriptLog(commandOf(node)), ownerId);
  const live = keepLogs(ctx, { graphId, nodeId, ownerId, names: names.filter((name) => name !== WORKER), logs });
  const executed = await executeNode(ctx, node, live.sink);
  const left = await keep(ctx, node, executed, await live.close(), ownerId);
  const ended = await endNode(ctx, graphId, nodeId, left);
  if (ended !== left) await removeUnnamed(ctx, left, ended);
  if (ended.status === 'SUCCESS' && hash !== null) {
    await ctx.store.nodeCache.add({ hash, graphId, nodeId, outputs: ended.outputs, logs: ended.logs }, ctx.now());
  }
  return ended;
}

/** Removes the files of an attempt that does not count, because the node was canceled or had ended: no row names them. */
async function removeUnnamed(ctx: Context, left: NodeRun, ended: NodeRun): Promise<void> {
  const named = new Set(filesOf(ended));
  const unnamed = filesOf(left).filter((id) => !named.has(id));
  if (unnamed.length > 0) await ctx.store.blobs.remove(unnamed.map(fileKey));
}

const filesOf = ({ outputs, logs }: NodeRun): string[] => [...Object.values(outputs), ...Object.values(logs)];

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
 * Stores the results of an operation, also after a failure, for inspection. `begun` has the ids of logs that were stored while it ran.
 */
async function keep(
  ctx: Context,
  node: Node,
  { status, outputs, logs, workerText }: Executed,
  begun: Record<string, string>,
  ownerId: string,
): Promise<NodeRun> {
  const put = async (bytes: Uint8Array<ArrayBuffer> | string, id: string = crypto.randomUUID()): Promise<string> => {
    await ctx.store.blobs.put(fileKey(id), bytes, ownerId);
    return id;
  };
  const run: NodeRun = { status, outputs: {}, logs: {} };
  for (const { name } of node.outputs) {
    const bytes = outputs.get(name);
    if (bytes) run.outputs[name] = await put(bytes);
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

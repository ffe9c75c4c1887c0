import type { Context } from '../../core/access/context';
import { fileKey, isFileId } from '../files/file-key.rules';
import { findGraph, runStateOf } from '../run/find-graph';
import type { GraphStatus } from '../document/graph.schema';
import type { Node } from '../document/node.schema';
import { overlayRun } from '../run/plan-run.rules';
import { exactUtf8 } from '../../kernel/encoding';

/** Result of an ended run, for callers: the outputs that no other node reads. */
export interface GraphAnswer {
  graph: string;
  status: GraphStatus;
  outputs: GraphOutput[];
}
interface GraphOutput {
  /** Title of the node, and the name of its output. */
  node: string;
  output: string;
  type: string;
  /** Id of the file. */
  file: string;
  bytes: number;
  /** The file's text; null when it is not UTF-8 or is longer than 64 KiB. */
  text: string | null;
}

const TEXT_BYTES = 65_536;
/** Maximum files in one response. */
const MAX_OUTPUTS = 50;

/** Statuses of a run that has ended. */
export const TERMINAL_STATUSES: GraphStatus[] = ['SUCCESS', 'FAILED', 'CANCELED'];

/** Returns true when the run has ended, with any status. */
export async function isOver(ctx: Pick<Context, 'store'>, id: string): Promise<boolean> {
  const row = await ctx.store.graphs.get(id);
  return row === undefined || TERMINAL_STATUSES.includes(row.status);
}

/** Returns the status of a run and its outputs. */
export async function answerOf(ctx: Pick<Context, 'store'>, id: string): Promise<GraphAnswer> {
  const [{ row, graph }, rows] = await Promise.all([findGraph(ctx, id), ctx.store.nodeRuns.of(id)]);
  const { nodes } = overlayRun(graph, runStateOf(rows));
  const outputs = leavesOf(nodes).flatMap((node) =>
    node.outputs.flatMap(({ name, file_type, resource_id }) =>
      resource_id !== null && isFileId(resource_id)
        ? [{ node: node.title, output: name, type: file_type, file: resource_id }]
        : [],
    ),
  );
  const read = outputs.slice(0, MAX_OUTPUTS).map(async (output) => {
    const found = await ctx.store.blobs.read(fileKey(output.file), TEXT_BYTES + 1);
    return { ...output, bytes: found?.size ?? 0, text: found && textOf(found.bytes) };
  });
  return { graph: id, status: row.status, outputs: await Promise.all(read) };
}

/** Returns the operations whose outputs no node reads. */
function leavesOf(nodes: Node[]): Node[] {
  const taken = new Set(
    nodes.flatMap(({ inputs }) => inputs.flatMap(({ values }) => values.map(({ node_id }) => node_id))),
  );
  return nodes.filter((node) => !taken.has(node._id) && node.node_running_status !== 'STATIC');
}

const textOf = (bytes: ArrayBuffer): string | null => (bytes.byteLength > TEXT_BYTES ? null : exactUtf8(bytes));

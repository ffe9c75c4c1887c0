import type { Graph } from '../document/graph.schema';
import type { Node } from '../document/node.schema';
import { levelsOf, nodesOnCycles, type Topology, topologyOf } from '../document/topology.rules';

/** Pixels of the editor's canvas. */
const LEFT = 30;
const TOP = 80;
const COLUMN_WIDTH = 252;
const ROW_GAP = 50;
const NODE_HEIGHT = 55;
const LINE_HEIGHT = 20;

/** The columns of a graph, sources first: positions in the node list, in the order of the rows. */
export type Columns = { kind: 'columns'; columns: number[][] } | { kind: 'refused'; message: string };

/** The graph with a position for every node, or the reason for none. */
export type Arranged = { kind: 'arranged'; graph: Graph } | { kind: 'refused'; message: string };

/**
 * Computes the column and row of each node. A node is one column left of its nearest consumer by the longest path, and in a column nodes
 * follow the order of their producers, then their ids: the same graph always gets the same layout.
 */
export function columnsOf(nodes: readonly Node[]): Columns {
  const topology = topologyOf(nodes);
  const refusal = refusalOf(nodes, topology);
  if (refusal) return { kind: 'refused', message: refusal };
  const levels = levelsOf(topology);
  const top = levels.reduce((most, level) => Math.max(most, level), 0);
  const columns: number[][] = Array.from({ length: top + 1 }, () => []);
  levels.forEach((level, at) => columns[top - level]!.push(at));

  const place = nodes.map(() => ({ column: 0, row: 0 }));
  columns.forEach((members, column) => {
    const keys = new Map(members.map((at) => [at, producerRows(topology.producers[at]!, place)]));
    members.sort(
      (a, b) => compareRows(keys.get(a)!, keys.get(b)!) || compareText(nodes[a]!._id, nodes[b]!._id) || a - b,
    );
    members.forEach((at, row) => (place[at] = { column, row }));
  });
  return { kind: 'columns', columns };
}

/** REARRANGE: sets new x and y for every node. A graph without nodes, with a cycle or with a dangling link has no layout. */
export function arrangeGraph(graph: Graph): Arranged {
  const found = columnsOf(graph.nodes);
  if (found.kind === 'refused') return found;
  const { columns } = found;
  const rowTops = [0];
  const rows = columns.reduce((most, members) => Math.max(most, members.length), 0);
  for (let row = 0; row < rows; row++) {
    const height = columns.reduce((most, members) => {
      const at = members[row];
      return at === undefined ? most : Math.max(most, heightOf(graph.nodes[at]!));
    }, 0);
    rowTops.push(rowTops[row]! + height + ROW_GAP);
  }
  const nodes = [...graph.nodes];
  columns.forEach((members, column) => {
    const inset = Math.floor((rowTops[rows]! - rowTops[members.length]!) / 2);
    members.forEach((at, row) => {
      nodes[at] = { ...nodes[at]!, x: LEFT + COLUMN_WIDTH * column, y: TOP + inset + rowTops[row]! };
    });
  });
  return { kind: 'arranged', graph: { ...graph, nodes } };
}

function refusalOf(nodes: readonly Node[], topology: Topology): string | undefined {
  if (nodes.length === 0) return 'The graph has no nodes';
  const [loose] = topology.dangling;
  if (loose) {
    return `Node \`${nodes[loose.consumer]!._id}\` has a link to \`${loose.link.node_id}\`, which is not in the graph`;
  }
  const [onCycle] = nodesOnCycles(topology);
  return onCycle === undefined ? undefined : `The graph has a cycle through node \`${nodes[onCycle]!._id}\``;
}

function heightOf({ inputs, outputs, parameters }: Node): number {
  const editors = parameters.filter(({ parameter_type, widget }) => parameter_type === 'code' && widget).length;
  return NODE_HEIGHT + LINE_HEIGHT * (Math.max(inputs.length, outputs.length) + editors);
}

type Place = { column: number; row: number };

// The first row of a producer in each column that has one, from the left. Columns without one are omitted: with a number for each column,
// a chain of n nodes would cost n * n.
function producerRows(producers: number[], place: Place[]): Place[] {
  const first = new Map<number, number>();
  for (const at of producers) {
    const { column, row } = place[at]!;
    first.set(column, Math.min(row, first.get(column) ?? row));
  }
  return Array.from(first, ([column, row]) => ({ column, row })).sort((a, b) => a.column - b.column);
}

// Treats a column without a producer as -1, which is less than any row.
function compareRows(a: Place[], b: Place[]): number {
  for (let i = 0; i < a.length || i < b.length; i++) {
    const [left, right] = [a[i], b[i]];
    if (!left || !right) return left ? 1 : -1;
    if (left.column !== right.column) return right.column - left.column;
    if (left.row !== right.row) return left.row - right.row;
  }
  return 0;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

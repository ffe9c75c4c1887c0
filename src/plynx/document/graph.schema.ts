import '../../kernel/issue-text.rules';
import * as z from 'zod';
import { listField, objectIdField, textField, wordField } from './coercion.schema';
import { type Node, NodeInput } from './node.schema';
import { newObjectId } from './object-id.rules';

/** A graph document, in PLynx 0.2.10's own form. */
export const GRAPH_STATUSES = [
  'CREATED',
  'READY',
  'RUNNING',
  'SUCCESS',
  'FAILED_WAITING',
  'FAILED',
  'CANCELED',
] as const;
export type GraphStatus = (typeof GRAPH_STATUSES)[number];

/** Parses a posted graph with PLynx's defaults and coercions. `_id` is null when the client chose none. */
const GraphInput = z.object({
  _id: objectIdField,
  title: textField('Title'),
  description: textField('Description'),
  graph_running_status: wordField(GRAPH_STATUSES, 'CREATED'),
  author: objectIdField,
  nodes: listField(NodeInput),
});

export type Graph = Omit<z.output<typeof GraphInput>, '_id' | 'nodes'> & { _id: string; nodes: Node[] };

/** Result of parsing a document. `message` is for the client and names the first issue. */
export type Parsed<T> = { kind: 'parsed'; value: T } | { kind: 'refused'; message: string };

/** Parses a posted node, and creates an id if it has none. */
export function parseNode(posted: unknown, newId: () => string = newObjectId): Parsed<Node> {
  const read = NodeInput.safeParse(posted);
  if (!read.success) return { kind: 'refused', message: firstIssue(read.error) };
  return { kind: 'parsed', value: { ...read.data, _id: read.data._id ?? newId() } };
}

/** Parses a posted graph, and creates the missing ids of it and its nodes. */
export function parseGraph(posted: unknown, newId: () => string = newObjectId): Parsed<Graph> {
  const read = GraphInput.safeParse(posted);
  if (!read.success) return { kind: 'refused', message: firstIssue(read.error) };
  const nodes = read.data.nodes.map((node): Node => ({ ...node, _id: node._id ?? newId() }));
  return { kind: 'parsed', value: { ...read.data, _id: read.data._id ?? newId(), nodes } };
}

/** Builds the default graph, from which a client starts. Not stored. */
export const newGraph = (id = newObjectId()): Graph => ({
  _id: id,
  title: 'Title',
  description: 'Description',
  graph_running_status: 'CREATED',
  author: null,
  nodes: [],
});

// Coercion rules have complete messages; zod's own (not a list, not an object) need the path.
function firstIssue({ issues }: z.ZodError): string {
  const issue = issues[0]!;
  return issue.code === 'custom' ? issue.message : `${issue.path.join('.') || 'document'}: ${issue.message}`;
}

/** Returns the page of a graph in a web client. */
export const graphUrl = (origin: string, graphId: string): string => `${origin}/graphs/${graphId}`;

/** Returns the page of one node of a graph in a web client: a restored node links to its source. */
export const nodeUrl = (origin: string, graphId: string, nodeId: string): string =>
  `${graphUrl(origin, graphId)}?nid=${nodeId}`;

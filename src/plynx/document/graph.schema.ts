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

/** Reads a posted graph with PLynx's defaults and coercions. `_id` is null when the client chose none. */
export const GraphInput = z.object({
  _id: objectIdField,
  title: textField('Title'),
  description: textField('Description'),
  graph_running_status: wordField(GRAPH_STATUSES, 'CREATED'),
  author: objectIdField,
  nodes: listField(NodeInput),
});

export type Graph = Omit<z.output<typeof GraphInput>, '_id' | 'nodes'> & { _id: string; nodes: Node[] };

/** What reading a document came to. `message` is for the client and names the first issue. */
export type Parsed<T> = { kind: 'parsed'; value: T } | { kind: 'refused'; message: string };

/** A posted node, complete; an id is made where none was chosen. */
export function parseNode(posted: unknown, newId: () => string = newObjectId): Parsed<Node> {
  const read = NodeInput.safeParse(posted);
  if (!read.success) return { kind: 'refused', message: firstIssue(read.error) };
  return { kind: 'parsed', value: { ...read.data, _id: read.data._id ?? newId() } };
}

/** A posted graph, complete; ids are made for it and for its nodes where none were chosen. */
export function parseGraph(posted: unknown, newId: () => string = newObjectId): Parsed<Graph> {
  const read = GraphInput.safeParse(posted);
  if (!read.success) return { kind: 'refused', message: firstIssue(read.error) };
  const nodes = read.data.nodes.map((node): Node => ({ ...node, _id: node._id ?? newId() }));
  return { kind: 'parsed', value: { ...read.data, _id: read.data._id ?? newId(), nodes } };
}

/** The default graph: what a client starts from. Not stored. */
export const newGraph = (id = newObjectId()): Graph => ({
  _id: id,
  title: 'Title',
  description: 'Description',
  graph_running_status: 'CREATED',
  author: null,
  nodes: [],
});

// Coercion rules speak for themselves; zod's own (a list that is none, an object that is none) need the place.
function firstIssue({ issues }: z.ZodError): string {
  const issue = issues[0]!;
  return issue.code === 'custom' ? issue.message : `${issue.path.join('.') || 'document'}: ${issue.message}`;
}

import * as z from 'zod';
import {
  flagField,
  intField,
  listField,
  objectIdField,
  optionalTextField,
  textField,
  wordField,
} from './coercion.schema';
import { GraphParameter } from './parameter.schema';

/**
 * A node: an operation or file of its own, or a placement of one inside a graph. The document is stored and sent in PLynx 0.2.10's own form,
 * so its field names are PLynx's.
 */
export const NODE_STATUSES = ['CREATED', 'READY', 'DEPRECATED', 'MANDATORY_DEPRECATED'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

export const NODE_RUNNING_STATUSES = [
  'STATIC',
  'CREATED',
  'IN_QUEUE',
  'RUNNING',
  'SUCCESS',
  'RESTORED',
  'FAILED',
  'CANCELED',
] as const;
export type NodeRunningStatus = (typeof NODE_RUNNING_STATUSES)[number];

/** Inputs, outputs, logs and parameters of one node, and types of an input: each link is looked for among them. */
const MAX_SLOTS = 500;

/** A link, stored at the consumer: the producer's placement id, the name of its output, and the result of its run. */
const InputValue = z.object({ node_id: textField(), output_id: textField(), resource_id: textField() });

const Input = z.object({
  name: textField(),
  file_types: listField(textField(), MAX_SLOTS),
  values: listField(InputValue),
  min_count: intField(1),
  max_count: intField(1),
});

/** An output or a log of a node; `resource_id` names the stored blob once there is one. */
const Resource = z.object({ name: textField(), file_type: textField(), resource_id: optionalTextField });

/** Parses a posted node with PLynx's defaults and coercions. `_id` is null when the client chose none. */
export const NodeInput = z.object({
  _id: objectIdField,
  title: textField('Title'),
  description: textField('Description'),
  base_node_name: textField('bash_jinja2'),
  parent_node: objectIdField,
  successor_node: objectIdField,
  inputs: listField(Input, MAX_SLOTS),
  outputs: listField(Resource, MAX_SLOTS),
  parameters: listField(GraphParameter, MAX_SLOTS),
  logs: listField(Resource, MAX_SLOTS),
  node_running_status: wordField(NODE_RUNNING_STATUSES, 'CREATED'),
  node_status: wordField(NODE_STATUSES, 'CREATED'),
  cache_url: textField(),
  x: intField(0),
  y: intField(0),
  author: objectIdField,
  starred: flagField(false),
});

type NodeFields = z.output<typeof NodeInput>;
export type NodeResource = NodeFields['outputs'][number];
/** A link's `resource_id` is null in a new clone and "" in a posted graph. */
export type Link = Omit<NodeFields['inputs'][number]['values'][number], 'resource_id'> & { resource_id: string | null };
export type NodeInputSlot = Omit<NodeFields['inputs'][number], 'values'> & { values: Link[] };
export type Node = Omit<NodeFields, '_id' | 'inputs'> & { _id: string; inputs: NodeInputSlot[] };

import * as z from 'zod';
import { FILE_TYPES, type FileType } from '../files/file-type.rules';
import { GRAPH_STATUSES } from '../document/graph.schema';
import { NODE_RUNNING_STATUSES, NODE_STATUSES } from '../document/node.schema';
import { GRAPH_PARAMETER_TYPES } from '../document/parameter.schema';
import { BASE_NODE_NAMES } from '../document/base-node.rules';

/*
 * Nodes of graphs as the admin API reads and writes them: the names and values of PLynx's documents, which both wires store, without
 * PLynx's coercions.
 */

export const ObjectId = z.string().regex(/^[0-9a-f]{24}$/);
const Name = z.string().max(1000);
const Text = z.string().max(20_000);
export const FileTypeName = z.enum(Object.keys(FILE_TYPES) as [FileType, ...FileType[]]);

const Link = z.strictObject({
  node_id: Name.meta({ description: 'Id of the producer in this graph' }),
  output_id: Name.meta({ description: 'Name of its output' }),
  resource_id: Name.nullable().default(null).meta({ description: 'Id of the file, once it exists' }),
});
export const InputSlot = z.strictObject({
  name: Name,
  file_types: z.array(Name).max(100).meta({ description: '`file` accepts any type' }),
  values: z.array(Link).max(10_000).default([]),
  min_count: z.int().default(1),
  max_count: z.int().default(1).meta({ description: 'Negative: any number' }),
});
export const Output = z.strictObject({
  name: Name,
  file_type: Name,
  resource_id: Name.nullable().default(null).meta({ description: 'Id of the file, once it exists' }),
});
const Value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number()])),
  z.strictObject({ values: z.array(z.string()), index: z.union([z.string(), z.literal(-1)]) }),
  z.strictObject({ value: z.string(), mode: z.string() }),
]);
export const NodeParameter = z.strictObject({
  name: Name,
  parameter_type: z.enum(GRAPH_PARAMETER_TYPES),
  value: Value.meta({
    description: 'A list, an enum with `values` and `index`, code with its `mode`, or a single value',
  }),
  mutable_type: z.boolean().default(true),
  removable: z.boolean().default(true),
  publicable: z.boolean().default(true),
  widget: z
    .strictObject({ alias: Name })
    .nullable()
    .default(null)
    .meta({ description: 'Callers of the published graph set it by this alias' }),
});

/** A placed node of a graph, or a stored operation or file. */
export const NodeDocument = z.strictObject({
  _id: ObjectId,
  title: Text.default(''),
  description: Text.default(''),
  base_node_name: Name.meta({ description: '`bash_jinja2`, `python`, `javascript` or `file`' }),
  parent_node: ObjectId.nullable().default(null).meta({ description: 'The stored node of which it is a copy' }),
  successor_node: ObjectId.nullable().default(null),
  inputs: z.array(InputSlot).max(1000).default([]),
  outputs: z.array(Output).max(1000).default([]),
  parameters: z.array(NodeParameter).max(1000).default([]),
  logs: z.array(Output).max(100).default([]),
  node_running_status: z.enum(NODE_RUNNING_STATUSES).default('CREATED'),
  node_status: z.enum(NODE_STATUSES).default('CREATED'),
  cache_url: Name.default(''),
  x: z.int().default(0),
  y: z.int().default(0),
  author: ObjectId.nullable().default(null),
  starred: z.boolean().default(false),
});
export type NodeDocument = z.output<typeof NodeDocument>;

/** Nodes of one document: files do not count as operations, of which a run has at most 1,000. */
const MAX_NODES = 10_000;
export const Nodes = z.array(NodeDocument).max(MAX_NODES);
export const GraphStatusName = z.enum(GRAPH_STATUSES);
export const NodeStatusName = z.enum(NODE_STATUSES);
export const OperationKind = z.enum(BASE_NODE_NAMES);
export const GraphText = Text;

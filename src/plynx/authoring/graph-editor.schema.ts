import * as z from 'zod';
import { PageQuery } from '../../kernel/page';
import { BASE_NODE_NAMES } from '../document/base-node.rules';
import { GRAPH_STATUSES } from '../document/graph.schema';
import { NODE_RUNNING_STATUSES, NODE_STATUSES } from '../document/node.schema';
import {
  FileTypeName,
  GraphStatusName,
  GraphText,
  NodeDocument,
  Nodes,
  NodeStatusName,
  ObjectId,
  OperationKind,
} from './graph-document.schema';

/** One or several of a set, separated by commas. */
const several = <const T extends readonly [string, ...string[]]>(values: T) =>
  z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values)))
    .meta({ description: `One or more, with commas, of ${values.join(', ')}` });

const stored = {
  id: ObjectId,
  title: z.string(),
  description: z.string(),
  author: z.string().nullable().meta({ description: 'Name of its owner; null when deleted' }),
  isOwn: z.boolean().meta({ description: 'Only its owner may change it' }),
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
};
const OWN = z.enum(['true']).optional().meta({ description: 'Only yours' });
const WORDS = z.string().max(200).optional().meta({ description: 'Words of the title or description: any of them' });

export const ListGraphsQuery = PageQuery.extend({
  q: WORDS,
  own: OWN,
  status: several(GRAPH_STATUSES).optional(),
});
export type ListGraphsQuery = z.infer<typeof ListGraphsQuery>;

export const GraphSummary = z.object({ ...stored, status: GraphStatusName });
export type GraphSummary = z.infer<typeof GraphSummary>;

export const NodeState = z.object({
  id: ObjectId,
  status: z.enum(NODE_RUNNING_STATUSES),
  outputs: z.record(z.string(), z.string()).meta({ description: 'Ids of files by the name of the output' }),
  logs: z
    .record(z.string(), z.string())
    .meta({ description: 'Ids of files by the name of the log; they grow while it runs' }),
  origin: z.string().meta({ description: 'Address of the node whose result was reused; empty without one' }),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export const GraphState = z.object({
  status: GraphStatusName,
  nodes: z.array(NodeState).meta({ description: 'Nodes that have started, in no order' }),
});
export type GraphState = z.infer<typeof GraphState>;

export const EditedGraph = z.object({
  ...stored,
  status: GraphStatusName,
  nodes: Nodes,
  state: GraphState,
});
export type EditedGraph = z.infer<typeof EditedGraph>;

export const CreateGraphInput = z.strictObject({
  title: GraphText.default('Title'),
  description: GraphText.default('Description'),
  nodes: Nodes.default([]),
});
export type CreateGraphInput = z.infer<typeof CreateGraphInput>;
export const ReplaceGraphInput = z.strictObject({ title: GraphText, description: GraphText, nodes: Nodes });
export type ReplaceGraphInput = z.infer<typeof ReplaceGraphInput>;

/** Positions on the screen; a missing part is as stored. */
export const GraphDraft = ReplaceGraphInput.partial();
export type GraphDraft = z.infer<typeof GraphDraft>;

const ListedIssue = z.object({
  nodeId: ObjectId.nullable().meta({ description: 'null: the graph itself' }),
  part: z.enum(['graph', 'node', 'input', 'property']),
  name: z.string().meta({ description: 'Of the input or property; else an id' }),
  code: z.string(),
  message: z.string(),
});
export const CheckedGraph = z.object({
  issues: z.array(ListedIssue).meta({ description: 'Reasons for which it cannot run: at most 100' }),
  warnings: z.array(z.string()).meta({ description: 'It can run, but probably not as intended' }),
});
export type CheckedGraph = z.infer<typeof CheckedGraph>;
export const ArrangedGraph = z.object({ nodes: Nodes });
export const UpgradedGraph = z.object({
  nodes: Nodes,
  upgraded: z.int().meta({ description: 'Nodes that were replaced' }),
});
export const GraphCode = z.object({ code: z.string().meta({ description: 'A Python script for PLynx clients' }) });

export const ListOperationsQuery = PageQuery.extend({
  q: WORDS,
  own: OWN,
  kind: several(BASE_NODE_NAMES).optional(),
  status: several(NODE_STATUSES).optional(),
});
export type ListOperationsQuery = z.infer<typeof ListOperationsQuery>;

export const OperationSummary = z.object({
  ...stored,
  kind: OperationKind,
  status: NodeStatusName,
  starred: z.boolean(),
  inputs: z.array(z.object({ name: z.string(), types: z.array(z.string()) })),
  outputs: z.array(z.object({ name: z.string(), type: z.string(), file: z.string().nullable() })),
});
export type OperationSummary = z.infer<typeof OperationSummary>;
export const EditedOperation = z.object({
  ...stored,
  kind: OperationKind,
  status: NodeStatusName,
  document: NodeDocument,
});
export type EditedOperation = z.infer<typeof EditedOperation>;

/** The id is that of the stored operation: one in the document has no effect. */
export const OperationInput = z.strictObject({ document: NodeDocument.partial({ _id: true }) });
export type OperationInput = z.infer<typeof OperationInput>;
export const DeprecateInput = z.strictObject({
  mandatory: z.boolean().default(false).meta({ description: 'True: graphs with it can no longer run' }),
});
export const OperationPreview = z.object({ text: z.string().meta({ description: 'The script as it would run' }) });

export const UploadQuery = z.strictObject({
  title: z.string().min(1).max(200),
  description: z.string().max(2000).default(''),
  type: FileTypeName.default('file'),
});
export const PreviewQuery = z.strictObject({ type: FileTypeName.default('file') });
export const FilePreviewText = z.object({
  bytes: z.int(),
  text: z.string().nullable().meta({ description: 'Its beginning, at most 64 KiB; null when it is not UTF-8' }),
  names: z.array(z.string()).nullable().meta({ description: 'Names of the files in a `directory`, at most 1,000' }),
  isCut: z.boolean(),
});
export type FilePreviewText = z.infer<typeof FilePreviewText>;

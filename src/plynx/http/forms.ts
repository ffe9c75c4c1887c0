import { FILE_TYPES } from '../files/file-type.rules';
import { type Graph, graphUrl } from '../document/graph.schema';
import type { Node } from '../document/node.schema';
import type { ValidationIssue } from '../validate/validation.rules';

/** Where it is mounted. */
export const PLYNX_PREFIX = '/plynx/api/v0';

/**
 * PLynx 0.2.10's forms of answers. The case of `status` differs by route: posts of graphs, nodes and files shout, the rest does not,
 * and clients compare it exactly.
 */
export const POSTED = 'SUCCESS';
const INVALID = 'VALIDATION_FAILED';
export const ANSWERED = 'success';

/** Every refusal and failure. */
export const failed = (message: string) => ({ status: 'failed', message }) as const;

/** The tree of what is wrong, under PLynx's names. */
export interface WireValidationError {
  target: string;
  object_id: string;
  validation_code: string;
  children: WireValidationError[];
}
export const toValidationError = ({ target, object, code, children }: ValidationIssue): WireValidationError => ({
  target,
  object_id: object,
  validation_code: code,
  children: children.map(toValidationError),
});

/** Python's `str(datetime)` of a UTC time in milliseconds: `2026-11-22 13:41:26.076000`, without the fraction when it is zero. */
export function toDate(time: Date): string {
  const [day, clock] = time.toISOString().slice(0, -1).split('T');
  const [seconds, fraction] = clock!.split('.');
  return fraction === '000' ? `${day} ${seconds}` : `${day} ${seconds}.${fraction}000`;
}

/** When a document was stored and last changed. Only reads show it. */
export interface Dates {
  insertedAt: Date;
  updatedAt: Date;
}

/** A stored graph or node as GET and searches show it. */
export const toStoredResource = <T extends Graph | Node>({ _id, ...rest }: T, { insertedAt, updatedAt }: Dates) => ({
  _id,
  insertion_date: toDate(insertedAt),
  ...rest,
  update_date: toDate(updatedAt),
});

/** The author as searches show it, in a list of one. */
export const toAuthor = (user: { id: string; username: string; active: boolean } & Dates) => ({
  _id: user.id,
  insertion_date: toDate(user.insertedAt),
  username: user.username,
  active: user.active,
  update_date: toDate(user.updatedAt),
});

/** The list of one that searches show as `_user`; empty when the author is gone. */
export const toOwner = (
  author: string | null,
  owner: { name: string; active: boolean; createdAt: number; updatedAt: number } | null,
) =>
  owner === null || author === null
    ? []
    : [
        toAuthor({
          id: author,
          username: owner.name,
          active: owner.active,
          insertedAt: new Date(owner.createdAt),
          updatedAt: new Date(owner.updatedAt),
        }),
      ];

/** The file types there are; the same for everybody. */
export const RESOURCES_DICT = Object.fromEntries(
  Object.entries(FILE_TYPES).map(([name, shown]) => [name, { name, ...shown }]),
);

/** What came of the actions on a graph, before it becomes an answer. */
export interface GraphActionsReply {
  /** The id that was posted; the graph may be its clone. */
  postedId: string;
  graph: Graph;
  error: ValidationIssue | undefined;
  extras: { code?: string; upgraded?: number; newGraphId?: string };
  warnings: string[];
}

/** Warnings, which PLynx does not have; left out when there are none. */
const toWarnings = (warnings: string[]) => (warnings.length > 0 ? { warnings } : {});

/** The answer of POST /graphs and of the single-action routes. */
export function toGraphActions({ postedId, graph, error, extras, warnings }: GraphActionsReply, origin: string) {
  return {
    ...(error
      ? { status: INVALID, message: 'Graph validation failed' }
      : { status: POSTED, message: `Actions completed with Graph(_id=\`${postedId}\`)` }),
    graph,
    url: graphUrl(origin, graph._id),
    ...(error && { validation_error: toValidationError(error) }),
    ...(extras.code !== undefined && { code: extras.code }),
    ...(extras.upgraded !== undefined && { upgraded_nodes_count: extras.upgraded }),
    ...(extras.newGraphId !== undefined && { new_graph_id: extras.newGraphId }),
    ...toWarnings(warnings),
  };
}

/** The answer of POST /nodes: what the documents promise (node, url) beside what the server sends (status, message). */
export const toNodeSaved = (node: Node, origin: string, warnings: string[] = []) => ({
  status: POSTED,
  message: `Node(_id=\`${node._id}\`) successfully updated`,
  node,
  url: `${origin}/nodes/${node._id}`,
  ...toWarnings(warnings),
});

/** The answer of POST /nodes when the node does not pass. */
export const toNodeInvalid = (node: Node, error: ValidationIssue, origin: string) => ({
  ...toNodeSaved(node, origin),
  status: INVALID,
  message: 'Node validation failed',
  validation_error: toValidationError(error),
});

/** The answer of POST /nodes with PREVIEW_CMD. */
export const toNodePreview = (node: Node, text: string, origin: string) => ({
  ...toNodeSaved(node, origin),
  message: 'Successfully created preview',
  preview_text: text,
});

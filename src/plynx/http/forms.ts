import { FILE_TYPES } from '../files/file-type.rules';
import { type Graph, graphUrl } from '../document/graph.schema';
import type { Node } from '../document/node.schema';
import type { ValidationIssue } from '../validate/validation.rules';

/** Path prefix of the wire. */
export const PLYNX_PREFIX = '/plynx/api/v0';

/**
 * Shapes of PLynx 0.2.10's responses. The case of `status` differs by route: upper case for posts of graphs, nodes and files, lower case
 * otherwise. Clients compare it exactly.
 */
export const POSTED = 'SUCCESS';
const INVALID = 'VALIDATION_FAILED';
export const ANSWERED = 'success';

/** Shape of every error. */
export const failed = (message: string) => ({ status: 'failed', message }) as const;

/** The tree of validation errors, under PLynx's names. */
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

/** Renders a UTC time in milliseconds as Python's `str(datetime)`: `2026-11-22 13:41:26.076000`, without the fraction when it is zero. */
export function toDate(time: Date): string {
  const [day, clock] = time.toISOString().slice(0, -1).split('T');
  const [seconds, fraction] = clock!.split('.');
  return fraction === '000' ? `${day} ${seconds}` : `${day} ${seconds}.${fraction}000`;
}

/** Times at which a document was stored and last changed. Only reads show them. */
export interface Dates {
  insertedAt: Date;
  updatedAt: Date;
}

/** Shape of a stored graph or node in GET and searches. */
export const toStoredResource = <T extends Graph | Node>({ _id, ...rest }: T, { insertedAt, updatedAt }: Dates) => ({
  _id,
  insertion_date: toDate(insertedAt),
  ...rest,
  update_date: toDate(updatedAt),
});

/** Shape of the author in searches, in a list of one. */
export const toAuthor = (user: { id: string; username: string; active: boolean } & Dates) => ({
  _id: user.id,
  insertion_date: toDate(user.insertedAt),
  username: user.username,
  active: user.active,
  update_date: toDate(user.updatedAt),
});

/** Returns the list of one that searches show as `_user`; empty when the author is deleted. */
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

/** The file types, the same for all users. */
export const RESOURCES_DICT = Object.fromEntries(
  Object.entries(FILE_TYPES).map(([name, shown]) => [name, { name, ...shown }]),
);

/** The result of actions on a graph, before it is rendered. */
export interface GraphActionsReply {
  /** The posted id; the graph may be its clone. */
  postedId: string;
  graph: Graph;
  error: ValidationIssue | undefined;
  extras: { code?: string; upgraded?: number; newGraphId?: string };
  warnings: string[];
}

/** Warnings, which PLynx does not have; omitted when empty. */
const toWarnings = (warnings: string[]) => (warnings.length > 0 ? { warnings } : {});

/** The response to POST /graphs and the single-action routes. */
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

/** The response to POST /nodes: the fields of the documents (node, url) and those that the server sends (status, message). */
export const toNodeSaved = (node: Node, origin: string, warnings: string[] = []) => ({
  status: POSTED,
  message: `Node(_id=\`${node._id}\`) successfully updated`,
  node,
  url: `${origin}/nodes/${node._id}`,
  ...toWarnings(warnings),
});

/** The response to POST /nodes for an invalid node. */
export const toNodeInvalid = (node: Node, error: ValidationIssue, origin: string) => ({
  ...toNodeSaved(node, origin),
  status: INVALID,
  message: 'Node validation failed',
  validation_error: toValidationError(error),
});

/** The response to POST /nodes with PREVIEW_CMD. */
export const toNodePreview = (node: Node, text: string, origin: string) => ({
  ...toNodeSaved(node, origin),
  message: 'Successfully created preview',
  preview_text: text,
});

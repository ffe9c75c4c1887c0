import type { OwnedNodeRow } from '../../storage/plynx/nodes';
import type { Context } from '../../core/access/context';
import { checkRevision, type IfMatch } from '../../core/access/revision';
import { verb } from '../../core/access/verb';
import { ApiError, notFound } from '../../kernel/errors';
import { readCursor, toPage, type Page } from '../../kernel/page';
import { parseNode } from '../document/graph.schema';
import { newObjectId } from '../document/object-id.rules';
import { permissionDenied } from '../edit/permission-denied';
import { type NodeActionResult, runNodeAction } from '../edit/run-node-action';
import type { Node } from '../document/node.schema';
import { approved, parsed, requireUser } from './find-own-graph';
import { ownerFilter, toStored, wordsIn } from './get-edited-graph';
import { toIssueList } from './graph-issues.rules';
import type { ListOperationsQuery, EditedOperation, OperationInput, OperationSummary } from './graph-editor.schema';

type Kind = OperationSummary['kind'];

const toSummary = (ctx: Context, row: OwnedNodeRow): OperationSummary => ({
  ...toStored(ctx, row),
  kind: row.base as Kind,
  status: row.status,
  starred: row.starred,
  inputs: row.doc.inputs.map(({ name, file_types: types }) => ({ name, types })),
  outputs: row.doc.outputs.map(({ name, file_type: type, resource_id: file }) => ({ name, type, file })),
});

/** Lists operations and stored files without their code, newest first. */
export const listOperations = verb(
  'node.read',
  async (ctx, query: ListOperationsQuery): Promise<Page<OperationSummary>> => {
    const { limit, cursor, q, own, kind, status } = query;
    const filter = { ownerId: ownerFilter(ctx, own), statuses: status ?? [], bases: kind ?? [], words: wordsIn(q) };
    const rows = await ctx.store.nodes.list(filter, readCursor(cursor), limit + 1);
    return toPage(
      rows,
      limit,
      ({ createdAt, id }) => ({ at: createdAt, id }),
      (row) => toSummary(ctx, row),
    );
  },
);

async function findOperation(ctx: Context, id: string): Promise<OwnedNodeRow> {
  const row = await ctx.store.nodes.getOwned(id);
  if (!row) throw notFound('operation');
  return row;
}

/** Returns an operation or a stored file with its document. Throws 404. */
export const getOperation = verb('node.read', async (ctx, id: string): Promise<EditedOperation> => {
  const row = await findOperation(ctx, id);
  return { ...toStored(ctx, row), kind: row.base as Kind, status: row.status, document: row.doc };
});

/** Stores a new operation, not approved yet, under an id of its own. */
export const createOperation = verb(
  'node.write',
  async (ctx, { document }: OperationInput): Promise<EditedOperation> => {
    const id = newObjectId(ctx.now());
    return act(ctx, { ...parsed(parseNode(document)), _id: id, node_status: 'CREATED' }, 'SAVE');
  },
);

/** Replaces an operation that is not approved. Throws 404, 403, 412, and 409 `graph_approved`. */
export const replaceOperation = verb(
  'node.write',
  async (ctx, id: string, { document }: OperationInput, ifMatch: IfMatch): Promise<EditedOperation> => {
    const row = await findEditableOperation(ctx, id, ifMatch);
    return act(ctx, { ...parsed(parseNode(document)), _id: id, node_status: row.status }, 'SAVE', row);
  },
);

async function findEditableOperation(ctx: Context, id: string, ifMatch: IfMatch): Promise<OwnedNodeRow> {
  const row = await findOperation(ctx, id);
  if (row.ownerId !== requireUser(ctx)) throw permissionDenied();
  if (row.status !== 'CREATED') throw approved('operation', row.status);
  checkRevision(ifMatch, row.revision);
  return row;
}

/** Approves an operation: graphs can use it, and it never changes again. Throws 422 with its issues. */
export const approveOperation = verb(
  'node.write',
  async (ctx, id: string, ifMatch: IfMatch): Promise<EditedOperation> => {
    const row = await findEditableOperation(ctx, id, ifMatch);
    return act(ctx, row.doc, 'APPROVE', row);
  },
);

/** Deprecates an approved operation; with `mandatory`, graphs that contain it can no longer run. */
export const deprecateOperation = verb(
  'node.write',
  async (ctx, id: string, { mandatory }: { mandatory: boolean }): Promise<EditedOperation> => {
    const row = await findOperation(ctx, id);
    return act(ctx, row.doc, mandatory ? 'MANDATORY_DEPRECATE' : 'DEPRECATE', row);
  },
);

/** Returns the script of a posted operation as it would run. Stores nothing. Throws 422 for a template that cannot be rendered. */
export const previewOperation = verb('node.read', async (ctx, { document }: OperationInput) => {
  const result = await runNodeAction(ctx, parsed(parseNode(document)), 'PREVIEW_CMD');
  if (result.kind === 'preview') return { text: result.text };
  throw refusal(result);
});

async function act(ctx: Context, node: Node, action: string, decidedOn?: OwnedNodeRow): Promise<EditedOperation> {
  const result = await runNodeAction(ctx, node, action, decidedOn);
  if (result.kind === 'done') return getOperation(ctx, node._id);
  throw refusal(result);
}

function refusal(result: NodeActionResult): ApiError {
  const issues =
    result.kind === 'invalid'
      ? toIssueList(result.error).map(({ name, code, message }) => ({
          pointer: '#/document',
          code: code.toLowerCase(),
          message: `${name}: ${message}`,
        }))
      : [{ pointer: '#/document', code: 'invalid', message: 'message' in result ? result.message : 'invalid' }];
  return new ApiError('invalid_input', issues[0]!.message, { issues });
}

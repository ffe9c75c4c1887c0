import type { Context } from '../../core/access/context';
import { checkRevision, type IfMatch } from '../../core/access/revision';
import { ApiError, notFound } from '../../kernel/errors';
import type { Node } from '../document/node.schema';
import { type Graph, type Parsed, parseGraph } from '../document/graph.schema';
import { frozenStatus } from '../edit/graph-action.rules';
import { permissionDenied } from '../edit/permission-denied';
import { findGraph, type FoundGraph } from '../run/find-graph';
import type { GraphDraft } from './graph-editor.schema';

/** Returns the id of the acting user. Throws 404 for any other actor: graphs belong to people. */
export function requireUser({ actor }: Pick<Context, 'actor'>): string {
  if (actor.kind !== 'user') throw notFound('user');
  return actor.id;
}

/** Throws 409 for a graph or operation that has been approved. */
export const approved = (noun: 'graph' | 'operation', status: string): ApiError =>
  new ApiError(
    'graph_approved',
    noun === 'graph'
      ? `This graph is ${status}: it has been approved and never changes again. Clone it.`
      : `This operation is ${status}: it has been approved and never changes again. Make a new one that replaces it.`,
  );

/** Returns a graph that its owner may change. Throws 404, 403, 412 for another revision, 409 once it is approved. */
export async function findEditable(ctx: Context, id: string, ifMatch: IfMatch): Promise<FoundGraph> {
  const found = await findOwn(ctx, id);
  const frozen = frozenStatus(found.row.status);
  if (frozen) throw approved('graph', frozen);
  checkRevision(ifMatch, found.row.revision);
  return found;
}

/** Returns a graph of the actor. Throws 404, or 403 for another user's. */
export async function findOwn(ctx: Context, id: string): Promise<FoundGraph> {
  const actorId = requireUser(ctx);
  const found = await findGraph(ctx, id);
  if (found.row.ownerId !== actorId) throw permissionDenied();
  return found;
}

/** Returns the graph with the parts of a draft. Throws 422 for a parameter whose value does not fit its type. */
export const withDraft = (graph: Graph, draft: GraphDraft): Graph => parsed(parseGraph({ ...graph, ...draft }));

/** Returns a parsed document. Throws 422 for one that does not fit. */
export function parsed<T extends Graph | Node>(read: Parsed<T>): T {
  if (read.kind === 'parsed') return read.value;
  throw new ApiError('invalid_input', 'The request has issues.', {
    issues: [{ pointer: '#', code: 'invalid', message: read.message }],
  });
}

import { getGraph, searchGraphs, type StoredGraph } from '../edit/get-graph';
import { patchStoredGraph } from '../edit/change-graph';
import { newGraph, parseGraph } from '../document/graph.schema';
import { type GraphActionsResult, runGraphActions, runStoredGraphAction } from '../edit/run-graph-actions';
import { readSearchString, searchOrder } from '../document/search-string.rules';
import { json, badRequest } from './answers';
import { readActions, readObject, readSearch } from './requests';
import { type PlynxRoute, readText } from './wire';
import { ANSWERED, failed, RESOURCES_DICT, toGraphActions, toOwner, toStoredResource } from './forms';

const shown = ({ graph, insertedAt, updatedAt }: StoredGraph) =>
  toStoredResource(graph, { insertedAt: new Date(insertedAt), updatedAt: new Date(updatedAt) });

const showNew = () => json({ data: newGraph(), status: ANSWERED, resources_dict: RESOURCES_DICT });

const get: PlynxRoute['run'] = async (ctx, { params: { id = '' } }) => {
  const found = await getGraph(ctx, id);
  const data = { ...shown(found), _readonly: !found.isOwn };
  return json({ data, status: ANSWERED, resources_dict: RESOURCES_DICT });
};

const search: PlynxRoute['run'] = async (ctx, { body }) => {
  const asked = readSearch(body, false);
  if (asked.kind === 'refused') return badRequest(asked.message);
  const { perPage, offset, statuses } = asked.value;
  const text = readSearchString(asked.value.search);
  if (text.kind === 'refused') return badRequest(text.message);
  const filter = { owner: text.filters.get('author'), statuses, words: text.words };
  const { items, total } = await searchGraphs(ctx, filter, searchOrder(text.filters), { offset, limit: perPage });
  return json({
    items: items.map((item) => ({ ...shown(item), _user: toOwner(item.graph.author, item.owner) })),
    total_count: total,
    status: ANSWERED,
  });
};

const post: PlynxRoute['run'] = async (ctx, { body }) => {
  const actions = readActions(body);
  if (actions.kind === 'refused') return badRequest(actions.message);
  const read = parseGraph(body.graph);
  if (read.kind === 'refused') return badRequest(read.message);
  const result = await runGraphActions(ctx, read.value, actions.value);
  return toAnswer(result, read.value._id, ctx.origin);
};

const act: PlynxRoute['run'] = async (ctx, { params: { id = '', action = '' } }) =>
  toAnswer(await runStoredGraphAction(ctx, id, action.toUpperCase()), id, ctx.origin);

function toAnswer(result: GraphActionsResult, postedId: string, origin: string): Response {
  if (result.kind !== 'answered') return toRefusal(result);
  return json(toGraphActions({ ...result, postedId }, origin));
}

/** Returns a refused action as a 200, whose `status` clients read, and an unusable graph as a 400. */
export const toRefusal = ({ kind, message }: { kind: string; message: string }): Response =>
  kind === 'refused' ? json(failed(message)) : badRequest(message);

const patch: PlynxRoute['run'] = async (ctx, { request, params: { id = '' } }) => {
  const part = readObject(await readText(request));
  if (part.kind === 'refused' || Object.keys(part.value).length === 0) return badRequest('Expected json data');
  const changed = await patchStoredGraph(ctx, id, part.value);
  if (changed.kind !== 'changed') return toRefusal(changed);
  return json({ status: ANSWERED, message: 'Successfully updated', graph: changed.graph });
};

/** Responds as to any unknown action. */
const refuseUpdate: PlynxRoute['run'] = (ctx, asked) =>
  act(ctx, { ...asked, params: { ...asked.params, action: 'update' } });

export const graphRoutes: PlynxRoute[] = [
  { id: 'listGraphs', method: 'get', path: '/graphs', policy: searchGraphs.permission, run: search },
  { id: 'actOnGraph', method: 'post', path: '/graphs', policy: 'graph.read', takesObject: true, run: post },
  {
    id: 'searchGraphs',
    method: 'post',
    path: '/search_graphs',
    policy: searchGraphs.permission,
    takesObject: true,
    run: search,
  },
  { id: 'newGraph', method: 'get', path: '/graphs/new', policy: 'session.own', run: showNew },
  { id: 'getGraph', method: 'get', path: '/graphs/:id', policy: getGraph.permission, run: get },
  { id: 'updateGraph', method: 'patch', path: '/graphs/:id/update', policy: patchStoredGraph.permission, run: patch },
  { id: 'refuseUpdate', method: 'post', path: '/graphs/:id/update', policy: 'graph.read', run: refuseUpdate },
  { id: 'actOnStoredGraph', method: 'post', path: '/graphs/:id/:action', policy: 'graph.read', run: act },
];

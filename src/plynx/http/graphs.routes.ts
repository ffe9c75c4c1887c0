import { getGraph, searchGraphs, type StoredGraph } from '../edit/get-graph';
import { patchStoredGraph } from '../edit/change-graph';
import { newGraph, parseGraph } from '../document/graph.schema';
import { type GraphActionsResult, runGraphActions, runStoredGraphAction } from '../edit/run-graph-actions';
import { readSearchString, searchOrder } from '../document/search-string.rules';
import { json, badRequest } from './answers';
import { readActions, readObject, readSearch } from './requests';
import { readText, type PlynxRequest, type PlynxRoute } from './route';
import { ANSWERED, failed, RESOURCES_DICT, toGraphActions, toOwner, toStoredResource } from './forms';

const shown = ({ graph, insertedAt, updatedAt }: StoredGraph) =>
  toStoredResource(graph, { insertedAt: new Date(insertedAt), updatedAt: new Date(updatedAt) });

const get = async ({ ctx, params: { id = '' } }: PlynxRequest) => {
  if (id === 'new') return json({ data: newGraph(), status: ANSWERED, resources_dict: RESOURCES_DICT });
  const found = await getGraph(ctx, id);
  const data = { ...shown(found), _readonly: !found.isOwn };
  return json({ data, status: ANSWERED, resources_dict: RESOURCES_DICT });
};

const search = async ({ ctx }: PlynxRequest, body: Record<string, unknown>) => {
  const asked = readSearch(body, false);
  if (!asked.ok) return badRequest(asked.message);
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

const postSearch = async (asked: PlynxRequest) => {
  const body = readObject(await readText(asked.request));
  return body.ok ? search(asked, body.value) : badRequest(body.message);
};

const post = async ({ ctx, request }: PlynxRequest) => {
  const body = readObject(await readText(request));
  if (!body.ok) return badRequest(body.message);
  const actions = readActions(body.value);
  if (!actions.ok) return badRequest(actions.message);
  const read = parseGraph(body.value.graph);
  if (!read.ok) return badRequest(read.message);
  const result = await runGraphActions(ctx, read.value, actions.value);
  return toAnswer(result, read.value._id, ctx.origin);
};

const act = async ({ ctx, params: { id = '', action = '' } }: PlynxRequest) =>
  toAnswer(await runStoredGraphAction(ctx, id, action.toUpperCase()), id, ctx.origin);

function toAnswer(result: GraphActionsResult, postedId: string, origin: string): Response {
  if (result.kind !== 'answered') return toRefusal(result);
  return json(toGraphActions({ ...result, postedId }, origin));
}

/** A refusal is an answer of status 200, which clients read; what cannot be worked on is a mistake. */
export const toRefusal = ({ kind, message }: { kind: string; message: string }): Response =>
  kind === 'refused' ? json(failed(message)) : badRequest(message);

const patch = async ({ ctx, request, params: { id = '' } }: PlynxRequest) => {
  const part = readObject(await readText(request));
  if (!part.ok || Object.keys(part.value).length === 0) return badRequest('Expected json data');
  const changed = await patchStoredGraph(ctx, id, part.value);
  if (changed.kind !== 'changed') return toRefusal(changed);
  return json({ status: ANSWERED, message: 'Successfully updated', graph: changed.graph });
};

export const graphRoutes: PlynxRoute[] = [
  { path: '/graphs', methods: { GET: (asked) => search(asked, {}), POST: post } },
  { path: '/search_graphs', methods: { POST: postSearch } },
  { path: '/graphs/:id', methods: { GET: get } },
  // `update` is no action: a POST to it is answered as any unknown one.
  {
    path: '/graphs/:id/update',
    methods: { PATCH: patch, POST: (asked) => act({ ...asked, params: { ...asked.params, action: 'update' } }) },
  },
  { path: '/graphs/:id/:action', methods: { POST: act } },
];

import { BASE_NODE_NAMES, type BaseNodeName, newNode } from '../document/base-node.rules';
import { parseNode } from '../document/graph.schema';
import { readObjectId } from '../document/object-id.rules';
import { readSearchString, searchOrder } from '../document/search-string.rules';
import { getNode, searchNodes, type StoredNode } from '../edit/get-node';
import { runNodeAction } from '../edit/run-node-action';
import { json, badRequest } from './answers';
import { readSearch } from './requests';
import type { PlynxRoute } from './wire';
import {
  ANSWERED,
  failed,
  RESOURCES_DICT,
  toNodeInvalid,
  toNodePreview,
  toNodeSaved,
  toOwner,
  toStoredResource,
} from './forms';

const shown = ({ node, insertedAt, updatedAt }: StoredNode) =>
  toStoredResource(node, { insertedAt: new Date(insertedAt), updatedAt: new Date(updatedAt) });

const showNew = (base: BaseNodeName) => json({ data: newNode(base), resources_dict: RESOURCES_DICT, status: ANSWERED });

const get: PlynxRoute['run'] = async (ctx, { params: { id = '' } }) => {
  const nodeId = readObjectId(id);
  if (nodeId === undefined) return json(failed('Invalid ID'), 404);
  const found = await getNode(ctx, nodeId);
  const data = { ...shown(found), _readonly: !found.isOwn };
  return json({ data, resources_dict: RESOURCES_DICT, status: ANSWERED });
};

const post: PlynxRoute['run'] = async (ctx, { body: { node: posted, action } }) => {
  if (posted === undefined) return badRequest('`node` is missing');
  if (typeof action !== 'string') return badRequest('`action` is missing');
  const read = parseNode(posted);
  if (read.kind === 'refused') return badRequest(read.message);
  const result = await runNodeAction(ctx, read.value, action);
  switch (result.kind) {
    case 'refused':
      return json(failed(result.message));
    case 'unusable':
      return badRequest(result.message);
    case 'invalid':
      return json(toNodeInvalid(result.node, result.error, ctx.origin));
    case 'done':
      return json(toNodeSaved(result.node, ctx.origin, result.warnings));
    case 'preview':
      return json(toNodePreview(result.node, result.text, ctx.origin));
  }
};

const search: PlynxRoute['run'] = async (ctx, { body }) => {
  const asked = readSearch(body, true);
  if (asked.kind === 'refused') return badRequest(asked.message);
  const { perPage, offset, statuses, baseNodeNames } = asked.value;
  const text = readSearchString(asked.value.search);
  if (text.kind === 'refused') return badRequest(text.message);
  const filter = { owner: text.filters.get('author'), statuses, bases: baseNodeNames, words: text.words };
  const { starredFirst } = searchOrder(text.filters);
  const { items, total } = await searchNodes(ctx, filter, { offset, limit: perPage, starredFirst });
  return json({
    items: items.map((item) => ({
      ...shown(item),
      _user: toOwner(item.node.author, item.owner),
      _readonly: !item.isOwn,
    })),
    total_count: total,
    resources_dict: RESOURCES_DICT,
    status: ANSWERED,
  });
};

export const nodeRoutes: PlynxRoute[] = [
  { id: 'actOnNode', method: 'post', path: '/nodes', policy: 'node.read', takesObject: true, run: post },
  ...BASE_NODE_NAMES.map((base): PlynxRoute => ({
    id: `newNode ${base}`,
    method: 'get',
    path: `/nodes/${base}`,
    policy: 'session.own',
    run: () => showNew(base),
  })),
  { id: 'getNode', method: 'get', path: '/nodes/:id', policy: getNode.permission, run: get },
  {
    id: 'searchNodes',
    method: 'post',
    path: '/search_nodes',
    policy: searchNodes.permission,
    takesObject: true,
    run: search,
  },
];

import type { Context } from '../../core/access/context';
import type { Parsed } from '../document/graph.schema';
import { changeGraph, type Changed, assertOwnGraph, listGraphNodes, placeNode } from '../edit/change-graph';
import { createLink, removeLink, removeNode } from '../edit/edit-graph.rules';
import { changeParameter } from '../edit/change-values.rules';
import { json, badRequest } from './answers';
import { readLink, readObject, readPlace } from './requests';
import { type PlynxRoute, readText } from './wire';
import { toRefusal } from './graphs.routes';
import { ANSWERED } from './forms';

type Body = Record<string, unknown>;

const list: PlynxRoute['run'] = async (ctx, { params: { id = '', action = '' } }) => {
  if (action !== 'list_nodes') return badRequest(`Unknown action \`${action.slice(0, 100)}\`. Try POST method.`);
  return json({ status: ANSWERED, message: 'Completed', nodes: await listGraphNodes(ctx, id) });
};

// PLynx checks in this order: the graph, its owner, the body, the action.
const edit: PlynxRoute['run'] = async (ctx, { request, params: { id = '', action = '' } }) => {
  await assertOwnGraph(ctx, id);
  const text = await readText(request);
  const body = text === '' ? { kind: 'parsed' as const, value: {} } : readObject(text);
  if (body.kind === 'refused') return badRequest(body.message);
  if (Object.keys(body.value).length === 0) return badRequest('Empty body');
  const editor = Object.hasOwn(EDITS, action) ? EDITS[action] : undefined;
  if (!editor) return badRequest(`Unknown action \`${action.slice(0, 100)}\``);
  const changing = editor.read(body.value);
  if (changing.kind === 'refused') return badRequest(changing.message);
  const changed = await changing.value(ctx, id);
  if (changed.kind !== 'changed') return toRefusal(changed);
  return json({ status: ANSWERED, message: editor.message, ...(changed.node && { node: changed.node }) });
};

type Change = (ctx: Context, id: string) => Promise<Changed>;
interface Editor {
  message: string;
  read: (body: Body) => Parsed<Change>;
}

const idOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const link =
  (change: typeof createLink): Editor['read'] =>
  (body) => {
    const ends = readLink(body);
    if (ends.kind === 'refused') return ends;
    const { from, to } = ends.value;
    return { kind: 'parsed', value: (ctx, id) => changeGraph(ctx, id, (graph) => change(graph, from, to)) };
  };

const EDITS: Record<string, Editor> = {
  insert_node: {
    message: 'Completed',
    read: (body) => {
      const place = readPlace(body);
      if (place.kind === 'refused') return place;
      return { kind: 'parsed', value: (ctx, id) => placeNode(ctx, id, idOf(body.node_id), place.value) };
    },
  },
  remove_node: {
    message: 'Node removed',
    read: (body) => ({
      kind: 'parsed',
      value: (ctx, id) => changeGraph(ctx, id, (graph) => removeNode(graph, idOf(body.node_id))),
    }),
  },
  change_parameter: {
    message: 'Parameter updated',
    read: ({ node_id, parameter_name: name, parameter_value: value }) => {
      if (typeof name !== 'string') return { kind: 'refused', message: 'No parameter name' };
      if (value === undefined || value === null) return { kind: 'refused', message: 'No parameter value' };
      return {
        kind: 'parsed',
        value: (ctx, id) => changeGraph(ctx, id, (graph) => changeParameter(graph, idOf(node_id), name, value)),
      };
    },
  },
  create_link: { message: 'Completed', read: link(createLink) },
  remove_link: { message: 'Completed', read: link(removeLink) },
};

export const graphNodeRoutes: PlynxRoute[] = [
  {
    id: 'listGraphNodes',
    method: 'get',
    path: '/graphs/:id/nodes/:action',
    policy: listGraphNodes.permission,
    run: list,
  },
  { id: 'editGraph', method: 'post', path: '/graphs/:id/nodes/:action', policy: changeGraph.permission, run: edit },
];

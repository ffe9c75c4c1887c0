import { expect, it } from 'vitest';
import { type FileType, fileType } from '../../src/plynx/files/file-type.rules';
import { previewFile } from '../../src/plynx/files/preview-file.rules';
import { baseNodeName, newNode } from '../../src/plynx/document/base-node.rules';
import { createLink, type Edited, insertNode, removeLink, removeNode } from '../../src/plynx/edit/edit-graph.rules';
import { changeParameter, patchGraph } from '../../src/plynx/edit/change-values.rules';
import { type Graph, newGraph, parseGraph, parseNode } from '../../src/plynx/document/graph.schema';
import { needsAuthor } from '../../src/plynx/edit/graph-action.rules';
import { isForAuthor, planNodeAction } from '../../src/plynx/edit/node-action.rules';
import type { Node } from '../../src/plynx/document/node.schema';
import { withStoredStatuses } from '../../src/plynx/document/node-versions.rules';
import { newObjectId } from '../../src/plynx/document/object-id.rules';
import { planGraphActions } from '../../src/plynx/edit/plan-graph-actions.rules';
import { previewCommand } from '../../src/plynx/run/script.rules';
import { plainText } from '../../src/plynx/run/plain-template.rules';
import { readActions, readLink, readPlace, readSearch } from '../../src/plynx/http/requests';
import { failed, RESOURCES_DICT, toGraphActions, toValidationError } from '../../src/plynx/http/forms';
import lines from '../fixtures/plynx/recorded.jsonl?raw';
import { createReplay, differences, mask, readRecording, type RecordedCall } from './plynx-masking';

/**
 * Replays, in their order and without a server, the recorded calls that rules alone decide: graphs and nodes are kept in two maps and
 * every decision is taken by src/core. What differs on purpose stands in IMPROVED with its reason.
 */
const AUTHOR = '6b02f05c3d1665588f87c588';
const BOB = '6b02f05d3d1665588f87c589';
const ORIGIN = 'http://localhost:3001';
const FOLDER = '/tmp/00000000-0000-0000-0000-000000000000';

const IMPROVED = new Map([
  ['node.save.bad_int_param', 'a mistake of the client is 400, not 500'],
  ['node.save.bad_param_type', 'a mistake of the client is 400, not 500'],
  ['node.save.bad_id', 'a mistake of the client is 400, not 500'],
  ...['graph.generate_code', 'graph.multi', 'graph.single.generate_code'].map((name): [string, string] => [
    name,
    'the code is valid Python: `in` is one of its words',
  ]),
  ['graph.rearrange_empty', 'a mistake of the client is 400, not 500'],
  ['graph.doc_key_action', 'a mistake of the client is 400, not 500'],
  ['graph.upgrade.nodb_parent', 'a mistake of the client is 400, not 500'],
  ['gnodes.insert_str_xy', 'a mistake of the client is 400, not 500'],
  ['gnodes.link_self', 'a mistake of the client is 400, not 500'],
  ['gnodes.param_bad_type', 'a mistake of the client is 400, not 500'],
  ['search_nodes.bad_per_page', 'a mistake of the client is 400, not 500'],
  ['graph.validate_cycle', 'the documents promise that cycles are found'],
  ['graph.validate_dangling', 'a link from nowhere is found'],
  ['graph.run.approve_again', 'the stored status counts: a graph is started once'],
]);

/** Calls that PLynx refuses and Portico takes, which would leave another graph behind than the recorded one had. */
const NOT_SENT = new Map([
  ['graph.action_singular', 'the documents say `action`: it works'],
  ['graph.string_actions', 'a single action as text works'],
]);

interface Answer {
  status: number;
  body: Record<string, unknown>;
}
const answer = (status: number, body: Record<string, unknown>): Answer => ({ status, body });
const isBob = (call: RecordedCall) => call.auth.startsWith('<token>');

function createMemory() {
  const graphs = new Map<string, Graph>();
  const nodes = new Map<string, Node>();
  const shown = (graph: Graph) =>
    withStoredStatuses(graph, new Map(Array.from(nodes.values(), (node) => [node._id, node.node_status])));

  function postNode(call: RecordedCall): Answer {
    const { node: posted, action } = call.req as { node: unknown; action: string };
    const read = parseNode(posted);
    if (read.kind === 'refused') return answer(400, failed(read.message));
    const author = isBob(call) ? BOB : AUTHOR;
    const node = { ...read.value, author };
    const stored = nodes.get(node._id);
    if (stored && stored.author !== author && isForAuthor(action)) return answer(403, failed('Permission denied'));
    const plan = planNodeAction(action, node, stored);
    const saved = { status: 'SUCCESS', message: `Node(_id=\`${node._id}\`) successfully updated` };
    switch (plan.kind) {
      case 'refused':
        return answer(200, failed(plan.message));
      case 'invalid': {
        const validation_error = toValidationError(plan.error);
        return answer(200, { status: 'VALIDATION_FAILED', message: 'Node validation failed', validation_error });
      }
      case 'preview':
        return answer(200, {
          status: 'SUCCESS',
          message: 'Successfully created preview',
          preview_text: previewText(node),
        });
      case 'save':
        nodes.set(node._id, plan.node);
        return answer(200, saved);
      case 'valid':
        return answer(200, saved);
    }
  }

  function actOn(graph: Graph, actions: string[], author: string): Answer {
    const stored = graphs.get(graph._id);
    if (stored && stored.author !== author && needsAuthor(actions)) return answer(403, failed('Permission denied'));
    const plan = planGraphActions(actions, {
      graph: { ...graph, author },
      storedStatus: stored?.graph_running_status,
      stored: nodes,
      clone: { id: newObjectId(), author },
    });
    for (const write of plan.writes) graphs.set(write.graph._id, write.graph);
    if (plan.kind !== 'answered') return answer(plan.kind === 'refused' ? 200 : 400, failed(plan.message));
    return answer(200, toGraphActions({ ...plan, postedId: graph._id }, ORIGIN));
  }

  function postGraph(call: RecordedCall): Answer {
    const body = call.req as Record<string, unknown>;
    const actions = readActions(body);
    const read = parseGraph(body.graph);
    if (actions.kind === 'refused') return answer(400, failed(actions.message));
    if (read.kind === 'refused') return answer(400, failed(read.message));
    return actOn(read.value, actions.value, isBob(call) ? BOB : AUTHOR);
  }

  function singleAction(call: RecordedCall, id: string, action: string): Answer {
    const graph = graphs.get(id);
    if (!graph) return answer(404, failed('Graph was not found'));
    return actOn(shown(graph), [action.toUpperCase()], isBob(call) ? BOB : AUTHOR);
  }

  function patch(call: RecordedCall, id: string): Answer {
    const graph = graphs.get(id);
    const part = call.req as Record<string, unknown> | null;
    if (!part || Object.keys(part).length === 0) return answer(400, failed('Expected json data'));
    if (!graph) return answer(404, failed('Graph was not found'));
    if (isBob(call)) return answer(403, failed('Permission denied'));
    const read = patchGraph(graph, part);
    if (read.kind === 'refused') return answer(400, failed(read.message));
    graphs.set(id, read.value);
    return answer(200, { status: 'success', message: 'Successfully updated', graph: read.value });
  }

  function edit(call: RecordedCall, id: string, action: string): Answer {
    const graph = graphs.get(id)!;
    const body = call.req as Record<string, unknown> | null;
    if (isBob(call)) return answer(403, failed('Permission denied'));
    if (!body || Object.keys(body).length === 0) return answer(400, failed('Empty body'));
    const edited = planEdit(graph, action, body);
    if (edited.kind === 'absent') return answer(404, failed(edited.message));
    if (edited.kind === 'invalid') return answer(400, failed(edited.message));
    graphs.set(id, edited.graph);
    const message = MESSAGES[action] ?? 'Completed';
    return answer(200, { status: 'success', message, ...(edited.node && { node: edited.node }) });
  }

  function planEdit(graph: Graph, action: string, body: Record<string, unknown>): Edited {
    const nodeId = String(body.node_id);
    if (action === 'insert_node') {
      const stored = nodes.get(nodeId);
      const place = readPlace(body);
      if (!stored) return { kind: 'absent', message: 'Node was not found' };
      return place.kind === 'parsed'
        ? insertNode(graph, stored, { id: newObjectId(), ...place.value })
        : { kind: 'invalid', message: place.message };
    }
    if (action === 'remove_node') return removeNode(graph, nodeId);
    if (action === 'change_parameter') {
      if (typeof body.parameter_name !== 'string') return { kind: 'invalid', message: 'No parameter name' };
      if (body.parameter_value === undefined) return { kind: 'invalid', message: 'No parameter value' };
      return changeParameter(graph, nodeId, body.parameter_name, body.parameter_value);
    }
    if (action !== 'create_link' && action !== 'remove_link') {
      return { kind: 'invalid', message: `Unknown action \`${action}\`` };
    }
    const ends = readLink(body);
    if (ends.kind === 'refused') return { kind: 'invalid', message: ends.message };
    if (action === 'create_link') return createLink(graph, ends.value.from, ends.value.to);
    return removeLink(graph, ends.value.from, ends.value.to);
  }

  return { graphs, nodes, shown, postNode, postGraph, singleAction, patch, edit };
}

const MESSAGES: Record<string, string> = { remove_node: 'Node removed', change_parameter: 'Parameter updated' };

function previewText(node: Node): string {
  const preview = previewCommand(node, FOLDER);
  if (preview.kind === 'refused') throw new Error(preview.message);
  if (preview.kind === 'text') return preview.text;
  // No template of the recording needs more.
  return `${preview.header}${plainText(preview.template)}`;
}

/** The calls that rules decide, by method and path; the others need people, storage or a run. */
function answerOf(memory: ReturnType<typeof createMemory>, call: RecordedCall): Answer | undefined {
  const [, noun, id, part, action] = call.path.split('/');
  if (typeof call.req === 'string') return undefined;
  if (call.method === 'POST' && call.path === '/nodes') {
    const { node, action: nodeAction } = call.req as Record<string, unknown>;
    return node && nodeAction ? memory.postNode(call) : undefined;
  }
  if (call.method === 'POST' && call.path === '/graphs') return memory.postGraph(call);
  if (call.method === 'PATCH' && noun === 'graphs') return memory.patch(call, id!);
  if (call.method === 'GET' && noun === 'nodes') {
    const base = baseNodeName(id!);
    return base && answer(200, { data: newNode(base), resources_dict: RESOURCES_DICT, status: 'success' });
  }
  if (call.method === 'GET' && call.path === '/graphs/new') {
    return answer(200, { data: newGraph(), status: 'success', resources_dict: RESOURCES_DICT });
  }
  if (call.method === 'GET' && part === 'nodes' && action === 'list_nodes') {
    return answer(200, { status: 'success', message: 'Completed', nodes: memory.shown(memory.graphs.get(id!)!).nodes });
  }
  if (call.method === 'POST' && part === 'nodes') return memory.edit(call, id!, action!);
  if (call.method === 'POST' && noun === 'graphs' && part) return memory.singleAction(call, id!, part);
  if (call.path.startsWith('/search_') && call.method === 'POST' && call.status >= 400 && call.req) {
    const read = readSearch(call.req as Record<string, unknown>, call.path === '/search_nodes');
    return read.kind === 'parsed' ? undefined : answer(400, failed(read.message));
  }
  return undefined;
}

/** Runs leave other statuses than rules do: from the first approved graph on only graphs that never ran are compared. */
const needsRun = (call: RecordedCall) =>
  /^graph\.(run\.(single|update|cancel|insert)|cache|fail|cancel\.)/.test(call.case);

it('answers as recorded', () => {
  const memory = createMemory();
  const replay = createReplay();
  const found: Record<string, string[]> = {};
  let compared = 0;
  for (const recorded of readRecording(lines)) {
    if (recorded.case === 'upload.csv') storeFile(memory, recorded);
    if (needsRun(recorded) || NOT_SENT.has(recorded.case)) continue;
    const given = answerOf(memory, replay.translate(recorded));
    if (!given) continue;
    compared += 1;
    replay.learn(recorded.resp, given.body);
    const different = differences(
      mask({ status: recorded.status, body: recorded.resp }),
      mask({ status: given.status, body: JSON.parse(JSON.stringify(given.body)) }),
    );
    if (different.length > 0) found[recorded.case] = different;
  }
  const improved = Object.keys(found).filter((name) => IMPROVED.has(name));
  expect(improved.sort()).toEqual([...IMPROVED.keys()].sort());
  for (const name of improved) delete found[name];
  expect(found).toEqual({});
  expect(compared).toBeGreaterThan(100);
});

function storeFile(memory: ReturnType<typeof createMemory>, { resp }: RecordedCall): void {
  const read = parseNode((resp as { node: unknown }).node);
  if (read.kind === 'parsed') memory.nodes.set(read.value._id, read.value);
}

const previews = readRecording(lines).filter(
  ({ case: name, status, params }) =>
    name.startsWith('resource.preview') && status === 200 && fileType(params?.file_type ?? ''),
);
const CONTENTS: Record<string, Uint8Array> = {
  'resource.preview.binary': Uint8Array.of(0, 255, 1),
  'resource.preview.json_ok': new TextEncoder().encode('{"a": [1, 2]}'),
};
it.each(previews.map((call) => [call.case, call] as const))('%s looks as recorded', (name, call) => {
  const bytes = CONTENTS[name] ?? new TextEncoder().encode('a,b\n1,2\n');
  const preview = previewFile(call.params!.file_type as FileType, bytes, `/plynx/api/v0${call.path}`);
  expect(preview).toEqual({ kind: 'html', html: call.resp_text });
});

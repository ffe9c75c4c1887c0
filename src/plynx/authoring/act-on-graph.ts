import type { IfMatch } from '../../core/access/revision';
import type { Context } from '../../core/access/context';
import { verb } from '../../core/access/verb';
import { ApiError } from '../../kernel/errors';
import type { Graph } from '../document/graph.schema';
import { planGraphAction } from '../edit/graph-action.rules';
import { readVersions, runStoredGraphAction } from '../edit/run-graph-actions';
import type { StoredNodes } from '../edit/upgrade-nodes.rules';
import { emptyCommandWarnings } from '../run/empty-command.rules';
import { findGraph, shownGraphs } from '../run/find-graph';
import { cancelRun, startRun } from '../run/run-lifecycle';
import type { ValidationIssue } from '../validate/validation.rules';
import { findEditable, findOwn, withDraft } from './find-own-graph';
import { getEditedGraph } from './get-edited-graph';
import { toIssueList, toPointedIssues } from './graph-issues.rules';
import type { CheckedGraph, EditedGraph, GraphDraft } from './graph-editor.schema';
import { saveOver } from './save-edited-graph';

/** Returns the stored graph with the parts of a draft, and with the current statuses of its operations. Throws 404. */
async function readDraft(ctx: Context, id: string, draft: GraphDraft): Promise<Graph> {
  const { graph } = await findGraph(ctx, id);
  const [shown] = await shownGraphs(ctx, [withDraft(graph, draft)]);
  return shown!;
}

/** Plans one action that stores nothing. Throws 422 for a graph that it cannot process. */
function plan(action: 'REARRANGE' | 'UPGRADE_NODES' | 'GENERATE_CODE', graph: Graph, stored: StoredNodes = new Map()) {
  const clone = { id: graph._id, author: '' };
  const planned = planGraphAction(action, { graph, storedStatus: undefined, stored, clone });
  if (planned.kind === 'done') return planned;
  throw unusable(planned.kind === 'invalid' ? 'The graph is not valid.' : planned.message);
}

const unusable = (message: string): ApiError =>
  new ApiError('invalid_input', message, { issues: [{ pointer: '#/nodes', code: 'invalid', message }] });

/** Returns why a draft could not run, at most 100 issues, and what in it probably is a mistake. Stores nothing. */
export const checkGraph = verb('graph.read', async (ctx, id: string, draft: GraphDraft): Promise<CheckedGraph> => {
  const graph = await readDraft(ctx, id, draft);
  return { issues: toIssueList(validate(graph)), warnings: emptyCommandWarnings(graph.nodes) };
});

/** Returns the issues of a graph; undefined without any. */
function validate(graph: Graph): ValidationIssue | undefined {
  const planned = planGraphAction('VALIDATE', {
    graph,
    storedStatus: undefined,
    stored: new Map(),
    clone: { id: graph._id, author: '' },
  });
  return planned.kind === 'invalid' ? planned.error : undefined;
}

/** Returns the nodes of a draft at new places, by the flow of its links. Stores nothing. */
export const arrangeDraft = verb('graph.read', async (ctx, id: string, draft: GraphDraft) => ({
  nodes: plan('REARRANGE', await readDraft(ctx, id, draft)).graph.nodes,
}));

/** Returns the nodes of a draft with outdated operations replaced by their successors. Stores nothing. */
export const upgradeDraft = verb('graph.read', async (ctx, id: string, draft: GraphDraft) => {
  const graph = await readDraft(ctx, id, draft);
  const { graph: upgraded, upgraded: count = 0 } = plan('UPGRADE_NODES', graph, await readVersions(ctx, graph));
  return { nodes: upgraded.nodes, upgraded: count };
});

/** Returns a Python script that makes the same graph with PLynx's client. */
export const renderGraphCode = verb('graph.read', async (ctx, id: string) => ({
  code: plan('GENERATE_CODE', await readDraft(ctx, id, {})).code ?? '',
}));

/** Approves a graph and starts its run. Throws 422 with its issues, 412 for another revision, 409 once it is approved. */
export const startGraph = verb('graph.write', async (ctx, id: string, ifMatch: IfMatch): Promise<EditedGraph> => {
  const found = await findEditable(ctx, id, ifMatch);
  const [graph] = await shownGraphs(ctx, [found.graph]);
  const planned = planGraphAction('APPROVE', {
    graph: graph!,
    storedStatus: found.row.status,
    stored: new Map(),
    clone: { id, author: '' },
  });
  if (planned.kind === 'invalid')
    throw new ApiError('invalid_input', 'The graph cannot run.', { issues: toPointedIssues(graph!, planned.error) });
  if (planned.kind !== 'done') throw unusable(planned.message);
  await saveOver(ctx, found, planned.graph, 'approve');
  await startRun(ctx, id);
  return getEditedGraph(ctx, id);
});

/** Cancels the run of a graph. A run that has ended stays as it is. Throws 404, 403. */
export const stopGraph = verb('graph.write', async (ctx, id: string): Promise<EditedGraph> => {
  await findOwn(ctx, id);
  await cancelRun(ctx, id);
  return getEditedGraph(ctx, id);
});

/** Stores a copy of a graph, not run, as the actor's. Throws 404. */
export const copyGraph = verb('graph.write', async (ctx, id: string): Promise<EditedGraph> => {
  const copied = await runStoredGraphAction(ctx, id, 'CLONE');
  if (copied.kind !== 'answered') throw unusable(copied.message);
  return getEditedGraph(ctx, copied.graph._id);
});

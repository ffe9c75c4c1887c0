import { verb } from '../../core/access/verb';
import type { GraphRow } from '../../storage/plynx/graphs';
import type { Context } from '../../core/access/context';
import { notFound } from '../../kernel/errors';
import { permissionDenied } from './permission-denied';
import { newObjectId } from '../document/object-id.rules';
import { objectIdOfUser } from '../document/user-object-id.rules';
import { findGraph, shownGraphs } from '../run/find-graph';
import { frozenMessage, needsAuthor } from './graph-action.rules';
import type { Graph } from '../document/graph.schema';
import { type GraphActionsPlan, type GraphWrite, planGraphActions } from './plan-graph-actions.rules';
import { cancelRun, startRun } from '../run/run-lifecycle';
import { saveGraph } from './save-graph';
import { nodesToRead, type StoredNodes } from './upgrade-nodes.rules';

/** Result of a row of actions: as planned, and written. */
export type GraphActionsResult =
  | { kind: 'refused' | 'unusable'; message: string }
  | Omit<Extract<GraphActionsPlan, { kind: 'answered' }>, 'writes'>;

/** Maximum of actions per request: each may write. */
const MAX_ACTIONS = 100;
/** Maximum of nodes that the actions of one request process together: some seconds of work. */
const MAX_NODES = 100_000;
/** Maximum of successors that UPGRADE_NODES follows from one node. */
const MAX_VERSIONS = 100;

/**
 * Performs actions on a posted graph, in their order: the ones before a refused one stay done. Throws 403, and performs none, for an action
 * that is for the author alone on another user's graph.
 */
export const runGraphActions = (ctx: Context, posted: Graph, actions: readonly string[]): Promise<GraphActionsResult> =>
  (writes(actions) ? writePosted : readPosted)(ctx, posted, actions);

/** Performs one action on the stored graph. Throws 404. */
export const runStoredGraphAction = (ctx: Context, id: string, action: string): Promise<GraphActionsResult> =>
  (writes([action]) ? writeStored : readStored)(ctx, id, action);

const writes = (actions: readonly string[]): boolean => needsAuthor(actions) || actions.includes('CLONE');

const writePosted = verb('graph.write', performPosted);
const readPosted = verb('graph.read', performPosted);
const writeStored = verb('graph.write', performStored);
const readStored = verb('graph.read', performStored);

async function performPosted(ctx: Context, posted: Graph, actions: readonly string[]): Promise<GraphActionsResult> {
  const actorId = userIn(ctx);
  const message = tooMuch(posted, actions);
  if (message !== undefined) return { kind: 'unusable', message };
  const stored = await ctx.store.graphs.get(posted._id);
  return perform(ctx, actorId, { ...posted, author: objectIdOfUser(actorId) }, stored, actions);
}

async function performStored(ctx: Context, id: string, action: string): Promise<GraphActionsResult> {
  const actorId = userIn(ctx);
  const { row, graph } = await findGraph(ctx, id);
  const [shown] = await shownGraphs(ctx, [graph]);
  return perform(ctx, actorId, shown!, row, [action]);
}

function userIn({ actor }: Context): string {
  if (actor.kind !== 'user') throw notFound('user');
  return actor.id;
}

function tooMuch({ nodes }: Graph, { length }: readonly string[]): string | undefined {
  if (length > MAX_ACTIONS) return `A request may have ${MAX_ACTIONS} actions, and this one has ${length}`;
  const most = Math.floor(MAX_NODES / Math.max(nodes.length, 1));
  if (length > Math.max(most, 1))
    return `With ${nodes.length} nodes a request may have ${most} actions, and this one has ${length}`;
  return undefined;
}

async function perform(
  ctx: Context,
  actorId: string,
  graph: Graph,
  stored: GraphRow | undefined,
  actions: readonly string[],
): Promise<GraphActionsResult> {
  if (stored && stored.ownerId !== actorId && needsAuthor(actions)) throw permissionDenied();
  const { writes, ...answer } = planGraphActions(actions, {
    graph,
    storedStatus: stored?.status,
    stored: actions.includes('UPGRADE_NODES') ? await readVersions(ctx, graph) : new Map(),
    clone: { id: newObjectId(ctx.now()), author: objectIdOfUser(actorId) },
  });
  // A graph that an earlier action stored is not `stored` as it was read: its document may be deleted when the next one is stored.
  let before = stored;
  for (const write of writes) {
    if (!(await performWrite(ctx, actorId, write, before))) return overtaken(ctx, write);
    before = await ctx.store.graphs.get(write.graph._id);
  }
  return answer;
}

async function performWrite(
  ctx: Context,
  ownerId: string,
  { effect, graph }: GraphWrite,
  before: GraphRow | undefined,
): Promise<boolean> {
  switch (effect) {
    case 'save':
      return (await saveGraph(ctx, graph, { ownerId, before, action: 'save' })) === 'done';
    case 'create':
      return (await saveGraph(ctx, graph, { ownerId, before: undefined, action: 'clone' })) === 'done';
    case 'start': {
      if ((await saveGraph(ctx, graph, { ownerId, before, action: 'approve' })) !== 'done') return false;
      await startRun(ctx, graph._id);
      return true;
    }
    case 'cancel':
      return cancelRun(ctx, graph._id);
  }
}

// A concurrent request came first: the status shows its result.
async function overtaken(ctx: Context, { effect, graph }: GraphWrite): Promise<GraphActionsResult> {
  const now = await ctx.store.graphs.get(graph._id);
  const status = now?.status ?? 'CREATED';
  const expected = effect === 'cancel' ? 'RUNNING' : 'CREATED';
  const message =
    effect === 'save' ? frozenMessage(status) : `Graph status \`${expected}\` expected. Found \`${status}\``;
  return { kind: 'refused', message };
}

/** Reads the stored nodes for an upgrade, one round of reads per version. */
export async function readVersions(ctx: Context, graph: Graph): Promise<StoredNodes> {
  const known = new Map<string, Graph['nodes'][number] | null>();
  for (let round = 0; round < MAX_VERSIONS; round++) {
    const wanted = nodesToRead(graph, known);
    if (wanted.length === 0) break;
    for (const id of wanted) known.set(id, null);
    for (const { id, doc } of await ctx.store.nodes.getAll(wanted)) known.set(id, doc);
  }
  return known;
}

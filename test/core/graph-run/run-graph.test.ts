import { env } from 'cloudflare:workers';
import { beforeAll, expect, it, vi } from 'vitest';
import type { Context } from '../../../src/core/context';
import { fileKey } from '../../../src/core/file/file-key.rules';
import { getGraph } from '../../../src/core/graph/get-graph';
import type { Graph } from '../../../src/core/graph/graph.schema';
import { runGraphActions } from '../../../src/core/graph/run-graph-actions';
import { runGraph, type RunSteps } from '../../../src/core/graph/run/run-graph';
import { tendRuns } from '../../../src/core/graph/run/tend-runs';
import type { OperationOutcome } from '../../../src/runtime/operation-outcome';
import { testContext } from '../../support/context';
import { graphOfNodes, operation } from '../../support/graphs';
import { ensureAdmin } from '../../support/publish';

beforeAll(ensureAdmin);

const fileKeys = async (): Promise<string[]> =>
  (await env.FILES.list({ prefix: 'files/' })).objects.map(({ key }) => key);

const left = (content: string): OperationOutcome => ({
  exitCode: 0,
  error: undefined,
  outputs: new Map([['out', Uint8Array.from(new TextEncoder().encode(content))]]),
  logs: new Map(),
});

/** A context whose shell only notes what ran and how much at once, and whose runs nobody starts. */
function counting(whenRun: (code: string) => Promise<void> = () => Promise.resolve()) {
  const base = testContext();
  const ran: string[] = [];
  let inFlight = 0;
  let most = 0;
  const shell: Context['operations']['shell'] = async ({ script }) => {
    ran.push(script);
    most = Math.max(most, ++inFlight);
    try {
      await whenRun(script);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return left(script);
    } finally {
      inFlight -= 1;
    }
  };
  const graphRuns = {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    goesOn: () => Promise.resolve(false),
  };
  const ctx: Context = { ...base, graphRuns, operations: { ...base.operations, shell } };
  return { ctx, ran, most: () => most };
}

/** Steps that remember what ended, as a Workflow does, for as long as the machine stands. */
function steps(memory = new Map<string, unknown>()): RunSteps & { memory: Map<string, unknown> } {
  return {
    memory,
    giveWay: () => Promise.resolve(),
    once: async (name, _timeout, work) => {
      if (!memory.has(name)) memory.set(name, await work());
      return memory.get(name) as Awaited<ReturnType<typeof work>>;
    },
  };
}

async function approved(ctx: Context, graph: Graph): Promise<Graph> {
  expect(await runGraphActions(ctx, graph, ['APPROVE'])).toMatchObject({ kind: 'answered', error: undefined });
  return graph;
}

it('has at most four nodes in flight, and all of four', async () => {
  const { ctx, ran, most } = counting();
  const graph = await approved(
    ctx,
    graphOfNodes(...Array.from({ length: 12 }, (_, at) => operation('bash_jinja2', `n${at}`))),
  );
  expect(await runGraph(ctx, graph._id, steps())).toBe('SUCCESS');
  expect([ran.length, most()]).toEqual([12, 4]);
});

it('gives way before it begins and before each node, so that a thread for all serves others meanwhile', async () => {
  const { ctx } = counting();
  const graph = await approved(ctx, graphOfNodes(...['a', 'b'].map((code) => operation('bash_jinja2', code))));
  const did: string[] = [];
  const noting: RunSteps = {
    giveWay: async () => void did.push('give way'),
    once: (name, _timeout, work) => {
      did.push(name.split(' ')[0]!);
      return work();
    },
  };
  expect(await runGraph(ctx, graph._id, noting)).toBe('SUCCESS');
  expect(did).toEqual(['give way', 'begin', 'give way', 'give way', 'node', 'node', 'finish']);
});

it('a log that was kept while its node ran stays when the end brings none', async () => {
  const { ctx } = counting();
  const graph = await approved(ctx, graphOfNodes(operation('bash_jinja2', 'a')));
  const bytes = new TextEncoder().encode('said');
  const shell: Context['operations']['shell'] = async (_job, _files, _timeoutMs, sink) => {
    sink?.('stdout', bytes);
    sink?.('worker', bytes);
    sink?.('nosuch', bytes);
    await vi.waitUntil(async () => (await ctx.store.nodeRuns.of(graph._id))[0]?.logs.stdout);
    return { exitCode: 124, error: 'timeout', outputs: new Map(), logs: new Map() };
  };
  expect(await runGraph({ ...ctx, operations: { ...ctx.operations, shell } }, graph._id, steps())).toBe('FAILED');
  const [run] = await ctx.store.nodeRuns.of(graph._id);
  expect(Object.keys(run!.logs).toSorted()).toEqual(['stdout', 'worker']);
  expect(await ctx.store.blobs.text(fileKey(run!.logs.stdout!))).toBe('said');
  expect(await ctx.store.blobs.text(fileKey(run!.logs.worker!))).toContain('killed: timed out');
});

it('a log that cannot be kept while its node runs does not fail the node', async () => {
  const { ctx } = counting();
  const graph = await approved(ctx, graphOfNodes(operation('bash_jinja2', 'a')));
  const keepLogs = () => Promise.reject(new Error('the store is away'));
  const store = { ...ctx.store, nodeRuns: { ...ctx.store.nodeRuns, keepLogs } };
  const shell: Context['operations']['shell'] = async (_job, _files, _timeoutMs, sink) => {
    sink?.('stdout', new TextEncoder().encode('said'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { ...left('x'), logs: new Map([['stdout', Uint8Array.from(new TextEncoder().encode('said it all'))]]) };
  };
  const away = { ...ctx, store, operations: { ...ctx.operations, shell } };
  expect(await runGraph(away, graph._id, steps())).toBe('SUCCESS');
  const [run] = await ctx.store.nodeRuns.of(graph._id);
  expect(await ctx.store.blobs.text(fileKey(run!.logs.stdout!))).toBe('said it all');
});

it.each([
  ['with the memory of its steps', true],
  ['with nothing but the store', false],
])('after a restart in the middle repeats no finished node, %s', async (_, remembers) => {
  const { ctx, ran } = counting();
  const a = operation('bash_jinja2', 'a');
  const b = operation('bash_jinja2', 'b', [a]);
  const c = operation('bash_jinja2', 'c', [b]);
  const graph = await approved(ctx, graphOfNodes(a, b, c));
  const first = steps();
  const dying: RunSteps = {
    ...first,
    once: (name, timeout, work) =>
      name.endsWith(c._id) || name.startsWith('lost')
        ? Promise.reject(new Error('the machine went away'))
        : first.once(name, timeout, work),
  };
  await expect(runGraph(ctx, graph._id, dying)).rejects.toThrow('went away');
  expect(ran).toEqual(['a', 'b']);
  expect(await runGraph(ctx, graph._id, steps(remembers ? first.memory : new Map()))).toBe('SUCCESS');
  expect(ran).toEqual(['a', 'b', 'c']);
});

it('a node that was in flight when the machine went away starts anew, with the log that it has', async () => {
  const { ctx, ran } = counting();
  const a = operation('bash_jinja2', 'a');
  const graph = await approved(ctx, graphOfNodes(a));
  const worker = crypto.randomUUID();
  await ctx.store.graphs.setStatus(graph._id, ['READY'], 'RUNNING', ctx.now()).run();
  await ctx.store.nodeRuns.start(graph._id, a._id, { worker }, ctx.now());
  expect(await runGraph(ctx, graph._id, steps())).toBe('SUCCESS');
  expect(ran).toEqual(['a']);
  expect((await ctx.store.nodeRuns.get(graph._id, a._id))?.logs).toEqual({ worker });
});

it('what ends after a cancel changes nothing', async () => {
  const graph = graphOfNodes(operation('bash_jinja2', 'a'));
  const { ctx } = counting(async () => {
    await ctx.store.graphs.setStatus(graph._id, ['RUNNING'], 'CANCELED', ctx.now()).run();
    await ctx.store.nodeRuns.cancel(graph._id, ctx.now()).run();
  });
  await approved(ctx, graph);
  const before = await fileKeys();
  expect(await runGraph(ctx, graph._id, steps())).toBe('CANCELED');
  const { graph: shown } = await getGraph(ctx, graph._id);
  expect([shown.graph_running_status, shown.nodes[0]!.node_running_status]).toEqual(['CANCELED', 'CANCELED']);
  // The log that the node has is all that is left of it.
  const log = shown.nodes[0]!.logs.find(({ name }) => name === 'worker')!.resource_id;
  expect((await fileKeys()).filter((key) => !before.includes(key))).toEqual([`files/${log}`]);
});

it('a graph of files only is a success', async () => {
  const { ctx } = counting();
  const file = {
    ...operation('bash_jinja2', ''),
    base_node_name: 'file',
    node_running_status: 'STATIC' as const,
    inputs: [],
  };
  const graph = await approved(ctx, graphOfNodes(file));
  expect(await runGraph(ctx, graph._id, steps())).toBe('SUCCESS');
});

it('a lost run is ended, and an approval whose run never began is open again; one that goes on is left alone', async () => {
  const { ctx } = counting();
  const [ready, running, alive] = [1, 2, 3].map(() => graphOfNodes(operation('bash_jinja2', 'a')));
  for (const graph of [ready!, running!, alive!]) await approved(ctx, graph);
  for (const graph of [running!, alive!]) {
    await ctx.store.graphs.setStatus(graph._id, ['READY'], 'RUNNING', ctx.now()).run();
    await ctx.store.nodeRuns.start(graph._id, graph.nodes[0]!._id, {}, ctx.now());
  }
  const statuses = async () =>
    Promise.all(
      [ready!, running!, alive!].map(async ({ _id }) => (await getGraph(ctx, _id)).graph.graph_running_status),
    );
  const graphRuns = { ...ctx.graphRuns, goesOn: (id: string) => Promise.resolve(id === alive!._id) };
  await tendRuns({ ...ctx, graphRuns });
  expect(await statuses()).toEqual(['READY', 'RUNNING', 'RUNNING']);
  expect(await tendRuns({ ...ctx, graphRuns, now: () => ctx.now() + 3 * 60_000 })).toMatchObject({ failed: 1 });
  expect(await statuses()).toEqual(['CREATED', 'FAILED', 'RUNNING']);
});

it('is there to be approved again when its run could not begin', async () => {
  const { ctx } = counting();
  const graph = graphOfNodes(operation('bash_jinja2', 'a'));
  const away = { ...ctx, graphRuns: { ...ctx.graphRuns, start: () => Promise.reject(new Error('no Workflow')) } };
  await expect(runGraphActions(away, graph, ['APPROVE'])).rejects.toThrow('no Workflow');
  await approved(ctx, graph);
});

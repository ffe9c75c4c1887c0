import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Context } from '../../../src/core/access/context';
import { fileKey } from '../../../src/plynx/files/file-key.rules';
import { getGraph } from '../../../src/plynx/edit/get-graph';
import type { Graph } from '../../../src/plynx/document/graph.schema';
import { runGraphActions } from '../../../src/plynx/edit/run-graph-actions';
import { stopGraph } from '../../../src/plynx/authoring/act-on-graph';
import { createGraphRuns } from '../../../src/platform/graph-runs';
import { failNode } from '../../../src/plynx/run/end-node';
import { keepLogs } from '../../../src/plynx/run/live-logs';
import { runNode } from '../../../src/plynx/run/run-node';
import { MAX_QUERIES, runGraph, type RunSteps, SIGN_OF_LIFE_MS } from '../../../src/plynx/run/run-graph';
import { reapStalledRuns } from '../../../src/plynx/run/reap-stalled-runs';
import type { OperationOutcome } from '../../../src/runtime/operations/operation-outcome';
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

/** A context whose shell only notes what ran and how much at once, and whose runs do not start. */
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
    startPart: () => Promise.resolve(true),
    stop: () => Promise.resolve(),
    resume: () => Promise.resolve(),
    isRunning: () => Promise.resolve(false),
  };
  const ctx: Context = { ...base, graphRuns, operations: { ...base.operations, shell } };
  return { ctx, ran, most: () => most };
}

/** Steps that remember what ended, as a Workflow does, for as long as the machine stands. */
function steps(memory = new Map<string, unknown>()): RunSteps & { memory: Map<string, unknown> } {
  return {
    memory,
    yieldThread: () => Promise.resolve(),
    part: 1,
    queries: () => 0,
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

it('yields before it begins and before each node, so that one thread serves other requests', async () => {
  const { ctx } = counting();
  const graph = await approved(ctx, graphOfNodes(...['a', 'b'].map((code) => operation('bash_jinja2', code))));
  const did: string[] = [];
  const noting: RunSteps = {
    yieldThread: async () => void did.push('give way'),
    part: 1,
    queries: () => 0,
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
    await vi.waitUntil(async () => (await ctx.store.nodeRuns.of(graph._id))[0]?.logs.stdout, { timeout: 20_000 });
    return { exitCode: 124, error: 'timeout', outputs: new Map(), logs: new Map() };
  };
  expect(await runGraph({ ...ctx, operations: { ...ctx.operations, shell } }, graph._id, steps())).toBe('FAILED');
  const [run] = await ctx.store.nodeRuns.of(graph._id);
  expect(Object.keys(run!.logs).toSorted()).toEqual(['stdout', 'worker']);
  expect(await ctx.store.blobs.text(fileKey(run!.logs.stdout!))).toBe('said');
  expect(await ctx.store.blobs.text(fileKey(run!.logs.worker!))).toContain('killed: timed out');
});

it('a log is kept up to a megabyte while its node runs, whatever its isolate sends', async () => {
  const { ctx } = counting();
  const [graphId, nodeId] = ['5d0000000000000000000001', '5d0000000000000000000002'];
  await ctx.store.graphs
    .save({
      id: graphId,
      ownerId: 'usr_admin',
      title: '',
      description: '',
      words: '',
      status: 'RUNNING',
      documentKey: 'x',
      createdAt: 0,
      updatedAt: 0,
    })
    .run();
  await ctx.store.nodeRuns.start(graphId, nodeId, { outputs: {}, logs: {} }, 0);
  const before = await fileKeys();
  const live = keepLogs(ctx, { graphId, nodeId, ownerId: 'usr_admin', names: ['stdout'], logs: {} });
  for (let part = 0; part < 3; part++) live.sink('stdout', new Uint8Array(700_000));
  const key = await vi.waitUntil(async () => (await fileKeys()).find((one) => !before.includes(one)), {
    timeout: 20_000,
  });
  const logs = await live.close();
  expect(fileKey(logs.stdout!)).toBe(key);
  expect((await env.FILES.head(key))!.size).toBe(1024 * 1024);
  // Nothing is kept after the end.
  live.sink('stdout', new Uint8Array(1));
  expect(await live.close()).toEqual(logs);
  // And nothing of a node that was canceled while it ran.
  await ctx.store.graphs.setStatus(graphId, ['RUNNING'], 'CANCELED', 1).run();
  await ctx.store.nodeRuns.cancel(graphId, 1).run();
  const after = await fileKeys();
  const late = keepLogs(ctx, { graphId, nodeId, ownerId: 'usr_admin', names: ['stderr'], logs });
  late.sink('stderr', new Uint8Array(1));
  await late.close();
  expect(await fileKeys()).toEqual(after);
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
])('a restart in the middle repeats no finished node, %s', async (_, remembers) => {
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

it('a run continues in further parts, which start no finished node again, and none runs beside another', async () => {
  const { ctx, ran, most } = counting();
  const nodes = Array.from({ length: 7 }, (_, at) => operation('bash_jinja2', `n${at}`));
  const graph = await approved(ctx, graphOfNodes(...nodes, operation('bash_jinja2', 'last', nodes)));
  const started: number[] = [];
  const startPart = async (_: string, part: number) => started.push(part) > 0;
  const inParts = { ...ctx, graphRuns: { ...ctx.graphRuns, startPart } };
  // The first nodes of each part spend all that it has.
  const next = (): RunSteps => {
    const first = ran.length;
    return {
      ...steps(),
      part: started.at(-1) ?? 1,
      queries: () => (ran.length > first ? MAX_QUERIES : MAX_QUERIES - 1),
    };
  };
  const ends = [];
  do ends.push(await runGraph(inParts, graph._id, next()));
  while (ends.at(-1) === 'CONTINUES');
  expect(ends).toEqual(['CONTINUES', 'CONTINUES', 'SUCCESS']);
  expect([started, most()]).toEqual([[2, 3], 4]);
  expect(ran.toSorted()).toEqual(['last', 'n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
});

it('a part whose machine was lost while it handed over only starts the next one', async () => {
  const { ctx, ran } = counting();
  const graph = await approved(ctx, graphOfNodes(operation('bash_jinja2', 'a'), operation('bash_jinja2', 'b')));
  await ctx.store.graphs.setStatus(graph._id, ['READY'], 'RUNNING', ctx.now()).run();
  const started: number[] = [];
  const startPart = async (_: string, part: number) => started.push(part) > 0;
  await ctx.store.graphs.endPart(graph._id, 1, ctx.now());
  const replayed = { ...ctx, graphRuns: { ...ctx.graphRuns, startPart } };
  expect(await runGraph(replayed, graph._id, steps())).toBe('CONTINUES');
  expect([ran, started, (await ctx.store.graphs.get(graph._id))!.part]).toEqual([[], [2], 2]);
  expect(await runGraph(replayed, graph._id, { ...steps(), part: 2 })).toBe('SUCCESS');
  expect(ran.toSorted()).toEqual(['a', 'b']);
});

it('a node in flight at a crash restarts with the log that it has', async () => {
  const { ctx, ran } = counting();
  const a = operation('bash_jinja2', 'a');
  const graph = await approved(ctx, graphOfNodes(a));
  const worker = crypto.randomUUID();
  await ctx.store.graphs.setStatus(graph._id, ['READY'], 'RUNNING', ctx.now()).run();
  await ctx.store.nodeRuns.start(graph._id, a._id, { outputs: {}, logs: { worker } }, ctx.now());
  expect(await runGraph(ctx, graph._id, steps())).toBe('SUCCESS');
  expect(ran).toEqual(['a']);
  expect((await ctx.store.nodeRuns.get(graph._id, a._id))?.logs).toEqual({ worker });
});

it.each(['again', 'never again'] as const)(
  'a node that was lost before its end was stored runs %s, and leaves no file without a row',
  async (runs) => {
    const { ctx } = counting();
    const a = operation('bash_jinja2', 'a');
    const graph = await approved(ctx, graphOfNodes(a));
    await ctx.store.graphs.setStatus(graph._id, ['READY'], 'RUNNING', ctx.now()).run();
    const before = await fileKeys();
    const run = { graph, ownerId: 'usr_admin', run: new Map() };
    const lost: Context = {
      ...ctx,
      store: { ...ctx.store, nodeRuns: { ...ctx.store.nodeRuns, end: () => Promise.reject(new Error('lost')) } },
    };
    await expect(runNode(lost, run, a._id)).rejects.toThrow('lost');
    expect((await ctx.store.nodeRuns.get(graph._id, a._id))?.outputs).toEqual({});
    const ended = runs === 'again' ? await runNode(ctx, run, a._id) : await failNode(ctx, graph._id, a._id, 'lost');
    const named = [...Object.values(ended.outputs), ...Object.values(ended.logs)].map((id) => `files/${id}`);
    expect((await fileKeys()).filter((key) => !before.includes(key)).toSorted()).toEqual(named.toSorted());
    await ctx.store.graphs.setStatus(graph._id, ['RUNNING', 'FAILED_WAITING'], 'CANCELED', ctx.now()).run();
    expect(Object.keys(ended.outputs)).toEqual(runs === 'again' ? ['out'] : []);
  },
);

it('a result after a cancel changes nothing', async () => {
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

describe('stalled runs', () => {
  const LATER_MS = 5 * 60_000;
  /** Approved graphs in these statuses, with a node in flight where they run, and a context in which the platform knows of `known`. */
  async function tending(statuses: ('READY' | 'RUNNING' | 'FAILED_WAITING')[], known: number[]) {
    const { ctx } = counting();
    const graphs = statuses.map(() => graphOfNodes(operation('bash_jinja2', 'a')));
    for (const [at, graph] of graphs.entries()) {
      await approved(ctx, graph);
      if (statuses[at] === 'READY') continue;
      await ctx.store.graphs.setStatus(graph._id, ['READY'], 'RUNNING', ctx.now()).run();
      await ctx.store.nodeRuns.start(graph._id, graph.nodes[0]!._id, { outputs: {}, logs: {} }, ctx.now());
      await ctx.store.graphs.setStatus(graph._id, ['RUNNING'], statuses[at]!, ctx.now()).run();
    }
    const ids = graphs.map(({ _id }) => _id);
    const did: string[] = [];
    const graphRuns: Context['graphRuns'] = {
      start: () => Promise.resolve(),
      startPart: async (id, part) => did.push(`start ${ids.indexOf(id)} ${part}`) > 0,
      stop: async (id) => void did.push(`stop ${ids.indexOf(id)}`),
      resume: async (id) => void did.push(`resume ${ids.indexOf(id)}`),
      isRunning: (id) => Promise.resolve(known.includes(ids.indexOf(id))),
    };
    const shown = () => Promise.all(ids.map(async (id) => (await getGraph(ctx, id)).graph.graph_running_status));
    const at = (now: number): Context => ({ ...ctx, graphRuns, now: () => now });
    return { ctx, graphs, ids, did, at, shown };
  }

  it('a run that the platform gave up is ended, and an approval without a run is reopened', async () => {
    const { ctx, ids, did, at, shown } = await tending(['READY', 'RUNNING', 'FAILED_WAITING'], []);
    expect(await reapStalledRuns(at(ctx.now()))).toEqual({ reopened: 0, resumed: 0, failed: 0 });
    expect(await shown()).toEqual(['READY', 'RUNNING', 'FAILED_WAITING']);
    expect(await reapStalledRuns(at(ctx.now() + LATER_MS))).toMatchObject({ reopened: 1, resumed: 0, failed: 2 });
    expect([await shown(), did]).toEqual([['CREATED', 'FAILED', 'FAILED'], []]);
    const { detail } = (await ctx.runLog.get(`run_${ids[1]}`))!;
    expect(detail.error).toMatchObject({ name: 'RunLost', message: expect.stringContaining('dropped it') });
  });

  it('a silent run is resumed, and a live one left alone', async () => {
    const { ctx, ids, did, at, shown } = await tending(['READY', 'RUNNING', 'RUNNING'], [0, 1, 2]);
    const later = ctx.now() + LATER_MS;
    await ctx.store.graphs.touch(ids[2]!, later - 1000);
    expect(await reapStalledRuns(at(later))).toMatchObject({ reopened: 0, resumed: 2, failed: 0 });
    expect(did.toSorted()).toEqual(['resume 0', 'resume 1']);
    // It has until the next round to show that it lives.
    expect(await reapStalledRuns(at(later + 1000))).toMatchObject({ resumed: 0 });
    expect(await shown()).toEqual(['READY', 'RUNNING', 'RUNNING']);
  });

  it('a part that the one before could not start is started', async () => {
    const { ctx, ids, did, at, shown } = await tending(['RUNNING'], []);
    await ctx.store.graphs.endPart(ids[0]!, 1, ctx.now());
    expect(await reapStalledRuns(at(ctx.now() + LATER_MS))).toMatchObject({ resumed: 1, failed: 0 });
    expect([did, await shown()]).toEqual([['start 0 2'], ['RUNNING']]);
    await ctx.store.graphs.setStatus(ids[0]!, ['RUNNING'], 'CANCELED', ctx.now()).run();
  });

  it('a run of which the platform says nothing stays, and the others are ended', async () => {
    const { ctx, at, shown } = await tending(['RUNNING', 'RUNNING', 'RUNNING'], []);
    const silent = at(ctx.now() + LATER_MS);
    let asked = 0;
    const isRunning = () => (asked++ === 0 ? Promise.reject(new Error('no answer')) : Promise.resolve(false));
    const reaping = reapStalledRuns({ ...silent, graphRuns: { ...silent.graphRuns, isRunning } });
    await expect(reaping).rejects.toThrow('1 stalled runs');
    expect((await shown()).toSorted()).toEqual(['FAILED', 'FAILED', 'RUNNING']);
  });

  it('the platform knows no run of a graph that never began', async () => {
    expect(await createGraphRuns(env.GRAPH_RUN).isRunning('5d1b8469705c1865e288a664', 1)).toBe(false);
    const get = () => Promise.reject(new Error('internal error; reference = 1'));
    const away = createGraphRuns(new Proxy(env.GRAPH_RUN, { get: () => get }));
    await expect(away.isRunning('5d1b8469705c1865e288a664', 1)).rejects.toThrow('internal error');
  });

  it('a run that stalls repeatedly is ended', async () => {
    const { ctx, ids, did, at, shown } = await tending(['RUNNING', 'READY'], [0, 1]);
    let now = ctx.now();
    for (let round = 1; round <= 5; round++)
      expect(await reapStalledRuns(at((now += LATER_MS)))).toMatchObject({ resumed: 2 });
    did.length = 0;
    expect(await reapStalledRuns(at((now += LATER_MS)))).toMatchObject({ resumed: 0, failed: 2 });
    expect(did.toSorted()).toEqual(['stop 0', 'stop 1']);
    expect(await shown()).toEqual(['FAILED', 'FAILED']);
    expect((await ctx.store.nodeRuns.of(ids[0]!))[0]!.status).toBe('CANCELED');
    expect((await ctx.runLog.get(`run_${ids[0]}`))!.detail.error).toMatchObject({
      message: expect.stringContaining('silent 6 times'),
    });
  });

  it('a run gives signs of life while a node takes its time', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const graph = graphOfNodes(operation('bash_jinja2', 'a'));
      const { ctx } = counting(async () => {
        await ctx.store.graphs.touch(graph._id, 1);
        await vi.advanceTimersByTimeAsync(SIGN_OF_LIFE_MS);
        await vi.waitUntil(async () => (await ctx.store.graphs.get(graph._id))!.updatedAt > 1, { timeout: 20_000 });
      });
      await approved(ctx, graph);
      expect(await runGraph(ctx, graph._id, steps())).toBe('SUCCESS');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

it('a run that has not begun can be canceled, and does not begin', async () => {
  const { ctx, ran } = counting();
  const graph = await approved(ctx, graphOfNodes(operation('bash_jinja2', 'a')));
  expect((await stopGraph(ctx, graph._id)).status).toBe('CANCELED');
  expect([await runGraph(ctx, graph._id, steps()), ran]).toEqual(['CANCELED', []]);
  expect(await ctx.runLog.get(`run_${graph._id}`)).toMatchObject({ outcome: 'interrupted' });
});

it('a graph whose run could not begin can be approved again', async () => {
  const { ctx } = counting();
  const graph = graphOfNodes(operation('bash_jinja2', 'a'));
  const away = { ...ctx, graphRuns: { ...ctx.graphRuns, start: () => Promise.reject(new Error('no Workflow')) } };
  await expect(runGraphActions(away, graph, ['APPROVE'])).rejects.toThrow('no Workflow');
  await approved(ctx, graph);
});

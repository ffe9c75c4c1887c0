import { introspectWorkflowInstance } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { getGraph } from '../../src/plynx/edit/get-graph';
import type { Graph } from '../../src/plynx/document/graph.schema';
import { runGraphActions, runStoredGraphAction } from '../../src/plynx/edit/run-graph-actions';
import { MAX_QUERIES, runGraph, type RunSteps } from '../../src/plynx/run/run-graph';
import { reapStalledRuns } from '../../src/plynx/run/reap-stalled-runs';
import { readFile } from '../../src/plynx/files/read-file';
import { toRun } from '../../src/core/runs/get-run';
import { drain, testContext } from '../support/context';
import { graphOfNodes, leaving, operation, script, withParameter } from '../support/graphs';
import { ensureAdmin } from '../support/publish';

const ctx = testContext();
beforeAll(ensureAdmin);

const approve = async (graph: Graph): Promise<void> => {
  expect(await runGraphActions(ctx, graph, ['APPROVE'])).toMatchObject({ kind: 'answered', error: undefined });
};

async function ended(id: string, statuses: string[] = ['SUCCESS', 'FAILED', 'CANCELED']): Promise<Graph> {
  for (let i = 0; i < 300; i++) {
    const { graph } = await getGraph(ctx, id);
    if (statuses.includes(graph.graph_running_status)) return graph;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`graph ${id} goes on and on`);
}

const statusesOf = (graph: Graph) => graph.nodes.map((node) => node.node_running_status);
const text = async (id: string | null | undefined) => new Response((await readFile(ctx, id ?? '')).body).text();
const logOf = (graph: Graph, at: number, name: string) =>
  graph.nodes[at]!.logs.find((one) => one.name === name)!.resource_id;

const ONE = operation('javascript', script("writeText(output.out, 'one\\n');", "console.log('said');"));
const COPY = 'writeText(output.out, readText(input.in[0]));';

describe('a run', () => {
  it('hands files on, keeps logs, and is in the run history', async () => {
    const upper = operation('bash_jinja2', 'tr a-z A-Z < {{ input.in[0] }} > {{ output.out }}', [ONE]);
    const graph = graphOfNodes(ONE, upper);
    await approve(graph);
    const done = await ended(graph._id);
    expect(done.graph_running_status).toBe('SUCCESS');
    expect(await text(done.nodes[1]!.outputs[0]!.resource_id)).toBe('ONE\n');
    expect(await text(logOf(done, 0, 'stdout'))).toBe('said\n');
    expect(logOf(done, 0, 'stderr')).toBeNull();
    // The record follows the status.
    const row = await vi.waitUntil(() => ctx.runLog.get(`run_${graph._id}`), { timeout: 20_000 });
    expect(toRun(row)).toMatchObject({
      kind: 'graph',
      outcome: 'success',
      executor: 'usr_admin',
      steps: [
        { id: ONE._id, outcome: 'success', output: { status: 'SUCCESS' } },
        { id: upper._id, outcome: 'success' },
      ],
    });
  });

  it('fails with its node: what it left is kept, what follows never starts', async () => {
    const fail = operation('bash_jinja2', 'echo half > {{ output.out }}; echo why >&2; exit 3');
    const graph = graphOfNodes(fail, leaving('', [fail]));
    await approve(graph);
    const done = await ended(graph._id);
    expect([done.graph_running_status, ...statusesOf(done)]).toEqual(['FAILED', 'FAILED', 'CREATED']);
    expect(await text(done.nodes[0]!.outputs[0]!.resource_id)).toBe('half\n');
    expect(await text(logOf(done, 0, 'stderr'))).toBe('why\n');
    expect(await text(logOf(done, 0, 'worker'))).toMatch(/# JOB FAILED\n#+\nProcess returned non-zero value$/);
  });

  it.each([
    ['an output that is not there', 'rm {{ output.out }}', /Output `out` is missing$/],
    ['a template that is none', '{{ 1 +', /cannot start/],
  ])('%s is a failure that the worker log explains', async (_, code, words) => {
    const graph = graphOfNodes(operation('bash_jinja2', code));
    await approve(graph);
    const done = await ended(graph._id);
    expect(statusesOf(done)).toEqual(['FAILED']);
    expect(await text(logOf(done, 0, 'worker'))).toMatch(words);
  });

  it('writes to the worker log when there is nothing to run', async () => {
    const graph = graphOfNodes(operation('bash_jinja2', 'set -e\n\n'));
    await approve(graph);
    const done = await ended(graph._id);
    expect(statusesOf(done)).toEqual(['SUCCESS']);
    expect(await text(logOf(done, 0, 'worker'))).toMatch(/# The command is empty: this operation does nothing\n$/);
  });

  it('stops a node at its time limit', async () => {
    const graph = graphOfNodes(withParameter(operation('javascript', script('await pause(30_000);')), '_timeout', 0));
    await approve(graph);
    const done = await ended(graph._id);
    expect(statusesOf(done)).toEqual(['FAILED']);
    expect(await text(logOf(done, 0, 'worker'))).toContain('# killed: timed out after 0 minutes');
  });

  it('takes a cached result over, and records its origin', async () => {
    const node = withParameter(leaving(crypto.randomUUID()), 'cacheable', true);
    const [first, second] = [graphOfNodes(node), graphOfNodes(node)];
    await approve(first);
    const made = await ended(first._id);
    await approve(second);
    const taken = await ended(second._id);
    expect(statusesOf(taken)).toEqual(['RESTORED']);
    expect(taken.nodes[0]!.cache_url).toBe(`https://portico.test/graphs/${first._id}?nid=${node._id}`);
    expect(taken.nodes[0]!.outputs).toEqual(made.nodes[0]!.outputs);
    expect(made.nodes[0]!.node_running_status).toBe('SUCCESS');
  });

  it('starts once, however many approve at the same time', async () => {
    const graph = graphOfNodes(ONE);
    const answers = await Promise.all([1, 2, 3].map(() => runGraphActions(ctx, graph, ['APPROVE'])));
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['answered', 'refused', 'refused']);
    expect((await ended(graph._id)).graph_running_status).toBe('SUCCESS');
  });

  it('is canceled in the middle: running nodes are CANCELED, others stay, and nothing changes later', async () => {
    const slow = operation('javascript', script('await pause(20_000);'));
    const graph = graphOfNodes(slow, leaving('', [slow]));
    await approve(graph);
    await ended(graph._id, ['RUNNING']);
    await vi.waitUntil(async () => (await ctx.store.nodeRuns.of(graph._id)).length > 0, { timeout: 20_000 });
    expect(await runStoredGraphAction(ctx, graph._id, 'CANCEL')).toMatchObject({
      kind: 'answered',
      graph: { graph_running_status: 'RUNNING' },
    });
    const done = await ended(graph._id);
    expect([done.graph_running_status, ...statusesOf(done)]).toEqual(['CANCELED', 'CANCELED', 'CREATED']);
    expect(await runStoredGraphAction(ctx, graph._id, 'CANCEL')).toMatchObject({ kind: 'refused' });
    expect((await ctx.runLog.get(`run_${graph._id}`))?.outcome).toBe('interrupted');
    await drain();
  });
});

describe('logs of a node that runs', () => {
  it.each([
    ['bash_jinja2', 'for i in 1 2; do echo step $i; echo why >&2; sleep 0.1; done; sleep 20'],
    [
      'javascript',
      script(
        "for (const i of [1, 2]) { console.log('step', i); console.error('why'); await pause(100); }",
        'await pause(20_000);',
      ),
    ],
  ] as const)('%s: are there before it ends, and after a cancel', async (base, code) => {
    const graph = graphOfNodes(operation(base, code));
    await approve(graph);
    const read = async (name: string): Promise<string> => {
      const id = logOf((await getGraph(ctx, graph._id)).graph, 0, name);
      return id === null || (await env.FILES.head(`files/${id}`)) === null ? '' : text(id);
    };
    await vi.waitUntil(
      async () => (await read('stdout')) === 'step 1\nstep 2\n' && (await read('stderr')) === 'why\nwhy\n',
      {
        timeout: 20_000,
        interval: 100,
      },
    );
    expect(statusesOf((await getGraph(ctx, graph._id)).graph)).toEqual(['RUNNING']);
    expect(await runStoredGraphAction(ctx, graph._id, 'CANCEL')).toMatchObject({ kind: 'answered' });
    expect(statusesOf(await ended(graph._id))).toEqual(['CANCELED']);
    expect([await read('stdout'), await read('stderr')]).toEqual(['step 1\nstep 2\n', 'why\nwhy\n']);
    await drain();
  });

  it('stay one file after the node has ended', async () => {
    const graph = graphOfNodes(
      operation('javascript', script("console.log('one');", 'await pause(500);', "console.log('two');")),
    );
    await approve(graph);
    const id = await vi.waitUntil(async () => logOf((await getGraph(ctx, graph._id)).graph, 0, 'stdout'), {
      timeout: 20_000,
    });
    const done = await ended(graph._id);
    expect(logOf(done, 0, 'stdout')).toBe(id);
    expect(await text(id)).toBe('one\ntwo\n');
  });
});

describe('as a Workflow', () => {
  it('tries a step again that the platform lost, and runs the others once', async () => {
    const next = operation('javascript', script(COPY), [ONE]);
    const graph = graphOfNodes(ONE, next);
    await using instance = await introspectWorkflowInstance(env.GRAPH_RUN, graph._id);
    await instance.modify(async (m) => {
      await m.disableRetryDelays();
      await m.mockStepError({ name: `node ${next._id}` }, new Error('the machine went away'), 2);
    });
    await approve(graph);
    await instance.waitForStatus('complete');
    expect(await instance.getOutput()).toBe('SUCCESS');
    const done = await ended(graph._id);
    expect(await text(done.nodes[1]!.outputs[0]!.resource_id)).toBe('one\n');
  });

  it('fails a node that cannot be run at all', async () => {
    const graph = graphOfNodes(ONE);
    await using instance = await introspectWorkflowInstance(env.GRAPH_RUN, graph._id);
    await instance.modify(async (m) => {
      await m.disableRetryDelays();
      await m.mockStepError({ name: `node ${ONE._id}` }, new Error('the store is away'));
    });
    await approve(graph);
    await instance.waitForStatus('complete');
    expect(await instance.getOutput()).toBe('FAILED');
    expect(statusesOf(await ended(graph._id))).toEqual(['FAILED']);
  });

  it('restarts a step that hung', async () => {
    const graph = graphOfNodes(ONE);
    await using instance = await introspectWorkflowInstance(env.GRAPH_RUN, graph._id);
    await instance.modify(async (m) => {
      await m.disableRetryDelays();
      await m.forceStepTimeout({ name: `node ${ONE._id}` }, 1);
    });
    await approve(graph);
    await instance.waitForStatus('complete');
    expect(statusesOf(await ended(graph._id))).toEqual(['SUCCESS']);
  });

  it('restarts when it stalled, and does not repeat finished nodes', async () => {
    const slow = operation('javascript', script('await pause(3000);', COPY), [ONE]);
    const graph = graphOfNodes(ONE, slow);
    await approve(graph);
    const runOf = async (id: string) => (await ctx.store.nodeRuns.of(graph._id)).find(({ nodeId }) => nodeId === id);
    const before = await vi.waitUntil(() => runOf(slow._id), { timeout: 20_000 });
    const first = await runOf(ONE._id);
    await ctx.store.graphs.touch(graph._id, 1);
    expect(await reapStalledRuns(ctx)).toMatchObject({ resumed: 1 });
    expect((await ended(graph._id)).graph_running_status).toBe('SUCCESS');
    expect(await runOf(ONE._id)).toEqual(first);
    expect((await runOf(slow._id))!.startedAt).toBeGreaterThan(before.startedAt);
    await drain();
  });

  it('continues in an instance of its own when it has used up what one may ask of D1', async () => {
    const graph = graphOfNodes(ONE, operation('javascript', script(COPY), [ONE]));
    const idle = { ...ctx, graphRuns: { ...ctx.graphRuns, start: () => Promise.resolve() } };
    await runGraphActions(idle, graph, ['APPROVE']);
    const steps: RunSteps = {
      yieldThread: () => Promise.resolve(),
      part: 1,
      queries: () => (ran ? MAX_QUERIES : 0),
      once: async (name, _timeoutMs, work) => {
        const result = await work();
        ran ||= name.startsWith('node');
        // A lost response: the step is done again.
        return name === 'continue' ? work() : result;
      },
    };
    let ran = false;
    expect(await runGraph(ctx, graph._id, steps)).toBe('CONTINUES');
    const done = await ended(graph._id);
    expect(statusesOf(done)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(await text(done.nodes[1]!.outputs[0]!.resource_id)).toBe('one\n');
    expect((await ctx.store.graphs.get(graph._id))!.part).toBe(2);
    const status = async (id: string) => (await (await env.GRAPH_RUN.get(id)).status()).status;
    expect(await vi.waitUntil(async () => (await status(`${graph._id}-2`)) === 'complete', { timeout: 20_000 })).toBe(
      true,
    );
  });

  it('keeps nothing but ids in the results of its steps', async () => {
    const graph = graphOfNodes(operation('javascript', script("writeText(output.out, '0'.repeat(2_000_000));")));
    await using instance = await introspectWorkflowInstance(env.GRAPH_RUN, graph._id);
    await approve(graph);
    const result = await instance.waitForStepResult({ name: `node ${graph.nodes[0]!._id}` });
    expect(JSON.stringify(result).length).toBeLessThan(500);
    expect(result).toMatchObject({ status: 'SUCCESS', outputs: { out: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  });
});

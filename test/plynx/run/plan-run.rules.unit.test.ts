import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../src/plynx/document/graph.schema';
import {
  canceledRun,
  liveStatus,
  MAX_IN_FLIGHT,
  type NodeRun,
  overlayRun,
  planNextStep,
  resumedRun,
  type RunState,
  withInputs,
} from '../../../src/plynx/run/plan-run.rules';
import { chainOf, graphOf, idOf, meshOf, placedFile, placedNode } from '../document/graph-samples';

const state = (status: NodeRun['status'], over: Partial<NodeRun> = {}): NodeRun => ({
  status,
  outputs: {},
  logs: {},
  ...over,
});
const run = (...entries: [number, NodeRun['status']][]): RunState =>
  new Map(entries.map(([n, status]) => [idOf(n), state(status)]));
const start = (...ns: number[]) => ({ kind: 'start', nodeIds: ns.map(idOf) });
const WAIT = { kind: 'wait' };
const DIAMOND = graphOf(placedFile(0), placedNode(1, [0]), placedNode(2, [0]), placedNode(3, [1, 2]));

describe('planNextStep', () => {
  it.each<[string, Graph, RunState, unknown]>([
    ['starts what takes from files only', DIAMOND, run(), start(1, 2)],
    ['starts the second beside the first', DIAMOND, run([1, 'RUNNING']), start(2)],
    ['waits for both', DIAMOND, run([1, 'SUCCESS'], [2, 'RUNNING']), WAIT],
    ['waits for what is in the queue', DIAMOND, run([1, 'IN_QUEUE'], [2, 'IN_QUEUE']), WAIT],
    ['takes a restored result for a result', DIAMOND, run([1, 'RESTORED'], [2, 'SUCCESS']), start(3)],
    [
      'ends when all gave one',
      DIAMOND,
      run([1, 'RESTORED'], [2, 'SUCCESS'], [3, 'SUCCESS']),
      { kind: 'finish', status: 'SUCCESS' },
    ],
    ['starts nothing after a failure', DIAMOND, run([1, 'FAILED']), { kind: 'finish', status: 'FAILED' }],
    ['lets what runs end after a failure', DIAMOND, run([1, 'FAILED'], [2, 'RUNNING']), WAIT],
    [
      'fails once the running nodes have ended',
      DIAMOND,
      run([1, 'FAILED'], [2, 'SUCCESS']),
      { kind: 'finish', status: 'FAILED' },
    ],
    ['starts nothing after a cancel', DIAMOND, run([1, 'CANCELED']), { kind: 'finish', status: 'FAILED' }],
    ['ends at once when there are only files', graphOf(placedFile(0)), run(), { kind: 'finish', status: 'SUCCESS' }],
    ['starts at most four', graphOf(...[1, 2, 3, 4, 5, 6].map((n) => placedNode(n))), run(), start(1, 2, 3, 4)],
    [
      'fills up to four',
      graphOf(...[1, 2, 3, 4, 5, 6].map((n) => placedNode(n))),
      run([1, 'RUNNING'], [2, 'SUCCESS'], [3, 'IN_QUEUE']),
      start(4, 5),
    ],
    [
      'waits when four are in flight',
      graphOf(...[1, 2, 3, 4, 5].map((n) => placedNode(n))),
      run([1, 'RUNNING'], [2, 'RUNNING'], [3, 'RUNNING'], [4, 'RUNNING']),
      WAIT,
    ],
    [
      'ends, and does not hang, on a ring that nobody validated',
      graphOf(placedNode(1, [2]), placedNode(2, [1])),
      run(),
      { kind: 'finish', status: 'FAILED' },
    ],
    ['never starts what takes from nowhere', graphOf(placedNode(1, [9])), run(), { kind: 'finish', status: 'FAILED' }],
  ])('%s', (_, graph, given, step) => expect(planNextStep(graph, given)).toEqual(step));

  it('runs every node of a graph once, after its producers, with at most four in flight; a failure stops the rest', () => {
    const choices = fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: -1, max: 40 }),
      fc.infiniteStream(fc.nat(100)),
    );
    fc.assert(
      fc.property(choices, ([size, failing, picks]) => {
        const graph = meshOf(size);
        const now = new Map<string, NodeRun>();
        const inFlight: string[] = [];
        const started = new Set<string>();
        for (;;) {
          const step = planNextStep(graph, now);
          if (step.kind === 'finish') {
            const failed = graph.nodes[failing] !== undefined && started.has(idOf(failing));
            expect(step.status).toBe(failed ? 'FAILED' : 'SUCCESS');
            if (!failed) expect(started.size).toBe(size);
            break;
          }
          if (step.kind === 'start') {
            for (const id of step.nodeIds) {
              expect(started.has(id)).toBe(false);
              started.add(id);
              const node = graph.nodes.find(({ _id }) => _id === id)!;
              for (const { node_id } of node.inputs[0]!.values) expect(now.get(node_id)?.status).toBe('SUCCESS');
              now.set(id, state('RUNNING'));
              inFlight.push(id);
            }
            expect(inFlight.length).toBeLessThanOrEqual(MAX_IN_FLIGHT);
          } else {
            const [id] = inFlight.splice(picks.next().value % inFlight.length, 1);
            now.set(id!, state(id === idOf(failing) ? 'FAILED' : 'SUCCESS'));
          }
        }
        expect(inFlight).toEqual([]);
      }),
    );
  });

  it('plans a graph of 1,000 nodes to its end', () => {
    const graph = chainOf(1000);
    const now = new Map<string, NodeRun>();
    for (let step = planNextStep(graph, now); step.kind === 'start'; step = planNextStep(graph, now)) {
      for (const id of step.nodeIds) now.set(id, state('SUCCESS'));
    }
    expect(now.size).toBe(1000);
  });
});

it('a graph with a failed node is FAILED_WAITING until it ends', () => {
  expect(liveStatus(DIAMOND, run([1, 'RUNNING']))).toBe('RUNNING');
  expect(liveStatus(DIAMOND, run([1, 'FAILED'], [2, 'RUNNING']))).toBe('FAILED_WAITING');
});

it('a cancel takes what is in flight and leaves the rest', () => {
  const after = canceledRun(run([1, 'RUNNING'], [2, 'IN_QUEUE'], [3, 'SUCCESS'], [4, 'CREATED']));
  expect(Array.from(after.values(), ({ status }) => status)).toEqual(['CANCELED', 'CANCELED', 'SUCCESS', 'CREATED']);
});

it('a restart does not repeat finished nodes', () => {
  const after = resumedRun(run([1, 'SUCCESS'], [2, 'RUNNING']));
  expect(planNextStep(DIAMOND, after)).toEqual(start(2));
});

describe('values between nodes', () => {
  const left: RunState = new Map([
    [idOf(1), state('SUCCESS', { outputs: { out: 'made-1' }, logs: { worker: 'log-1' } })],
    [idOf(2), state('RESTORED', { outputs: { out: 'made-2' }, cacheUrl: 'https://x/graphs/g?nid=n' })],
    [idOf(3), state('RUNNING')],
  ]);
  const resources = (graph: Graph, n: number) =>
    graph.nodes
      .find(({ _id }) => _id === idOf(n))!
      .inputs.flatMap(({ values }) => values.map((link) => link.resource_id));

  it('links are filled from files and from what ran', () => {
    expect(withInputs(DIAMOND.nodes[1]!, DIAMOND, left).inputs[0]!.values[0]!.resource_id).toBe('file-0');
    expect(withInputs(DIAMOND.nodes[3]!, DIAMOND, left).inputs[0]!.values.map((link) => link.resource_id)).toEqual([
      'made-1',
      'made-2',
    ]);
  });
  it('a read lays the run over the approved document', () => {
    const shown = overlayRun(DIAMOND, left);
    expect(shown.nodes.map((node) => node.node_running_status)).toEqual(['STATIC', 'SUCCESS', 'RESTORED', 'RUNNING']);
    expect(shown.nodes[1]!.outputs[0]!.resource_id).toBe('made-1');
    expect(shown.nodes[1]!.logs.map((log) => log.resource_id)).toEqual([null, null, 'log-1']);
    expect(shown.nodes[2]!.cache_url).toBe('https://x/graphs/g?nid=n');
    expect(resources(shown, 3)).toEqual(['made-1', 'made-2']);
    expect(DIAMOND.nodes[1]!.node_running_status).toBe('CREATED');
  });
  it('a node that has not started shows no inputs yet', () => {
    expect(resources(overlayRun(DIAMOND, new Map()), 1)).toEqual([null]);
  });
  it('an output called __proto__ or constructor is one like any other', () => {
    const output = (name: string) => ({ name, file_type: 'file', resource_id: null });
    const graph = graphOf(placedNode(1, [], { outputs: [output('__proto__'), output('constructor')] }));
    const outputs = JSON.parse('{"__proto__": "mine"}') as Record<string, string>;
    const shown = overlayRun(graph, new Map([[idOf(1), state('SUCCESS', { outputs })]]));
    expect(shown.nodes[0]!.outputs.map(({ resource_id }) => resource_id)).toEqual(['mine', null]);
  });
});

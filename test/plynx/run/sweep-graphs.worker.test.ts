import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../src/core/access/context';
import { readFile } from '../../../src/plynx/files/read-file';
import { newNode } from '../../../src/plynx/document/base-node.rules';
import { getGraph } from '../../../src/plynx/edit/get-graph';
import type { Graph, GraphStatus } from '../../../src/plynx/document/graph.schema';
import type { Node } from '../../../src/plynx/document/node.schema';
import { newObjectId } from '../../../src/plynx/document/object-id.rules';
import { runNode } from '../../../src/plynx/run/run-node';
import { runGraphActions } from '../../../src/plynx/edit/run-graph-actions';
import { createVersion } from '../../../src/core/publishing/handlers/create-version';
import { deleteHandler } from '../../../src/core/publishing/handlers/delete-handler';
import { deleteVersion } from '../../../src/core/publishing/handlers/delete-version';
import { getHandler } from '../../../src/core/publishing/handlers/get-handler';
import { saveNode } from '../../../src/plynx/edit/save-node';
import { enforceRetention, type Swept } from '../../../src/core/retention/enforce-retention';
import { testContext } from '../../support/context';
import { graphOfNodes, operation, publishGraph, script, withParameter } from '../../support/graphs';
import { call, ensureAdmin, postJson, saveHandler, unique } from '../../support/publish';

const DAY_MS = 86_400_000;
const ctx = testContext();
const { graphs, nodeRuns } = ctx.store;
beforeAll(ensureAdmin);
// Nothing that an earlier test left is over its time later.
beforeEach(async () => {
  for (const days of [1000, 1002]) await sweepAfter(days);
});

const sweepAfter = (days: number, context: Context = ctx): Promise<Swept> =>
  enforceRetention({ ...context, now: () => Date.now() + days * DAY_MS });
const keys = async (): Promise<string[]> => (await env.FILES.list()).objects.map(({ key }) => key);
const isThere = async (fileId: string): Promise<boolean> => (await env.FILES.head(`files/${fileId}`)) !== null;

/** An operation that leaves an output and two logs, and another result each time that it runs. */
const source = (over: Partial<Node> = {}): Node =>
  operation('javascript', script(`writeText(output.out, '${crypto.randomUUID()}');`, "console.log('said');"), [], over);
/** A node of a user with this file. */
const naming = (file: string): Node => ({
  ...newNode('file'),
  title: 'mine',
  outputs: [{ name: 'out', file_type: 'file', resource_id: file }],
});
const cacheable = (): Node => withParameter(source(), 'cacheable', true);

/** A graph that a call made, as its row alone; begun and ended long ago. */
const save = (row: { id: string; status: GraphStatus; updatedAt?: number }): Promise<unknown> =>
  graphs
    .save({
      ownerId: 'usr_admin',
      title: '',
      description: '',
      words: '',
      documentKey: `graphs/${row.id}/x`,
      endpointId: 'ep_x',
      createdAt: 0,
      updatedAt: 0,
      ...row,
    })
    .run();

/** Publishes this graph and calls it once; answers where, and which graph the call made with which file. */
async function called(graph: Graph): Promise<{ path: string; id: string; file: string }> {
  await runGraphActions(ctx, graph, ['SAVE']);
  const path = await publishGraph({ graph: graph._id });
  const response = await postJson(path, {});
  expect(response.status).toBe(200);
  const body: { graph: string; outputs: { file: string }[] } = await response.json();
  return { path, id: body.graph, file: body.outputs[0]!.file };
}

/** Approves a graph of somebody's and waits for its end. */
async function approved(graph: Graph): Promise<Graph> {
  expect(await runGraphActions(ctx, graph, ['APPROVE'])).toMatchObject({ kind: 'answered', error: undefined });
  for (let i = 0; i < 300; i++) {
    const shown = await getGraph(ctx, graph._id);
    if (['SUCCESS', 'FAILED'].includes(shown.graph.graph_running_status)) return shown.graph;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it goes on and on');
}

describe('a graph that a call made', () => {
  it('is deleted after the retention time, its document and files a day later; the published graph stays', async () => {
    const graph = graphOfNodes(source());
    await runGraphActions(ctx, graph, ['SAVE']);
    const path = await publishGraph({ graph: graph._id });
    const before = await keys();
    const { graph: id }: { graph: string } = await (await postJson(path, {})).json();
    const made = (await keys()).filter((key) => !before.includes(key));
    expect([made.length, made.filter((key) => key.startsWith('files/')).length]).toEqual([4, 3]);

    expect((await sweepAfter(29)).callGraphs).toBe(0);
    expect((await call(`${path}?run=${id}`)).status).toBe(200);

    expect((await sweepAfter(31)).callGraphs).toBe(1);
    const asked = await call(`${path}?run=${id}`);
    expect([asked.status, await asked.json()]).toEqual([404, { error: expect.stringContaining('30 days') }]);
    await expect(getGraph(ctx, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await nodeRuns.of(id)).toEqual([]);
    expect(await keys()).toEqual(expect.arrayContaining(made));

    await sweepAfter(32.1);
    expect((await keys()).toSorted()).toEqual(before.toSorted());
    expect((await getGraph(ctx, graph._id)).graph.nodes).toHaveLength(1);
    expect((await sweepAfter(40)).blobs).toBe(0);
  });

  it.each([
    ['RUNNING', true],
    ['READY', true],
    ['FAILED_WAITING', true],
    ['CANCELED', false],
    ['FAILED', false],
    ['CREATED', false],
  ] as const)('%s stays: %s', async (status, stays) => {
    const id = newObjectId();
    await save({ id, status });
    await sweepAfter(0);
    expect((await graphs.get(id)) !== undefined).toBe(stays);
  });

  it('stays while it ended too short a time ago, however long ago it began', async () => {
    const id = newObjectId();
    await save({ id, status: 'SUCCESS', updatedAt: Date.now() });
    await sweepAfter(29);
    expect(await graphs.get(id)).toBeDefined();
  });

  it('stays once its owner saves it', async () => {
    const graph = graphOfNodes(source());
    await save({ id: graph._id, status: 'CREATED' });
    await runGraphActions(ctx, graph, ['SAVE']);
    await sweepAfter(100);
    expect(await graphs.get(graph._id)).toMatchObject({ endpointId: null });
  });

  it('many go in one turn', async () => {
    const ids = Array.from({ length: 250 }, () => newObjectId());
    for (const id of ids) await save({ id, status: 'SUCCESS' });
    expect((await sweepAfter(0)).callGraphs).toBe(250);
    await sweepAfter(2);
    expect(await sweepAfter(4)).toMatchObject({ callGraphs: 0, blobs: 0 });
  });
});

describe('a file that such a graph made', () => {
  it('stays while it is cached, and goes with an unused entry', async () => {
    const node = cacheable();
    const { path, file } = await called(graphOfNodes(node));
    const [{ hash }] = (await env.DB.prepare('select hash from node_cache').all<{ hash: string }>()).results as [
      { hash: string },
    ];
    // Somebody used it 20 days later.
    await env.DB.prepare('update node_cache set used_at = ? where hash = ?')
      .bind(Date.now() + 20 * DAY_MS, hash)
      .run();
    await sweepAfter(31);
    await sweepAfter(33);
    expect(await isThere(file)).toBe(true);
    const again: { graph: string; outputs: { file: string }[] } = await (await postJson(path, {})).json();
    expect(again.outputs[0]!.file).toBe(file);

    // The run that took it over ends 20 days later, too, and needs it for longer than the cache keeps it.
    const at = Date.now() + 22 * DAY_MS;
    await env.DB.prepare('update graphs set updated_at = ? where id = ?').bind(at, again.graph).run();
    expect((await sweepAfter(49.9)).cachedNodes).toBe(0);
    expect((await sweepAfter(51)).cachedNodes).toBe(1);
    expect(await isThere(file)).toBe(true);
    expect((await sweepAfter(53)).callGraphs).toBe(1);
    expect(await isThere(file)).toBe(false);
  });

  it('stays for another run that reuses it', async () => {
    const node = cacheable();
    const { file } = await called(graphOfNodes(node));
    const graph = await approved(graphOfNodes(node));
    expect(graph.nodes[0]).toMatchObject({ node_running_status: 'RESTORED', outputs: [{ resource_id: file }] });
    for (const days of [31, 33, 100]) await sweepAfter(days);
    expect(await nodeRuns.of(graph._id)).toHaveLength(1);
    expect((await readFile(ctx, file)).size).toBeGreaterThan(0);
  });

  it('stays when a node names it during a sweep; while it is deleted, no node can name it', async () => {
    const [kept, gone] = [await called(graphOfNodes(source())), await called(graphOfNodes(source()))];
    const { graphRetention, blobs } = ctx.store;
    const due: typeof graphRetention.due = async (...args) => {
      const found = await graphRetention.due(...args);
      await saveNode(ctx, naming(kept.file), undefined);
      return found;
    };
    const remove: typeof blobs.remove = async (which) => {
      await expect(saveNode(ctx, naming(gone.file), undefined)).rejects.toMatchObject({ code: 'stale_revision' });
      await blobs.remove(which);
    };
    await sweepAfter(31);
    const store = { ...ctx.store, graphRetention: { ...graphRetention, due }, blobs: { ...blobs, remove } };
    await sweepAfter(33, { ...ctx, store });
    expect([await isThere(kept.file), await isThere(gone.file)]).toEqual([true, false]);
    expect.assertions(4);
  });

  it('stays when a saved node or graph names it', async () => {
    const [a, b, c] = [
      await called(graphOfNodes(source())),
      await called(graphOfNodes(source())),
      await called(graphOfNodes(source())),
    ];
    await saveNode(ctx, naming(a.file), undefined);
    await runGraphActions(ctx, graphOfNodes(naming(b.file)), ['SAVE']);
    for (const days of [31, 33, 35]) await sweepAfter(days);
    expect([await isThere(a.file), await isThere(b.file), await isThere(c.file)]).toEqual([true, true, false]);
    // Nor is it looked at again.
    expect((await sweepAfter(200)).blobs).toBe(0);
  });

  it('is not reused after its entry is gone: a concurrent run runs the node', async () => {
    const node = cacheable();
    const { file } = await called(graphOfNodes(node));
    const graph = graphOfNodes(node);
    const idle = { ...ctx, graphRuns: { ...ctx.graphRuns, start: () => Promise.resolve() } };
    await runGraphActions(idle, graph, ['APPROVE']);
    await graphs.setStatus(graph._id, ['READY'], 'RUNNING', ctx.now()).run();
    const { nodeCache } = ctx.store;
    const get: typeof nodeCache.get = async (hash) => {
      const found = await nodeCache.get(hash);
      for (const days of [31, 33]) await sweepAfter(days);
      return found;
    };
    const store = { ...ctx.store, nodeCache: { ...nodeCache, get } };
    const ended = await runNode({ ...ctx, store }, { graph, ownerId: 'usr_admin', run: new Map() }, node._id);
    expect(ended.status).toBe('SUCCESS');
    expect(await isThere(file)).toBe(false);
    expect(await isThere(ended.outputs.out!)).toBe(true);
  });
});

describe('a result in the cache', () => {
  it('is noted as used at most once a day', async () => {
    const node = cacheable();
    const { path } = await called(graphOfNodes(node));
    const usedAt = async (): Promise<number> =>
      (await env.DB.prepare('select max(used_at) as at from node_cache').first<{ at: number }>())!.at;
    const first = await usedAt();
    await postJson(path, {});
    expect(await usedAt()).toBe(first);
    await env.DB.prepare('update node_cache set used_at = ?')
      .bind(first - 2 * DAY_MS)
      .run();
    await postJson(path, {});
    expect(await usedAt()).toBeGreaterThan(first);
  });
});

it('a sweep that breaks off is finished by the next', async () => {
  const { file } = await called(graphOfNodes(source()));
  await sweepAfter(31);
  const away = (work: 'before' | 'after'): Context => ({
    ...ctx,
    store: {
      ...ctx.store,
      blobs: {
        ...ctx.store.blobs,
        remove: async (which) => {
          if (work === 'after') await ctx.store.blobs.remove(which);
          throw new Error('the machine went away');
        },
      },
    },
  });
  await expect(sweepAfter(33, away('before'))).rejects.toThrow('went away');
  expect(await isThere(file)).toBe(true);
  await expect(sweepAfter(33, away('after'))).rejects.toThrow('went away');
  expect((await sweepAfter(33)).blobs).toBeGreaterThan(0);
  expect(await isThere(file)).toBe(false);
  expect((await sweepAfter(33)).blobs).toBe(0);
});

describe('the document of a published graph', () => {
  const published = async () => (await keys()).filter((key) => key.startsWith('graphs/published/'));

  it('goes a day after its version, or its handler', async () => {
    const before = await published();
    const graph = graphOfNodes(source());
    await runGraphActions(ctx, graph, ['SAVE']);
    const text = JSON.stringify({ graph: graph._id });
    const handler = await saveHandler(text, `${unique('graph')}.graph.json`);
    await createVersion(ctx, handler.id, { source: text, note: '', deploy: true }, null);
    const kept = await saveHandler(text, `${unique('graph')}.graph.json`);
    const mine = async () => (await published()).filter((key) => !before.includes(key)).length;
    expect(await mine()).toBe(3);

    await deleteVersion(ctx, handler.id, 1, null);
    await sweepAfter(0.5);
    expect(await mine()).toBe(3);
    await sweepAfter(1.1);
    expect(await mine()).toBe(2);

    await deleteHandler(ctx, handler.id, false, null);
    await sweepAfter(1.1);
    expect(await mine()).toBe(1);
    expect((await getHandler(ctx, kept.id)).latestVersion).toBe(1);
  });
});

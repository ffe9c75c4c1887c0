import { createExecutionContext, createScheduledController, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import wrangler from '../../wrangler.toml?raw';
import { createTable } from '../../src/core/tables/catalogue/create-table';
import { CreateTableInput } from '../../src/core/tables/catalogue/table.schema';
import { runGraphActions } from '../../src/plynx/edit/run-graph-actions';
import { MAX_IN_FLIGHT } from '../../src/plynx/run/plan-run.rules';
import { MAX_QUERIES, runGraph, type RunSteps, SIGN_OF_LIFE_MS } from '../../src/plynx/run/run-graph';
import { workerCode } from '../../src/runtime/isolate';
import worker from '../../src/worker';
import { bundleOf } from '../runtime/runner.contract';
import { testContext } from '../support/context';
import { graphOfNodes, operation, script, withParameter } from '../support/graphs';
import { asInvocation, count, spend, takeBeyond } from '../support/platform-limits/ledger';
import { PUBLISHED } from '../support/platform-limits/published';
import { call, ensureAdmin, makeKey, postJson, publish, runOf } from '../support/publish';
import { saveMiddleware } from '../support/workflow';

beforeAll(ensureAdmin);

const ECHO = `import { WorkerEntrypoint } from 'cloudflare:workers';
  export default class extends WorkerEntrypoint { echo(text) { return text; } }`;
interface Echo extends Rpc.WorkerEntrypointBranded {
  echo: (text: string) => Promise<string>;
}

describe('the meter', () => {
  test('notes what is beyond a limit', async () => {
    const many = Array.from({ length: 101 }, () => '?').join(', ');
    await env.DB.prepare(`select ${many}`)
      .bind(...Array.from({ length: 101 }, () => 1))
      .all()
      .catch(() => undefined);
    await env.KEYS.put('k'.repeat(513), 'x').catch(() => undefined);
    env.DB.prepare('select ?').bind('x'.repeat(2_000_001));
    expect(takeBeyond()).toEqual([
      expect.stringContaining('101 bound parameters of a query (at most 100'),
      expect.stringContaining('513 bytes of a key in KV'),
      expect.stringContaining('2000001 bytes of a string, BLOB or row'),
    ]);
  });

  test('notes a row by all of its values, and what an object stores', async () => {
    env.DB.prepare('insert into t values (?, ?)').bind('x'.repeat(1_500_000), 'y'.repeat(500_001));
    env.DB.prepare('insert into t values (?), (?)').bind('x'.repeat(1_500_000), 'y'.repeat(500_001));
    await runInDurableObject(env.ANSWER.getByName('large'), async (_, { storage }) => {
      await storage.put('key', new Uint8Array(2_000_000)).catch(() => undefined);
      storage.sql.exec('select ?', 'x'.repeat(2_000_001));
    });
    expect(takeBeyond()).toEqual([
      expect.stringContaining('2000001 bytes of a string, BLOB or row'),
      expect.stringContaining('2000003 bytes of a stored value with its key'),
      expect.stringContaining('2000001 bytes of a string, BLOB or row'),
    ]);
  });

  test('notes an isolate without a limit, too many at once, and what is sent to one', async () => {
    const open = (limits?: object) =>
      env.LOADER.load({
        compatibilityDate: '2026-10-20',
        mainModule: 'main.js',
        modules: { 'main.js': ECHO },
        globalOutbound: null,
        ...limits,
      }).getEntrypoint<Echo>();
    await open().echo('');
    expect(takeBeyond()).toEqual([expect.stringContaining('Infinity milliseconds of CPU')]);
    const limits = { limits: { cpuMs: 1000, subRequests: 0 } };
    await asInvocation(() => Promise.all(Array.from({ length: 5 }, () => open(limits).echo(''))));
    expect(takeBeyond()).toEqual([expect.stringContaining('5 Dynamic Workers at work for one invocation')]);
    const isolate = open(limits);
    await asInvocation(() => Promise.all(Array.from({ length: 32 }, () => isolate.echo(''))));
    expect(takeBeyond()).toEqual([expect.stringContaining('33 invocations of Workers for one request')]);
    const { rpcBytes, memoryBytes } = await spend(() => isolate.echo('ü'.repeat(1000)));
    expect([rpcBytes, memoryBytes]).toEqual([1008, expect.toSatisfy((bytes: number) => bytes >= 1008)]);
    await isolate.echo('ā'.repeat(16 * 1_048_576)).catch(() => undefined);
    expect(takeBeyond()).toEqual([expect.stringContaining('33554440 bytes of the arguments or the result of a call')]);
  });
});

describe('one invocation', () => {
  test('a warm call asks for its isolate and hands its run over', async () => {
    const { id, key } = await makeKey();
    const { endpoint } = await publish('export default () => 1', { access: { level: 'key', keys: [id] } });
    const ask = () => call(`/u/${endpoint.path}`, { method: 'POST', headers: { 'x-api-key': key! } });
    const cold = await spend(ask);
    expect(cold.subrequests).toBeLessThan(10);
    expect(Math.max(0, ...cold.keyWrites.values())).toBeLessThanOrEqual(PUBLISHED.keyWrites.max);
    const warm = await spend(ask);
    expect([warm.queries, warm.isolates.size]).toEqual([0, 1]);
    // The runs of both calls, as they are stored.
    expect(warm.subrequests).toBeLessThanOrEqual(4);
  });

  test('as many operations as a call may ask for are within the queries of D1, in one isolate', async () => {
    const { name } = await createTable(
      testContext(),
      CreateTableInput.parse({ name: 'limits', columns: [{ name: 'n', type: 'integer' }] }),
    );
    const source = `export default async ({ n }, ctx) => { for (let i = 0; i < n; i++) await ctx.tables.${name}.insert({ n: i }); return n; }`;
    const { endpoint } = await publish(source, { parameters: [{ name: 'n', type: 'integer' }] });
    await postJson(`/u/${endpoint.path}`, { n: 1 });
    const asked = 20;
    const { queries, subrequests, isolates } = await spend(async () => {
      expect(await (await postJson(`/u/${endpoint.path}`, { n: asked })).json()).toBe(asked);
    });
    const { hostCalls } = endpoint.limits;
    expect((queries / asked) * hostCalls).toBeLessThanOrEqual(PUBLISHED.queries.max);
    expect((subrequests / asked) * hostCalls).toBeLessThanOrEqual(PUBLISHED.subrequests.max);
    expect(isolates.size).toBe(1);
  });

  test('each part of a run is within the queries, the subrequests and the steps of an invocation', async () => {
    const run = async (nodes: number) => {
      // A result that may be cached, and a log: the most queries that a node makes.
      const node = (n: number) => {
        const code = script("console.log('said');", `writeText(output.out, '${n}');`);
        return withParameter(operation('javascript', code), 'cacheable', true);
      };
      const graph = graphOfNodes(...Array.from({ length: nodes }, (_, n) => node(10 * nodes + n)));
      const ctx = { ...testContext(), graphRuns: { ...testContext().graphRuns, start: () => Promise.resolve() } };
      await runGraphActions(ctx, graph, ['APPROVE']);
      const steps: RunSteps = {
        yieldThread: () => Promise.resolve(),
        part: 1,
        queries: () => 0,
        once: (_name, _timeoutMs, work) => {
          count('steps');
          return work();
        },
      };
      return spend(async () => expect(await runGraph(ctx, graph._id, steps)).toBe('SUCCESS'));
    };
    const [few, more] = [await run(1), await run(5)];
    const each = (what: 'steps' | 'subrequests' | 'queries'): number => (more[what] - few[what]) / 4;
    const reports = (600 * 60_000) / SIGN_OF_LIFE_MS;
    // The first node that starts after the last check makes its queries as well, and three others are at work.
    expect(few.queries + MAX_QUERIES + 3 * each('queries') + reports).toBeLessThanOrEqual(PUBLISHED.queries.max);
    // Nodes without a cache and logs make two queries each. Logs of 10 hours are stored 3,660 times.
    const nodes = MAX_QUERIES / 2 + MAX_IN_FLIGHT;
    const [, allowed] = /^subrequests = (\d+)$/m.exec(wrangler)!;
    expect(nodes * each('subrequests') + MAX_IN_FLIGHT * 2 * 3660).toBeLessThan(Number(allowed));
    // Each node may be lost, which is one step more.
    expect(2 * nodes * each('steps')).toBeLessThan(PUBLISHED.steps.max);
  });

  // One character beyond Latin-1 makes two bytes of each of a text.
  const LONG = `${'x'.repeat(26_214_400 - 100)}ā`;
  const limits = { bodyBytes: 26_214_400, responseBytes: 104_857_600 };
  const TEXT = [{ name: 'text', type: 'longtext' as const }];
  test.each([
    ['as it is', 'export const handler = async (request) => (await request.text()).length', []],
    ['as a parameter', 'export default ({ text }) => text.length + 11', TEXT],
  ])('the largest body of an endpoint is sent once, in one message: %s', async (_, source, parameters) => {
    const { endpoint } = await publish(source, { limits, parameters });
    const { rpcBytes, memoryBytes } = await spend(async () => {
      const response = await postJson(`/u/${endpoint.path}`, { text: LONG });
      expect([response.status, await response.json()]).toEqual([200, LONG.length + 11]);
    });
    expect(rpcBytes).toBeLessThan(limits.bodyBytes + 100_000);
    expect(memoryBytes).toBeLessThan(limits.bodyBytes + 200_000);
  });

  test.each([
    ['a handler', 'export const handler = (request, { params }) => params.text.length', false],
    ['a middleware', 'export default () => 1', true],
  ])('a body that does not fit into a message beside its parameters is too large: %s', async (_, source, isGuarded) => {
    const { path } = await saveMiddleware([{ id: 'a', do: 'set', name: 'all', value: { $: 'body' } }]);
    const access = { level: 'public' as const, middleware: isGuarded ? [{ handler: path }] : [] };
    const { endpoint } = await publish(source, { limits, parameters: TEXT, access });
    const response = await postJson(`/u/${endpoint.path}`, { text: LONG });
    expect([response.status, await response.json()]).toEqual([
      413,
      expect.objectContaining({ code: 'body_too_large' }),
    ]);
    expect(await runOf(response)).toMatchObject({ outcome: 'rejected', status: 413 });
    expect(takeBeyond()).toHaveLength(1);
  });

  test('a result that does not fit into a message is a bad response, which says why', async () => {
    const { endpoint } = await publish(`export default () => 'x'.repeat(17_000_000) + 'ā'`, { limits });
    const response = await postJson(`/u/${endpoint.path}`, {});
    expect(await response.json()).toMatchObject({
      status: 502,
      code: 'handler_bad_response',
      detail: expect.stringContaining('the result takes more than 32 MiB'),
    });
  });

  test('the cron is within its subrequests and queries', async () => {
    const { queries, subrequests } = await spend(async () =>
      worker.scheduled(createScheduledController({ cron: '*/5 * * * *' }), env, createExecutionContext()),
    );
    expect(queries).toBeLessThan(PUBLISHED.queries.max / 2);
    expect(subrequests).toBeLessThan(PUBLISHED.subrequests.max / 2);
  });

  test('the first call of a Python isolate has CPU time to start it, beside its own', async () => {
    const made = await bundleOf('javascript', 'export default () => 1');
    const artifact = { ...made.artifact, runtime: 'python' as const, code: 'result = 1' };
    const { limits } = await workerCode({ ...made, artifact }, env);
    expect(limits!.cpuMs! - made.policy.cpuMs).toBe(1000);
    const most = { ...made.policy, cpuMs: 300_000 };
    expect((await workerCode({ ...made, artifact, policy: most }, env)).limits!.cpuMs).toBe(300_000);
  });
});

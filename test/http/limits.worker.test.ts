import { createExecutionContext, createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTable } from '../../src/core/tables/catalogue/create-table';
import { CreateTableInput } from '../../src/core/tables/catalogue/table.schema';
import { workerCode } from '../../src/runtime/isolate';
import worker from '../../src/worker';
import { bundleOf } from '../runtime/runner.contract';
import { testContext } from '../support/context';
import { PUBLISHED, spend, takeBeyond } from '../support/platform-limits';
import { call, ensureAdmin, makeKey, postJson, publish } from '../support/publish';

beforeAll(ensureAdmin);

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
    expect(warm.subrequests).toBeLessThanOrEqual(3);
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

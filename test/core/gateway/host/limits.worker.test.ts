import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { getEndpoint } from '../../../../src/core/publishing/endpoints/get-endpoint';
import { createTable } from '../../../../src/core/tables/catalogue/create-table';
import { CreateTableInput } from '../../../../src/core/tables/catalogue/table.schema';
import { testContext } from '../../../support/context';
import { lend } from '../../../support/host';
import { call, publish, runOf, saveHandler, unique } from '../../../support/publish';
import { publishWorkflow, respond, saveMiddleware } from '../../../support/workflow';

const table = unique('limits').replaceAll('-', '_');
beforeAll(async () => {
  await createTable(testContext(), CreateTableInput.parse({ name: table, columns: [{ name: 'n', type: 'integer' }] }));
});
const REFUSED = 'more than 3 operations in one call (limits.hostCalls)';
const answerOf = async (path: string): Promise<unknown> => (await call(`/u/${path}`, { method: 'POST' })).json();

const SOURCES = {
  js: `export default async (p, { tables: { ${table}: t } }) => { const seen = []; for (let i = 0; i < 5; i++) seen.push(await t.count().catch((e) => [e.name, e.code, e.message])); return seen }`,
  py: `import tables\ndef f():\n  seen = []\n  for i in range(5):\n    try: seen.append(tables.${table}.count())\n    except tables.TableError as e: seen.append([type(e).__name__, e.code, str(e)])\n  return seen\nresult = f`,
};

test.each([
  ['js', 'pooled', 'TableError'],
  ['js', 'per-call', 'TableError'],
  ['js', 'shared', 'TableError'],
  ['py', 'pooled', 'HostError'],
] as const)('%s, %s: operations of one call are counted', async (extension, instance, name) => {
  const { endpoint } = await publish(SOURCES[extension], { instance, limits: { hostCalls: 3 } }, extension);
  const refused = [name, 'too_many_operations', REFUSED];
  for (let calls = 0; calls < 2; calls++) expect(await answerOf(endpoint.path)).toEqual([0, 0, 0, refused, refused]);
});

test('a workflow, its middleware and the handler that it calls are counted together', async () => {
  const count = { do: 'table.get', table, limit: 1 };
  const guard = await saveMiddleware([{ id: 'm', ...count }]);
  const { path } = await saveHandler(`export default (p, ctx) => ctx.tables.${table}.count().catch((e) => e.message)`);
  const { endpoint } = await publishWorkflow(
    [{ id: 'h', ...count }, { id: 'c', do: 'call', handler: path }, respond({ $: 'steps.c' })],
    { limits: { hostCalls: 3 }, access: { level: 'public', middleware: [{ handler: guard.path }] } },
  );
  // One each for the middleware, the workflow and its call: the called handler's own is the fourth.
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.text()).toBe(REFUSED);
});

test('arguments of countless values are refused before they are parsed', async () => {
  const { endpoint } = await publish(
    `export default (p, ctx) => ctx.tables.${table}.find({ where: Array(500_000).fill([]) }).catch((e) => [e.code, e.message])`,
  );
  const refused = ['invalid_input', 'the arguments have more than 1000000 values; send them in parts'];
  expect(await answerOf(endpoint.path)).toEqual(refused);
});

test('an endpoint may allow none, and has 400 where nothing is said', async () => {
  const { endpoint: none } = await publish(`export default (p, ctx) => ctx.tables.${table}.count()`, {
    limits: { hostCalls: 0 },
  });
  const response = await call(`/u/${none.path}`, { method: 'POST' });
  expect([response.status, (await runOf(response)).error?.message]).toEqual([500, REFUSED.replace('3', '0')]);
  const { endpoint } = await publish('export default () => 1');
  expect(endpoint.limits.hostCalls).toBe(400);
  await expect(publish('export default () => 1', { limits: { hostCalls: 1001 } })).rejects.toThrow();
  await expect(publish('export default () => 1', { limits: { hostCalls: -1 } })).rejects.toThrow();
});

test('an endpoint that was saved before the limit was there has it', async () => {
  const { endpoint } = await publish(SOURCES.js);
  await env.DB.prepare(`update endpoints set rules = json_remove(rules, '$.limits.hostCalls') where id = ?`)
    .bind(endpoint.id)
    .run();
  expect(await answerOf(endpoint.path)).toEqual([0, 0, 0, 0, 0]);
  expect((await getEndpoint(testContext(), endpoint.id)).limits.hostCalls).toBe(400);
});

test('work after the answer asks with the rights and limits of its call, with a log or without', async () => {
  for (const log of ['full', 'off'] as const) {
    const { endpoint } = await publish(
      `export default (p, ctx) => { ctx.waitUntil(scheduler.wait(30).then(() => ctx.tables.${table}.insert({ n: 7 }))); return 1 }`,
      { log },
    );
    await call(`/u/${endpoint.path}`, { method: 'POST' });
  }
  const { endpoint } = await publish(`export default (p, ctx) => ctx.tables.${table}.count({ n: 7 })`);
  await expect.poll(() => answerOf(endpoint.path)).toBe(2);
});

test('work that a called handler leaves behind asks until it has ended', async () => {
  const { path } = await saveHandler(
    `export default (p, ctx) => { ctx.waitUntil(scheduler.wait(100).then(() => ctx.tables.${table}.insert({ n: 8 }))); return 1 }`,
  );
  const { endpoint } = await publishWorkflow([{ id: 'c', do: 'call', handler: path }, respond({ $: 'steps.c' })]);
  expect(await answerOf(endpoint.path)).toBe(1);
  const { endpoint: counter } = await publish(`export default (p, ctx) => ctx.tables.${table}.count({ n: 8 })`);
  await expect.poll(() => answerOf(counter.path)).toBe(1);
});

test('a stream may send operations until it ends', async () => {
  const { endpoint } = await publish(
    `export default (p, ctx) => { const { readable, writable } = new TransformStream();
      const write = async () => { const writer = writable.getWriter(); for (let i = 0; i < 3; i++) { await scheduler.wait(20); await writer.write(new TextEncoder().encode(await ctx.tables.${table}.count({ n: 999 }) + ',')) } await writer.close() };
      ctx.waitUntil(write()); return new Response(readable, { headers: { 'content-type': 'text/plain' } }) }`,
  );
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).text()).toBe('0,0,0,');
});

test('operations after the end of a call fail', async () => {
  const { endpoint } = await publish(
    `let told = 'nothing'; export default async ({ ask }, ctx) => { if (ask) { while (told === 'nothing') await scheduler.wait(5); return told }
      setTimeout(() => ctx.tables.${table}.count().catch((e) => { told = e.code }), 20); return 1 }`,
    { instance: 'shared' },
  );
  await answerOf(endpoint.path);
  const response = await call(`/u/${endpoint.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"ask":1}',
  });
  expect(await response.text()).toBe('call_ended');
});

test('the executor is read once for a call, and afresh for the next', async () => {
  const { endpoint } = await publish('export default () => 1');
  const ctx = testContext();
  let reads = 0;
  const users = { ...ctx.store.users, get: (id: string) => (++reads, ctx.store.users.get(id)) };
  const watched = { ...ctx, store: { ...ctx.store, users } };
  for (let calls = 1; calls <= 2; calls++) {
    const { ask } = await lend(endpoint, { ctx: watched });
    const answers = await Promise.all([1, 2, 3].map(() => ask('tables.count', { table })));
    expect([answers.every((answer) => 'ok' in (answer as object)), reads]).toEqual([true, calls]);
  }
});

test.each([
  [
    'a handler in JavaScript',
    `export default (p, ctx) => { ctx.steps?.push({ id: 'forged', action: 'set', outcome: 'success' }); return Object.keys(ctx).includes('steps') }`,
    'js',
  ],
  [
    'a handler in Python',
    `from _portico import answers, runner\nplain = answers.report\nanswers.report = lambda log: {**plain(log), "steps": [{"id": "forged", "action": "set", "outcome": "success"}]}\nresult = lambda: False`,
    'py',
  ],
])('a run of %s has no steps', async (_name, source, extension) => {
  const { endpoint } = await publish(source, {}, extension);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([await response.json(), (await runOf(response)).steps]).toEqual([false, []]);
});

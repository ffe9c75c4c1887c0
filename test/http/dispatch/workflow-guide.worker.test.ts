import { afterEach, expect, test, vi } from 'vitest';
import guide from '../../../docs/workflows.md?raw';
import { putSecret } from '../../../src/core/publishing/secrets/put-secret';
import { createTable } from '../../../src/core/tables/catalogue/create-table';
import { insertRows } from '../../../src/core/tables/rows/insert-rows';
import { listRows } from '../../../src/core/tables/rows/list-rows';
import { RowsQuery } from '../../../src/core/tables/catalogue/row.schema';
import { CreateTableInput } from '../../../src/core/tables/catalogue/table.schema';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { call, postJson, publish, runOf, saveHandler, unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';
import { publishWorkflow, respond } from '../../support/workflow';

/** The JSON blocks of a worked example: the workflow first. */
function example(name: string): object[] {
  const text = guide.slice(guide.indexOf(`<!-- example: ${name} -->`)).split('\n### ')[0] ?? '';
  return [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1] ?? '') as object);
}
const textColumns = (...names: string[]) => names.map((name) => ({ name, type: 'text' as const }));

afterEach(() => void vi.restoreAllMocks());

test('the quote of the guide answers over HTTP as the guide shows', async () => {
  const [workflow, params, body] = example('quote');
  const { endpoint } = await publish(
    JSON.stringify(workflow),
    {
      parameters: [
        { name: 'size', required: true },
        { name: 'quantity', type: 'integer', required: true },
      ],
    },
    'workflow.json',
  );
  expect(endpoint).toMatchObject({ warnings: [] });
  expect(await (await postJson(`/u/${endpoint.path}`, params)).json()).toEqual(body);
  expect((await postJson(`/u/${endpoint.path}`, { size: 'huge', quantity: 1 })).status).toBe(400);
});

test('the order: answered, then announced; what cannot be announced is marked', async () => {
  const [workflow, params, body] = example('order');
  await createTable(testContext(), CreateTableInput.parse({ name: 'orders', columns: textColumns('email', 'status') }));
  await putSecret(testContext(), 'HOOK_TOKEN', { value: 'hook-token-value', description: '', roles: [] });
  const { endpoint } = await publish(
    JSON.stringify(workflow),
    {
      parameters: [{ name: 'email', type: 'email', required: true }],
      secrets: ['HOOK_TOKEN'],
      egress: ['hooks.example.com'],
    },
    'workflow.json',
  );
  const sent: [string, string | null][] = [];
  let status = 200;
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const request = new Request(input as RequestInfo, init);
    sent.push([request.url, request.headers.get('authorization')]);
    return Promise.resolve(new Response('', { status }));
  });
  const told = await postJson(`/u/${endpoint.path}`, params);
  const order = (await told.json()) as { id: string };
  expect([told.status, told.headers.get('x-order'), order]).toMatchObject([201, order.id, { ...body, id: order.id }]);
  expect((await runOf(told)).outcome).toBe('success');
  expect(sent).toEqual([[`https://hooks.example.com/orders/${order.id}`, 'Bearer hook-token-value']]);
  status = 400;
  const untold = await runOf(await postJson(`/u/${endpoint.path}`, params));
  expect([untold.outcome, untold.logs[0]?.level]).toEqual(['success', 'warn']);
  const { rows } = await listRows(testContext(), { table: 'orders' }, RowsQuery.parse({}));
  expect(rows.map((row) => row.status)).toEqual(['new', 'not announced']);
});

test('the middleware of the guide admits members only', async () => {
  const token = await adminToken();
  const { body } = await callAdmin('POST', '/tokens', { token, body: { name: unique('member') } });
  await createTable(
    testContext(),
    CreateTableInput.parse({ name: 'members', columns: textColumns('project', 'user', 'role') }),
  );
  await insertRows(testContext(), { table: 'members' }, [{ project: 'p1', user: String(body.id), role: 'editor' }]);
  const { path } = await saveHandler(JSON.stringify(example('member')[0]), `${unique('member')}.workflow.json`);
  const { endpoint } = await publishWorkflow([respond({ $: 'mw[0].role' })], {
    access: { level: 'authenticated', middleware: [{ handler: path, with: { project: { $: 'params.project' } } }] },
  });
  const ask = (project: string) =>
    call(`/u/${endpoint.path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${String(body.token)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ project }),
    });
  expect(await (await ask('p1')).text()).toBe('editor');
  expect((await ask('p2')).status).toBe(403);
});

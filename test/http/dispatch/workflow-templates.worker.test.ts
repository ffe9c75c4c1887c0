import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { putSecret } from '../../../src/core/publishing/secrets/put-secret';
import { insertRows } from '../../../src/core/tables/rows/insert-rows';
import { listRows } from '../../../src/core/tables/rows/list-rows';
import { RowsQuery } from '../../../src/core/tables/catalogue/row.schema';
import { TEMPLATES } from '../../../src/core/publishing/templates/template-list';
import type { UsedTemplate } from '../../../src/core/publishing/templates/template.schema';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { call, runOf, unique } from '../../support/publish';
import { adminToken } from '../../support/sign-in';

let bearer = '';
let callerId = '';
beforeAll(async () => {
  const { body } = await callAdmin('POST', '/tokens', { token: await adminToken(), body: { name: unique('caller') } });
  [bearer, callerId] = [String(body.token), String(body.id)];
});
afterEach(() => void vi.restoreAllMocks());

const use = async (id: string, input: object = {}): Promise<UsedTemplate> => {
  const answer = await callAdmin('POST', `/templates/${id}/endpoints`, { token: await adminToken(), body: input });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body as unknown as UsedTemplate;
};
/** A call as somebody who is signed in, with JSON. */
const send = (
  used: UsedTemplate,
  { method = 'POST', query = '', body }: { method?: string; query?: string; body?: object } = {},
) =>
  call(`/u/${used.endpoint.path}${query}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
/** Plays the rest of the world. */
const upstream = (answer: (url: URL, headers: Headers) => Response) =>
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const request = new Request(input as RequestInfo, init);
    return Promise.resolve(answer(new URL(request.url), request.headers));
  });
const rowsOf = async (table: string) => (await listRows(testContext(), { table }, RowsQuery.parse({}))).rows;

test('the list has all of them, with what they need', async () => {
  const { status, body } = await callAdmin('GET', '/templates', { token: await adminToken() });
  expect(status).toBe(200);
  expect((body.items as { id: string }[]).map(({ id }) => id)).toEqual(TEMPLATES.map(({ id }) => id));
  expect((body.items as { id: string }[]).find(({ id }) => id === 'update-own-row')).toMatchObject({
    language: 'workflow',
    middleware: ['templates/owns-note.workflow.json'],
    tables: ['notes'],
  });
});

test('each is copied: two endpoints share nothing, and a path that is taken leaves nothing behind', async () => {
  const path = unique('twice');
  const [one, two] = [await use('update-own-row', { path }), await use('update-own-row')];
  expect(one.endpoint.access).toMatchObject({
    level: 'authenticated',
    middleware: [{ handler: `${path}/owns-note.workflow.json` }],
  });
  expect(one.handlers.map((handler) => handler.id)).not.toEqual(
    expect.arrayContaining(two.handlers.map((handler) => handler.id)),
  );
  const before = (await callAdmin('GET', '/handlers?limit=100', { token: await adminToken() })).body.items;
  const taken = await callAdmin('POST', '/templates/update-own-row/endpoints', {
    token: await adminToken(),
    body: { path },
  });
  expect([taken.status, taken.body.code]).toEqual([409, 'path_taken']);
  expect((await callAdmin('GET', '/handlers?limit=100', { token: await adminToken() })).body.items).toEqual(before);
  expect(
    (await callAdmin('POST', '/templates/nothing/endpoints', { token: await adminToken(), body: {} })).status,
  ).toBe(404);
});

test('every template requires sign-in, and lists what to review', async () => {
  for (const { id, endpoint, review } of TEMPLATES) {
    const used = await use(id);
    expect(used.review).toEqual(expect.arrayContaining(review));
    if (endpoint.access.level === 'public') continue;
    expect((await call(`/u/${used.endpoint.path}`, { method: endpoint.methods[0]! })).status, id).toBe(401);
  }
});

describe('made from a template and called', () => {
  test('blank-javascript', async () =>
    expect(await (await send(await use('blank-javascript'), { body: { name1: 'Ada' } })).json()).toEqual({
      hello: ['Ada', 'Grace'],
    }));
  test('blank-typescript', async () =>
    expect(await (await send(await use('blank-typescript'), { query: '?a=1', body: { b: 2 } })).json()).toEqual({
      method: 'POST',
      query: { a: '1' },
      body: { b: 2 },
      by: 'token',
    }));
  test('blank-python', async () => {
    const used = await use('blank-python');
    expect(await (await send(used, { method: 'GET', query: '?name=Ada' })).json()).toEqual({ hello: 'Ada' });
    const posted = await send(used, { body: { a: 1 } });
    expect([posted.status, posted.headers.get('x-handler')]).toEqual([201, 'python']);
  });
  test('blank-workflow', async () =>
    expect(await (await send(await use('blank-workflow'))).json()).toEqual({ ok: true }));
  test('hello-json', async () =>
    expect(await (await send(await use('hello-json'), { query: '?name=Ada' })).json()).toEqual({
      message: 'Hello, Ada!',
    }));
  test('echo-request', async () =>
    expect(await (await send(await use('echo-request'), { query: '?b=1', body: { e: 1 } })).json()).toMatchObject({
      query: { b: ['1'] },
      body: { e: 1 },
      caller: { kind: 'token' },
    }));
  test('get-row', async () => {
    const used = await use('get-row');
    const [row] = await insertRows(testContext(), { table: 'items' }, [{ name: 'Pen' }]);
    expect(await (await send(used, { method: 'GET', query: `?id=${String(row!.id)}` })).json()).toMatchObject({
      id: row!.id,
      name: 'Pen',
    });
    expect((await send(used, { method: 'GET', query: `?id=${crypto.randomUUID()}` })).status).toBe(404);
  });
  test('insert-and-return-row', async () => {
    const response = await send(await use('insert-and-return-row'), {
      body: { email: 'ada@example.com', price: 12.5 },
    });
    expect([response.status, await response.json()]).toMatchObject([
      201,
      { email: 'ada@example.com', price: 12.5, owner: callerId },
    ]);
  });
  test('update-own-row', async () => {
    const used = await use('update-own-row');
    const [mine, other] = await insertRows(testContext(), { table: 'notes' }, [
      { text: 'old', owner: callerId },
      { text: 'x', owner: 'usr_2' },
    ]);
    const patch = (id: unknown) => send(used, { method: 'PATCH', body: { id, text: 'new' } });
    expect(await (await patch(mine!.id)).json()).toMatchObject({ id: mine!.id, text: 'new' });
    const refused = await patch(other!.id);
    expect([refused.status, await refused.json()]).toMatchObject([403, { detail: 'You do not have access to this.' }]);
    expect((await runOf(refused)).outcome).toBe('rejected');
    expect(await rowsOf('notes')).toMatchObject([{ text: 'new' }, { text: 'x' }]);
  });
  test('webhook-receiver', async () => {
    const used = await use('webhook-receiver');
    expect(used.review[0]).toBe(
      'The secret WEBHOOK_SECRET does not exist yet: store it with PUT /admin/secrets/WEBHOOK_SECRET.',
    );
    await putSecret(testContext(), 'WEBHOOK_SECRET', { value: 'hook-secret-value', description: '', roles: [] });
    const body = '{"type":"paid"}';
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', new TextEncoder().encode('hook-secret-value'), algorithm, false, [
      'sign',
    ]);
    const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body)));
    const signature = `sha256=${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    const deliver = (text: string) =>
      call(`/u/${used.endpoint.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-signature': signature },
        body: text,
      });
    const accepted = await deliver(body);
    expect([accepted.status, await accepted.json()]).toEqual([202, { received: true }]);
    expect((await runOf(accepted)).outcome).toBe('success');
    expect(await rowsOf('events')).toMatchObject([{ type: 'paid', payload: { type: 'paid' } }]);
    expect((await deliver(`${body} `)).status).toBe(401);
  });
  test('proxy-with-secret', async () => {
    const used = await use('proxy-with-secret');
    await putSecret(testContext(), 'API_TOKEN', { value: 'upstream-token', description: '', roles: [] });
    upstream((url, headers) =>
      headers.get('authorization') === 'Bearer upstream-token'
        ? Response.json({ name: `Ada ${url.pathname}`, card: 'x' })
        : new Response('', { status: 401 }),
    );
    const response = await send(used, { method: 'GET', query: '?id=42' });
    expect(await response.json()).toEqual({ id: '42', name: 'Ada /customers/42' });
    expect(JSON.stringify(await runOf(response))).not.toContain('upstream-token');
  });
  test('respond-then-log', async () => {
    const used = await use('respond-then-log');
    const response = await send(used, { body: { price: 2.5, quantity: 3 } });
    expect(await response.json()).toEqual({ total: 7.5 });
    expect((await runOf(response)).outcome).toBe('success');
    expect(await rowsOf('calls')).toHaveLength(1);
  });
  test('merge-pages', async () => {
    upstream(({ searchParams }) => {
      const page = Number(searchParams.get('cursor') ?? 0);
      return Response.json({ items: [page], nextCursor: page < 2 ? page + 1 : null });
    });
    expect(await (await send(await use('merge-pages'), { method: 'GET' })).json()).toEqual({
      count: 3,
      items: [0, 1, 2],
    });
  });
  test('validate-and-map-errors', async () => {
    upstream(({ pathname }) =>
      pathname === '/AB-123' ? Response.json({ count: 5 }) : new Response('', { status: 429 }),
    );
    const used = await use('validate-and-map-errors');
    expect(await (await send(used, { body: { sku: 'AB-123', quantity: 2 } })).json()).toEqual({ available: true });
    const busy = await send(used, { body: { sku: 'AB-429', quantity: 2 } });
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await send(used, { body: { sku: 'x', quantity: 101 } })).status).toBe(422);
  });
  test('warm-counter', async () => {
    const used = await use('warm-counter');
    await send(used);
    expect(await (await send(used)).json()).toEqual({ sinceStart: 2, everCounted: 2 });
  });
});

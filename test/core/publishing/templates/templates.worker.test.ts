import { describe, expect, test } from 'vitest';
import { Template } from '../../../../src/core/publishing/templates/template.schema';
import { TEMPLATES } from '../../../../src/core/publishing/templates/template-list';
import { checkAttachment } from '../../../../src/core/publishing/workflows/attachment.rules';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';
import { compileWorkflow } from '../../../../src/core/workflow/compile/compile.rules';
import { runModule, type CallOptions, type Outcome } from '../../workflow/support/isolate';

/** Tables in memory, with one row of each kind, and an API with pages, customers and stock. */
const world = `(() => {
  const tables = { items: [{ id: '1', name: 'Pen' }], notes: [{ id: '1', text: 'old', owner: 'usr_1' }, { id: '2', text: 'other', owner: 'usr_2' }], orders: [], events: [], calls: [] };
  const find = (table, id) => tables[table].find((row) => row.id === id) ?? null;
  return {
    tables: {
      get: async (table, id) => find(table, id),
      insert: async (table, values) => { const row = { id: String(tables[table].length + 1), ...values }; tables[table].push(row); events.push('insert ' + table); return row; },
      update: async (table, id, values) => { const row = find(table, id); return row === null ? null : Object.assign(row, values); },
    },
    fetch: async (url, init) => {
      const { pathname, searchParams } = new URL(url);
      if (pathname === '/customers/42') return init.headers.get('authorization') === 'Bearer upstream-token' ? Response.json({ name: 'Ada', card: 'x' }) : new Response('', { status: 401 });
      if (pathname === '/items') { const page = Number(searchParams.get('cursor') ?? 0); return Response.json({ items: [page, page + 0.5], nextCursor: page < 3 ? page + 1 : null }); }
      if (pathname === '/AB-123') return Response.json({ count: 5 });
      return new Response('', { status: pathname === '/AB-429' ? 429 : pathname === '/AB-500' ? 500 : 404 });
    },
    storage: { sql: { count: 6, exec() { return { one: () => ({ value: ++this.count }) } } } },
  };
})()`;
const user = { kind: 'user', id: 'usr_1', name: 'Ada', roles: [] };

const find = (id: string): Template => TEMPLATES.find((template) => template.id === id)!;
const surroundings = ({ endpoint }: Template) => ({
  parameters: (endpoint.parameters ?? []).map(({ name, required, default: value }) => ({
    name,
    always: required === true || value !== undefined,
  })),
  access: endpoint.access.level,
  secrets: endpoint.secrets ?? [],
  middleware: 0,
});
const testValues = ({ endpoint }: Template) =>
  Object.fromEntries((endpoint.parameters ?? []).map(({ name, test: value }) => [name, value]));
function compile({ handler: { path, source } }: Template): string {
  return path.endsWith('.workflow.json') ? compileWorkflow(checkWorkflow(source).workflow!).code : source;
}
const use = (id: string, options: CallOptions = {}): Promise<Outcome> =>
  runModule(compile(find(id)), {
    world,
    ...options,
    ctx: { caller: user, ...options.ctx, params: { ...testValues(find(id)), ...options.ctx?.params } },
  });

describe.each(TEMPLATES.map((template) => [template.id, template] as const))('%s', (_, template) => {
  test('has the form of a template', () => expect(Template.parse(template)).toEqual(template));
  test('has a workflow that passes the checks in its endpoint', () => {
    if (!template.handler.path.endsWith('.workflow.json'))
      return expect(template.handler.path).toMatch(/\.(js|ts|py)$/);
    const { errors, warnings } = checkWorkflow(template.handler.source, surroundings(template));
    const known = template.endpoint.access.level === 'public' ? ['public_with_secret', 'public_write'] : [];
    expect([errors, warnings.filter(({ code }) => !known.includes(code))]).toEqual([[], []]);
  });
  test('has middleware that passes the checks with its values', () => {
    for (const { handler, with: values } of template.middleware ?? []) {
      const { workflow, errors, warnings } = checkWorkflow(handler.source);
      expect([errors, warnings]).toEqual([[], []]);
      expect(checkAttachment(workflow!, { handler: handler.path, with: values }, surroundings(template))).toEqual({
        errors: [],
        warnings: [],
      });
    }
  });
  test('requires sign-in, except webhook-receiver', () =>
    expect(template.endpoint.access.level).toBe(template.id === 'webhook-receiver' ? 'public' : 'authenticated'));
});

test('the built-in templates are those of the page', () => {
  expect(TEMPLATES.map(({ id }) => id)).toEqual([
    'blank-javascript', 'blank-typescript', 'blank-python', 'blank-workflow', 'hello-json', 'echo-request', 'get-row', 'insert-and-return-row', 'update-own-row', 'webhook-receiver', 'proxy-with-secret',
    'respond-then-log', 'merge-pages', 'validate-and-map-errors', 'warm-counter',
  ]); // oxfmt-ignore
});

describe('every template answers with its test values', () => {
  test('hello-json', async () => expect((await use('hello-json')).answer?.body).toEqual({ message: 'Hello, Ada!' }));
  test('echo-request', async () => {
    const { answer } = await use('echo-request', {
      request: {
        url: 'https://e.test/a?b=1',
        headers: { 'x-c': 'd', 'content-type': 'application/json' },
        method: 'POST',
        body: '{"e":1}',
      },
    });
    expect(answer?.body).toMatchObject({
      method: 'POST',
      path: '/a',
      query: { b: ['1'] },
      headers: { 'x-c': 'd' },
      body: { e: 1 },
      caller: { kind: 'user' },
    });
  });
  test('get-row', async () => {
    expect((await use('get-row')).answer?.body).toEqual({ id: '1', name: 'Pen' });
    expect((await use('get-row', { ctx: { params: { id: '9' } } })).answer?.status).toBe(404);
  });
  test('insert-and-return-row', async () => {
    expect((await use('insert-and-return-row')).answer).toMatchObject({
      status: 201,
      body: { id: '1', email: 'ada@example.com', price: 12.5, owner: 'usr_1' },
    });
    expect((await use('insert-and-return-row', { ctx: { params: { price: 0 } } })).answer?.status).toBe(400);
  });
  test('update-own-row', async () => {
    expect((await use('update-own-row')).answer?.body).toEqual({ id: '1', text: 'A note', owner: 'usr_1' });
    const { handler, with: values } = find('update-own-row').middleware![0]!;
    const middleware = compileWorkflow(checkWorkflow(handler.source).workflow!, { with: values }).code;
    const passes = (id: string, caller: object = user) =>
      runModule(middleware, { world, ctx: { params: { id }, caller: caller as typeof user } });
    expect((await passes('1')).answer).toEqual({
      outcome: 'pass',
      result: { row: { id: '1', text: 'old', owner: 'usr_1' } },
    });
    const refusals = await Promise.all([passes('2'), passes('3'), passes('1', { kind: 'anonymous', id: null })]);
    for (const { answer } of refusals)
      expect(answer).toMatchObject({
        outcome: 'refuse',
        status: 403,
        body: { detail: 'You do not have access to this.' },
      });
  });
  test('webhook-receiver', async () => {
    const body = '{"type":"paid","n":1}';
    const secret = 'hook-secret-value';
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(secret),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body)));
    const signature = `sha256=${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    const send = (headers: Record<string, string>, text = body) =>
      use('webhook-receiver', {
        request: { headers: { 'content-type': 'application/json', ...headers }, body: text },
        ctx: { env: { WEBHOOK_SECRET: secret } },
      });
    const { answer, events, steps } = await send({ 'x-signature': signature });
    expect([answer?.status, events]).toEqual([202, ['answered', 'insert events']]);
    expect(steps.at(-1)?.input).toMatchObject({ values: { type: 'paid', payload: { n: 1 } } });
    expect(JSON.stringify(steps)).not.toContain(secret);
    for (const bad of [
      await send({}),
      await send({ 'x-signature': `${signature}0` }),
      await send({ 'x-signature': signature }, `${body} `),
    ]) {
      expect([bad.answer?.status, bad.events]).toEqual([401, ['answered']]);
    }
  });
  test('proxy-with-secret', async () => {
    const { answer, steps } = await use('proxy-with-secret', { ctx: { env: { API_TOKEN: 'upstream-token' } } });
    expect(answer?.body).toEqual({ id: '42', name: 'Ada' });
    expect(JSON.stringify(steps)).not.toContain('upstream-token');
    expect((await use('proxy-with-secret', { ctx: { env: { API_TOKEN: 'another-token' } } })).answer?.status).toBe(502);
  });
  test('respond-then-log', async () => {
    const { answer, events } = await use('respond-then-log');
    expect([answer?.body, events]).toEqual([{ total: 7.5 }, ['answered', 'insert calls']]);
  });
  test('merge-pages', async () =>
    expect((await use('merge-pages')).answer?.body).toEqual({ count: 8, items: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5] }));
  test('validate-and-map-errors', async () => {
    const answer = async (params: Record<string, unknown>) =>
      (await use('validate-and-map-errors', { ctx: { params } })).answer;
    expect((await answer({}))?.body).toEqual({ available: true });
    expect(await answer({ sku: 'x', quantity: 101 })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'quantity' }, { field: 'sku' }] },
    });
    expect((await answer({ sku: 'AB-404' }))?.status).toBe(404);
    expect(await answer({ sku: 'AB-429' })).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect((await answer({ sku: 'AB-500' }))?.status).toBe(502);
  });
  test('warm-counter', async () =>
    expect((await use('warm-counter')).answer).toMatchObject({ sinceStart: 1, everCounted: 7 }));
});

import { env, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { createVersion } from '../../../../src/core/publishing/handlers/create-version';
import { CreateVersionInput } from '../../../../src/core/publishing/handlers/handler.schema';
import { testEndpoint } from '../../../../src/core/gateway/test/test-endpoint';
import { deleteSecret } from '../../../../src/core/publishing/secrets/delete-secret';
import { putSecret } from '../../../../src/core/publishing/secrets/put-secret';
import { toProblem } from '../../../../src/http/wire/errors';
import type { AccessLevel } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { TestEndpointInput } from '../../../../src/core/gateway/test/test-endpoint.schema';
import { codeOf } from '../../../support/code-of';
import { actorWith, drain, testContext } from '../../../support/context';
import { insertUser } from '../../../support/people';
import { call, makeKey, publish, unique } from '../../../support/publish';

const ctx = testContext();
const run = (id: string, input: z.input<typeof TestEndpointInput> = {}, as = ctx) =>
  testEndpoint(as, id, TestEndpointInput.parse(input), toProblem);

test('missing parameters take their test values; sent ones win in every location', async () => {
  const { endpoint } = await publish('export default (p, ctx) => ({ ...p, caller: ctx.caller.kind })', {
    access: { level: 'key' },
    subpaths: true,
    parameters: [
      { name: 'a', test: 'A', required: true },
      { name: 'n', type: 'integer', in: 'query', test: 5 },
      { name: 'seg', in: 'path', test: 'x y/z' },
      { name: 'X-Lang', in: 'header', test: 'el' },
      { name: 'none' },
    ],
  });
  const { run: record, response } = await run(endpoint.id, { parameters: { n: 7, extra: true } });
  expect(JSON.parse(response.body)).toEqual({
    a: 'A',
    n: 7,
    seg: 'x y/z',
    'X-Lang': 'el',
    extra: true,
    caller: 'anonymous',
  });
  expect(record).toMatchObject({ kind: 'test', outcome: 'success', status: 200, endpointId: endpoint.id });
});

describe('the caller', () => {
  const WHO = 'export default (p, ctx) => ctx.caller';
  const bodyOf = async (...args: Parameters<typeof run>): Promise<object> => {
    const { response } = await run(...args);
    return { status: response.status, ...(JSON.parse(response.body) as object) };
  };

  test.each(['authenticated', 'key-or-authenticated'] as const)(
    'is the tester where the level is %s',
    async (level) => {
      const { endpoint } = await publish(WHO, { access: { level } });
      expect(await bodyOf(endpoint.id)).toMatchObject({ status: 200, kind: 'user', id: 'usr_admin', name: 'admin' });
    },
  );

  test('is the first valid key on a key endpoint, and anonymous on a public one', async () => {
    const [off, one, two] = [await makeKey({ active: false }), await makeKey(), await makeKey()];
    const keys = [off.id, two.id, one.id];
    const { endpoint } = await publish(WHO, { access: { level: 'key', keys } });
    expect(await bodyOf(endpoint.id)).toMatchObject({ kind: 'key', id: one.id, name: one.alias });
    const { endpoint: open } = await publish(WHO);
    expect(await bodyOf(open.id)).toMatchObject({ kind: 'anonymous' });
  });

  test('is anonymous on a key endpoint without keys, with a note that access was skipped', async () => {
    const { endpoint } = await publish(WHO, {
      access: { level: 'key', keys: [(await makeKey({ active: false })).id] },
    });
    expect(await run(endpoint.id)).toMatchObject({
      response: { status: 200, body: expect.stringContaining('anonymous') },
      accessSkipped: 'auth_required',
    });
    const { endpoint: open } = await publish(WHO);
    expect(await run(open.id)).toMatchObject({ response: { status: 200 }, accessSkipped: null });
  });

  const user = (roles: string[], more: object = {}) => insertUser(unique('caller'), roles, more);
  const asUser = async (roles: string[], more: object = {}): Promise<{ user: string }> => ({
    user: (await user(roles, more)).id,
  });
  const asKey = async (more: object = {}): Promise<{ key: string }> => ({ key: (await makeKey(more)).id });
  const REFUSED: [string, AccessLevel, () => Promise<TestEndpointInput['as']>, number, string][] = [
    ['a user without the roles', 'authenticated', () => asUser(['developer']), 403, 'role_required'],
    ['a disabled user', 'authenticated', () => asUser(['viewer'], { active: false }), 401, 'invalid_token'],
    ['a user where keys may call', 'key', () => asUser([]), 401, 'auth_required'],
    ['a key where people may call', 'authenticated', () => asKey(), 401, 'auth_required'],
    ['a key that is not listed', 'key', () => asKey(), 403, 'key_not_allowed'],
    ['a key that is off', 'key-or-authenticated', () => asKey({ active: false }), 401, 'invalid_key'],
    ['the tester without the roles', 'authenticated', async () => undefined, 403, 'role_required'],
  ];
  test.each(REFUSED)('%s is refused as a live call is, unless that is to be skipped', async (_name, level, make, status, code) => {
    const roles = level === 'key' ? {} : { roles: { names: ['viewer'] } };
    const { endpoint } = await publish(`let calls = 0; export default () => ++calls`, { access: { level, ...roles }, log: 'off' });
    const as = await make();
    const refused = await run(endpoint.id, { as });
    expect(refused.response).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(refused.response.body)).toMatchObject({ status, code });
    expect(refused).toMatchObject({ run: { kind: 'test', outcome: 'rejected', status }, accessSkipped: null });
    expect(await run(endpoint.id, { as, skipAccess: true })).toMatchObject({ response: { status: 200, body: '1' }, accessSkipped: code });
  }); // oxfmt-ignore

  test('passes access checks without a skip when permitted', async () => {
    const { endpoint } = await publish(WHO, { access: { level: 'authenticated', roles: { names: ['viewer'] } } });
    const { id } = await user(['viewer']);
    expect(await run(endpoint.id, { as: { user: id }, skipAccess: true })).toMatchObject({
      response: { status: 200 },
      run: { caller: { kind: 'user', id } },
      accessSkipped: null,
    });
  });
});

describe('files', () => {
  const READ = `export default async ({ doc, note, tags }) => {
    const of = async (file) => [file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]];
    return { doc: Array.isArray(doc) ? await Promise.all(doc.map(of)) : await of(doc), note, tags };
  }`;
  const parameters = [
    { name: 'doc', type: 'file' as const, required: true, maxLength: 4 },
    { name: 'note' },
    { name: 'tags', type: 'array' as const },
  ];
  test.each([
    ['text', { filename: 'a.txt', type: 'text/plain', text: 'é' }, ['a.txt', 'text/plain', [195, 169]]],
    ['base64', { filename: 'b.bin', base64: 'AAH/' }, ['b.bin', 'application/octet-stream', [0, 1, 255]]],
    [
      'a list',
      [{ text: '' }, { text: 'x' }],
      [
        ['file', 'application/octet-stream', []],
        ['file', 'application/octet-stream', [120]],
      ],
    ],
  ] as const)('%s reaches the handler beside other parameters', async (_name, doc, expected) => {
    const { endpoint } = await publish(READ, { parameters, methods: ['GET', 'POST'] });
    const given = { doc: doc as unknown as z.core.util.JSONType, note: 'n', tags: ['a', 'b'] };
    const { response } = await run(endpoint.id, { parameters: given });
    expect(JSON.parse(response.body)).toEqual({ doc: expected, note: 'n', tags: ['a', 'b'] });
  });

  test('a test value is a file too', async () => {
    const { endpoint } = await publish(READ, { parameters: [{ ...parameters[0]!, test: { text: 'abc' } }] });
    expect(JSON.parse((await run(endpoint.id)).response.body)).toMatchObject({
      doc: ['file', 'application/octet-stream', [97, 98, 99]],
    });
  });

  test.each([
    ['text', 'abc'],
    ['neither', { filename: 'a' }],
    ['both', { text: '', base64: '' }],
    ['no base64', { base64: '?' }],
    ['an empty list', []],
  ])('%s is refused with the form that a file has', async (_name, doc) => {
    const { endpoint } = await publish(READ, { parameters });
    await expect(run(endpoint.id, { parameters: { doc } })).rejects.toMatchObject({
      code: 'invalid_input',
      extra: { issues: [{ pointer: '#/parameters/doc', message: expect.stringContaining('base64') }] },
    });
  });

  test('a file beyond its parameter’s maxLength is refused as in a live call', async () => {
    const { endpoint } = await publish(READ, { parameters });
    expect(await codeOf(run(endpoint.id, { parameters: { doc: { text: '12345' } } }))).toBe('invalid_parameters');
  });
});

describe('the request of a test', () => {
  const parameters = [
    { name: 'seg', in: 'path' as const, test: 'S' },
    { name: 'tail', in: 'path' as const },
    { name: 'q', in: 'query' as const, test: 'Q' },
    { name: 'h', in: 'header' as const, test: 'H' },
  ];
  const SHOW = 'export const handler = (request) => [new URL(request.url).pathname, new URL(request.url).search, request.headers.get("h")]';
  const shown = async (id: string, input: z.input<typeof TestEndpointInput>) => JSON.parse((await run(id, input)).response.body) as unknown;

  test('wins over test values, and stays as it is', async () => {
    const { endpoint } = await publish(SHOW, { subpaths: true, parameters });
    expect(await shown(endpoint.id, {})).toEqual(['/S', '?q=Q', 'H']);
    expect(await shown(endpoint.id, { request: { path: '/other', query: 'q=mine&b=%20+', headers: { H: 'mine' } } })).toEqual(['/other', '?q=mine&b=%20+', 'mine']);
    expect(await shown(endpoint.id, { request: { query: 'b=%20+' }, parameters: { h: 'x' } })).toEqual(['/S', '?b=%20+&q=Q', 'x']);
  });

  test.each([['seg', { path: '/x' }], ['q', { query: 'q=1' }], ['h', { headers: { h: 'x' } }]])('is not given again as the parameter %s', async (name, request) => {
    const { endpoint } = await publish(SHOW, { subpaths: true, parameters });
    await expect(run(endpoint.id, { request, parameters: { [name]: 'z' } })).rejects.toMatchObject({
      extra: { issues: [{ pointer: `#/parameters/${name}`, code: 'contradiction' }] },
    });
  });

  test('a value that does not fit its location is refused', async () => {
    const { endpoint } = await publish(SHOW, { subpaths: true, parameters });
    for (const [given, pointer] of [[{ h: 'a\r\nb: c' }, '#/parameters/h'], [{ seg: null, tail: 'x' }, '#/parameters/seg'], [{ seg: '\ud800' }, '#/parameters/seg']] as const)
      await expect(run(endpoint.id, { parameters: given })).rejects.toMatchObject({ code: 'invalid_input', extra: { issues: [{ pointer }] } });
    for (const request of [{ path: '/a?b=c' }, { path: '/a#b' }, { path: 'a' }, { query: '?a=b' }, { query: 'a b' }, { headers: { 'a b': 'c' } }])
      expect(TestEndpointInput.safeParse({ request }).success, JSON.stringify(request)).toBe(false);
  });
}); // oxfmt-ignore

test('a binary response is shown as base64', async () => {
  const { endpoint } = await publish(
    'export default () => new Response(new Uint8Array([0, 255, 1]), { headers: { "content-type": "application/octet-stream" } })',
    { response: { types: ['application/octet-stream'] } },
  );
  expect((await run(endpoint.id)).response).toMatchObject({ status: 200, base64: 'AP8B' });
  const text = await publish('export default () => "\ufeffé"');
  expect((await run(text.endpoint.id)).response).toMatchObject({ body: '\ufeffé', base64: null });
});

test('a body that is given whole takes no parameters beside it', async () => {
  const { endpoint } = await publish('export default (p) => p', {
    parameters: [
      { name: 'a', test: 'x' },
      { name: 'q', in: 'query' },
    ],
  });
  const request = { body: '{"a":"from the body"}', headers: { 'content-type': 'application/json' } };
  expect((await run(endpoint.id, { request, parameters: { q: 'y' } })).response.body).toBe(
    '{"a":"from the body","q":"y"}',
  );
  await expect(run(endpoint.id, { request, parameters: { a: 'z' } })).rejects.toMatchObject({
    extra: { issues: [{ pointer: '#/parameters/a', code: 'contradiction' }] },
  });
});

describe('a shared instance', () => {
  const COUNT = `let inMemory = 0;
    export function handler(request, ctx) {
      const { sql } = ctx.storage;
      sql.exec('create table if not exists c (n integer)');
      sql.exec('insert into c values (1)');
      return { inMemory: ++inMemory, stored: sql.exec('select count(*) as n from c').one().n };
    }`;

  test('has storage and memory of its own, which are thrown away', async () => {
    const { endpoint } = await publish(COUNT, { instance: 'shared' });
    const live = async (): Promise<unknown> => (await call(`/u/${endpoint.path}`, { method: 'POST' })).json();
    const tested = async () => JSON.parse((await run(endpoint.id)).response.body) as unknown;
    expect(await live()).toEqual({ inMemory: 1, stored: 1 });
    expect(await tested()).toEqual({ inMemory: 1, stored: 1 });
    expect(await tested()).toEqual({ inMemory: 1, stored: 1 });
    expect(await live()).toEqual({ inMemory: 2, stored: 2 });
  });

  test('leaves nothing behind, however the test ends', async () => {
    const { endpoint } = await publish(
      `export function handler(request, ctx) { ctx.storage.kv.put('a', 1); throw new Error('no') }`,
      {
        instance: 'shared',
      },
    );
    const discarded: string[] = [];
    const discard = async (name: string) => {
      await ctx.runtime.discard(name);
      discarded.push(name);
    };
    const { run: record } = await run(
      endpoint.id,
      {},
      testContext(undefined, { runtime: { ...ctx.runtime, discard } }),
    );
    await drain();
    expect([record.outcome, discarded]).toEqual(['failed', [`test@${record.id}`]]);
    const instance = env.INSTANCE.getByName(discarded[0]!);
    expect(await runInDurableObject(instance, (_, state) => [...state.storage.kv.list()])).toEqual([]);
  });
});

test('a secret that is not there is named to the tester, and nothing runs', async () => {
  const name = unique('GONE').replaceAll('-', '_').toUpperCase();
  await putSecret(ctx, name, { value: 'x', description: '', roles: [] });
  const { endpoint } = await publish('export default () => 1', { secrets: [name] });
  await deleteSecret(ctx, name, true);
  await expect(run(endpoint.id)).rejects.toMatchObject({
    code: 'not_configured',
    message: expect.stringContaining(name),
  });
});

test('any version can be tried, also one that is not deployed', async () => {
  const { endpoint, handler } = await publish('export default () => 1');
  await createVersion(
    ctx,
    handler.id,
    CreateVersionInput.parse({ source: 'export default () => 2', deploy: false }),
    null,
  );
  expect((await run(endpoint.id)).response.body).toBe('1');
  expect(await run(endpoint.id, { version: 2 })).toMatchObject({ response: { body: '2' }, run: { handlerVersion: 2 } });
  expect(await codeOf(run(endpoint.id, { version: 3 }))).toBe('invalid_input');
});

test.each([
  ['a failure', 'export default () => { throw new Error("no") }', 'failed'],
  ['an answer that may not go out', 'export default () => new Uint8Array(1)', 'failed'],
  ['a late failure', 'export default (p, ctx) => { ctx.waitUntil(Promise.reject(new Error("late"))); return 1 }', 'failed_after_response'],
  ['a body that breaks', 'export const handler = () => new Response(new ReadableStream({ async start(c) { await 1; c.error(new Error("x")) } }), { headers: { "content-type": "text/plain" } })', 'failed'],
])('%s is an answer with its record, not a failure of the test run', async (_name, source, outcome) => {
  const { endpoint } = await publish(source);
  expect((await run(endpoint.id)).run).toMatchObject({ kind: 'test', outcome });
}); // oxfmt-ignore

test('invalid parameters are refused, and a test needs the rights of the executor', async () => {
  const { endpoint } = await publish('export default () => 1', { parameters: [{ name: 'n', type: 'integer' }] });
  expect(await codeOf(run(endpoint.id, { parameters: { n: 'x' } }))).toBe('invalid_parameters');
  expect(await codeOf(run(endpoint.id, {}, testContext(actorWith('developer'))))).toBe('forbidden');
  expect(await codeOf(run(endpoint.id, {}, testContext(actorWith('viewer'))))).toBe('forbidden');
  expect(await codeOf(run('ep_none'))).toBe('not_found');
});

test('a source that is not saved runs in the place of the saved ones', async () => {
  const { endpoint } = await publish('export default () => "saved"', { access: { level: 'public' } });
  const draft = 'export default ({ n = 1 }) => `draft ${n}`';
  for (const n of [2, 3]) {
    const { response, run: record } = await run(endpoint.id, { source: draft, parameters: { n } });
    expect([response.status, response.body]).toEqual([200, `draft ${n}`]);
    expect(record).toMatchObject({ kind: 'test', handlerVersion: null });
  }
  expect((await run(endpoint.id)).response.body).toBe('saved');
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).text()).toBe('saved');
  await expect(run(endpoint.id, { source: draft, version: 1 })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(run(endpoint.id, { source: 'export default (' })).rejects.toMatchObject({ code: 'invalid_source' });
});

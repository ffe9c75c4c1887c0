import { beforeAll, describe, expect, test } from 'vitest';
import { activeEndpoints } from '../../../src/core/gateway/describe/identify-visitor';
import { describeEndpoints } from '../../../src/core/gateway/describe/describe-endpoints';
import type { visibleEndpoints } from '../../../src/core/gateway/describe/visible-endpoints';
import { testContext } from '../../support/context';
import { callAdmin } from '../../support/admin-api';
import { call, ensureAdmin, makeKey, publish, runOf, unique, type EndpointOptions } from '../../support/publish';
import { adminToken } from '../../support/sign-in';

interface Document {
  paths: Record<string, Record<string, { operationId: string; security: object[]; [field: string]: unknown }>>;
}
const root = unique('d').replaceAll('-', '');
const folder = unique('folder');
const at = async (path: string, options: EndpointOptions = {}) =>
  (await publish('export default () => 1', { path: `${root}/${path}`, folder, methods: ['GET'], ...options })).endpoint;
const read = async (query = `?folder=${folder}`, headers: Record<string, string> = {}): Promise<Document> =>
  (await call(`/u/openapi.json${query}`, { headers })).json();
const operations = ({ paths }: Document): string[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path.slice(root.length + 2)}`),
  );

const key = await makeKey();
const narrow = await makeKey({ scopes: { methods: ['GET'] } });
beforeAll(async () => {
  await ensureAdmin();
  await at('open/:id', { parameters: [{ name: 'since', in: 'query', type: 'date' }] });
  await at('hidden', { docs: 'hidden' });
  await at('shown', { docs: 'public', access: { level: 'key' } });
  await at('keyed', {
    methods: ['GET', 'POST'],
    access: { level: 'key', keys: [key.id, narrow.id] },
    folder: `${folder}/below`,
  });
  await at('people', { access: { level: 'authenticated' } });
  await at('off', { active: false });
});

describe('/u/openapi.json', () => {
  test('shows strangers what is public, and a key what it may call besides', async () => {
    expect(operations(await read())).toEqual(['get open/{id}', 'get shown']);
    const withKey = (value: string) => read(`?folder=${folder}`, { 'x-api-key': value });
    expect(operations(await withKey(key.key!))).toEqual(['get keyed', 'post keyed', 'get open/{id}', 'get shown']);
    expect(operations(await withKey(narrow.key!))).toEqual(['get keyed', 'get open/{id}', 'get shown']);
    expect(operations(await read(`?folder=${folder}/below`, { 'x-api-key': key.key! }))).toEqual([
      'get keyed',
      'post keyed',
    ]);
    const refused = await call('/u/openapi.json', { headers: { 'x-api-key': 'x'.repeat(40) } });
    expect(refused.status).toBe(401);
  });

  test('has names, credentials and parameters of operations', async () => {
    const document = await read(`?folder=${folder}`, { 'x-api-key': key.key! });
    const operation = document.paths[`/${root}/open/{id}`]!.get!;
    expect(operation.operationId).toBe(`get${root.charAt(0).toUpperCase()}${root.slice(1)}OpenById`);
    expect(operation.security).toEqual([]);
    expect(operation.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'since', in: 'query', required: false, schema: { type: 'string', format: 'date' } },
    ]);
    expect(document.paths[`/${root}/keyed`]!.get!.security).toEqual([{ apiKey: [] }]);
  });

  test('is not sent again while it has not changed, and is never shared between credentials', async () => {
    const first = await call(`/u/openapi.json?folder=${folder}`);
    expect([first.headers.get('cache-control'), first.headers.get('vary')]).toEqual([
      'private, no-cache',
      'authorization, x-api-key',
    ]);
    const again = await call(`/u/openapi.json?folder=${folder}`, {
      headers: { 'if-none-match': first.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });
});

describe('a description without a credential', () => {
  /** On a busy machine, a hundred descriptions may take longer than the 10 s in which they are counted. */
  const at = Date.now();
  const describeAt = (origin: string, rows: Parameters<typeof visibleEndpoints>[0]) => {
    const base = testContext(undefined, { origin, address: '192.0.2.77', now: () => at });
    const cache = { ...base.cache, published: { ...base.cache.published, get: () => rows } };
    return describeEndpoints({ ...base, cache }, new Headers(), folder, 'openapi');
  };

  test('is written once for each reading of the endpoints, and a hundred times in 10 s for a network', async () => {
    const first = await describeAt('https://a.test', []);
    const rows = await activeEndpoints(testContext());
    const found = await describeAt('https://a.test', rows);
    expect(found).toEqual({
      text: expect.stringContaining('/open/{id}'),
      etag: expect.not.stringContaining(first.etag),
    });
    expect(await describeAt('https://a.test', rows)).toBe(found);
    for (let i = 0; i < 98; i++) await describeAt(`https://a${i}.test`, []);
    await expect(describeAt('https://b.test', [])).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await describeAt('https://a.test', rows)).toBe(found);
  });
});

test('/u/client.ts has a function for each operation, /u/docs a page without foreign scripts', async () => {
  const client = await (await call(`/u/client.ts?folder=${folder}`)).text();
  expect(client).toContain('OpenById: (params: { "id": string; "since"?: string }');
  expect(client).not.toContain('__ORIGIN__');
  const page = await call('/u/docs');
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect((await page.text()).match(/src="[^"]*"/g)).toEqual([
    'src="/docs/swagger-ui-bundle.js"',
    'src="/docs/endpoints.js"',
  ]);
});

test('a save refuses a response.schema that would make the description of all endpoints unreadable', async () => {
  const schema = { type: 'object', properties: { total: { type: 'decimal' } } };
  const body = { handler: { path: 'a.js' }, response: { schema } };
  const refused = await callAdmin('POST', '/endpoints', { token: await adminToken(), body });
  expect([refused.status, refused.body.errors]).toMatchObject([
    422,
    [{ pointer: '#/response/schema/properties/total/type' }],
  ]);
});

test('a response that differs from response.schema is a warning in the run, and sent all the same', async () => {
  const { endpoint } = await publish('export default () => ({ total: "1" })', {
    response: { schema: { type: 'object', properties: { total: { type: 'number' } } } },
  });
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([response.status, await response.clone().json()]).toEqual([200, { total: '1' }]);
  const { logs, outcome } = await runOf(response);
  expect([outcome, logs.map(({ level, message }) => [level, message])]).toEqual([
    'success',
    [['warn', expect.stringContaining('does not match response.schema: #/total')]],
  ]);
});

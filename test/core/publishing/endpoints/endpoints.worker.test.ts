import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Actor } from '../../../../src/core/access/actor';
import { listAudit } from '../../../../src/core/audit/list-audit';
import { createEndpoint } from '../../../../src/core/publishing/endpoints/create-endpoint';
import { deleteEndpoint } from '../../../../src/core/publishing/endpoints/delete-endpoint';
import { CreateEndpointInput, UpdateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { getEndpoint, listEndpoints } from '../../../../src/core/publishing/endpoints/get-endpoint';
import { ListEndpointsQuery } from '../../../../src/core/publishing/endpoints/list-endpoints.schema';
import { updateEndpoint } from '../../../../src/core/publishing/endpoints/update-endpoint';
import { ApiError } from '../../../../src/kernel/errors';
import { codeOf } from '../../../support/code-of';
import { actorWith, testContext } from '../../../support/context';
import { ensureAdmin, makeKey, publish, saveHandler, unique } from '../../../support/publish';
import { record, stored } from '../../../support/runs';

const ctx = testContext();
let handler = '';
const create = (input: Omit<z.input<typeof CreateEndpointInput>, 'handler'> & { handler?: object } = {}, as = ctx) =>
  createEndpoint(as, CreateEndpointInput.parse({ handler: { path: handler }, ...input }));
const update = (id: string, input: z.input<typeof UpdateEndpointInput>, as = ctx, ifMatch: number | null = null) =>
  updateEndpoint(as, id, UpdateEndpointInput.parse(input), ifMatch);
const issuesOf = async (work: Promise<unknown>): Promise<string[]> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return error instanceof ApiError
    ? (error.extra.issues ?? []).map(({ pointer, code }) => `${pointer} ${code}`)
    : [String(error)];
};

beforeAll(async () => {
  await ensureAdmin();
  await env.DB.prepare(
    `insert or ignore into users (id, name, password_hash, active, roles, revision, created_at, updated_at) values ('usr_other', 'other', 'none', 1, '["developer"]', 1, 0, 0)`,
  ).run();
  handler = (await saveHandler('export default () => 1')).path;
});

test('a new endpoint is closed, takes POST, and runs as its creator', async () => {
  const endpoint = await create();
  expect(endpoint).toMatchObject({
    path: expect.stringMatching(/^[0-9A-Za-z]{12}$/) as unknown,
    handler: { path: handler, version: null },
    methods: ['POST'],
    active: true,
    subpaths: false,
    instance: 'pooled',
    executor: 'usr_admin',
    createdBy: 'usr_admin',
    access: { level: 'key', keys: [], roles: { match: 'any', names: [], of: [] } },
    response: { types: ['application/json', 'text/plain'] },
    cors: { origins: [] },
    rateLimit: null,
    limits: { timeoutMs: 10_000, cpuMs: 1000, subrequests: 20, bodyBytes: 1_048_576, responseBytes: 1_048_576 },
    log: 'full',
    revision: 1,
    url: `https://portico.test/u/${endpoint.path}`,
  });
  expect(await getEndpoint(ctx, endpoint.id)).toEqual(endpoint);
});

describe('paths', () => {
  test.each([
    ['a//b', 'invalid_path'], ['/a', 'invalid_path'], ['a/', 'invalid_path'], ['a/..', 'invalid_path'], [':a', 'invalid_path'], ['a/:1', 'invalid_path'],
    ['a/b?', 'invalid_path'], ['a/*', 'invalid_path'], ['a/:b/:b', 'invalid_path'], ['a/b/c/d/e/f/g/h/i', 'invalid_path'], [`a/${'b/'.repeat(6)}${'x'.repeat(65)}`, 'invalid_path'],
    [['a', ...Array<string>(7).fill('x'.repeat(40))].join('/'), 'invalid_path'], ['docs/a', 'reserved_path'], ['openapi.json', 'reserved_path'],
    ['a/admin', 'ok'], ['orders/:id/items/:item', 'ok'], ['a/b/c/d/e/f/g/h', 'ok'], ['robots.txt', 'ok'],
    ['..', 'invalid_path'], ['é', 'invalid_path'], ['', 'invalid_path'], ['x'.repeat(65), 'invalid_path'], ['a b', 'invalid_path'],
    ['a\n', 'invalid_path'], ['admin', 'reserved_path'], ['ADMIN', 'reserved_path'], ['openapi', 'reserved_path'], ['list', 'reserved_path'],
    ['x'.repeat(64), 'ok'], ['A-_9', 'ok'],
  ])('%j: %s', (path, wanted) => {
    const parsed = CreateEndpointInput.safeParse({ handler: { path: 'a.js' }, path });
    const code = parsed.success ? 'ok' : parsed.error.issues.map((issue) => (issue.code === 'custom' ? issue.params?.code : issue.code)).join();
    expect(code).toContain(wanted);
  }); // oxfmt-ignore

  test('two concurrent creations of one path: one succeeds', async () => {
    const path = unique('once');
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(create({ path }))));
    expect(codes.toSorted()).toEqual(['done', ...Array<string>(4).fill('path_taken')]);
    const other = await create();
    expect(await codeOf(update(other.id, { path }))).toBe('path_taken');
  });

  test('after a deletion a path is free again, and the keys stay', async () => {
    const key = await makeKey();
    const first = await create({ path: unique('free'), access: { keys: [key.id] } });
    await deleteEndpoint(ctx, first.id, null);
    expect(await codeOf(getEndpoint(ctx, first.id))).toBe('not_found');
    const second = await create({ path: first.path });
    expect(second.access.keys).toEqual([]);
  });
});

test('whatever is wrong is listed at once', async () => {
  expect(
    await issuesOf(
      create({
        handler: { path: 'no/such.js' },
        executor: 'usr_none',
        access: { level: 'public', keys: ['key_none'], roles: { names: ['boss'] } },
        rateLimit: { limit: 1, windowSeconds: 1, by: 'user' },
        parameters: [
          { name: 'a', in: 'path' },
          { name: 'a', type: 'text', pattern: '(' },
          { id: 'x', name: 'b' },
          { id: 'x', name: 'c' },
        ],
      }),
    ),
  ).toEqual([
    '#/parameters/0/in path_without_subpaths',
    '#/parameters/1/name duplicate',
    '#/parameters/1/pattern invalid_pattern',
    '#/parameters/3/id duplicate',
    '#/access/roles roles_without_people',
    '#/rateLimit/by user_without_people',
    '#/handler/path not_found',
    '#/executor not_found',
    '#/access/keys/0 not_found',
    '#/access/roles/names/0 unknown_role',
  ]);
  expect(await issuesOf(create({ handler: { path: handler, version: 9 } }))).toEqual(['#/handler/version not_found']);
});

test('a change touches what it names: documents merge one level deep, lists are replaced', async () => {
  const keys = [await makeKey(), await makeKey()].map(({ id }) => id).toSorted();
  const before = await create({
    access: { keys },
    limits: { timeoutMs: 500 },
    parameters: [{ name: 'a' }, { name: 'b' }],
    cors: { origins: ['*'] },
  });
  const opened = await update(before.id, { access: { level: 'public' }, limits: { cpuMs: 5 } });
  expect(opened).toEqual({
    ...before,
    access: { ...before.access, level: 'public' },
    limits: { ...before.limits, cpuMs: 5 },
    revision: 2,
    updatedAt: opened.updatedAt,
  });
  const renamed = await update(before.id, { parameters: [{ id: 'p2', name: 'c' }, { name: 'a' }, { name: 'd' }] });
  expect(renamed.parameters.map(({ id, name }) => `${id} ${name}`)).toEqual(['p2 c', 'p1 a', 'p3 d']);
  expect((await update(before.id, { access: { keys: [keys[1]!, keys[1]!] } })).access.keys).toEqual([keys[1]]);
  expect((await update(before.id, { access: { keys: [] } })).access).toMatchObject({ level: 'public', keys: [] });
  expect(await getEndpoint(ctx, before.id)).toMatchObject({ revision: 5, methods: ['POST'] });
});

test('a stale change is refused and leaves keys as they were', async () => {
  const key = await makeKey();
  const endpoint = await create({ access: { keys: [key.id] } });
  await update(endpoint.id, { title: 'x' }, ctx, 1);
  expect(await codeOf(update(endpoint.id, { access: { keys: [] } }, ctx, 1))).toBe('stale_revision');
  expect(await codeOf(deleteEndpoint(ctx, endpoint.id, 1))).toBe('stale_revision');
  expect((await getEndpoint(ctx, endpoint.id)).access.keys).toEqual([key.id]);
  const racing = await Promise.all(['a', 'b', 'c'].map((title) => codeOf(update(endpoint.id, { title }, ctx, 2))));
  expect(racing.filter((code) => code === 'done')).toHaveLength(1);
});

describe('rights', () => {
  test('a developer makes no user the executor who may do more', async () => {
    const developer = testContext(actorWith('developer'));
    expect(await codeOf(create({ executor: 'usr_admin' }, developer))).toBe('forbidden');
    const own = await create({}, developer);
    expect(own.executor).toBe('usr_other');
    expect(await codeOf(update(own.id, { executor: 'usr_admin' }, developer))).toBe('forbidden');
    expect((await update(own.id, { executor: 'usr_admin' })).executor).toBe('usr_admin');
    // Naming the executor that is there already changes nothing and needs no right.
    expect(await codeOf(update(own.id, { executor: 'usr_admin', title: 't' }, developer))).toBe('done');
  });

  test('an admin is needed to list types that a browser runs', async () => {
    const developer = testContext(actorWith('developer'));
    for (const type of [
      'text/html',
      'image/svg+xml',
      'application/xhtml+xml',
      'text/javascript',
      'application/xml',
      'text/xml',
      'application/ecmascript',
      'application/x-javascript',
      'text/javascript1.5',
      'application/rss+xml',
      'application/mathml+xml',
      'text/xsl',
      'multipart/x-mixed-replace',
      'application/vnd.microsoft.portable-executable',
      'application/pdf',
      'application/unheard-of',
    ])
      expect(await codeOf(create({ response: { types: ['application/json', type] } }, developer)), type).toBe(
        'forbidden',
      );
    const endpoint = await create({ response: { types: ['text/html'] } });
    expect(await codeOf(update(endpoint.id, { title: 'x' }, developer))).toBe('done');
    expect(await codeOf(update(endpoint.id, { response: { types: ['text/html', 'text/plain'] } }, developer))).toBe(
      'forbidden',
    );
    for (const type of ['text/html; charset=utf-8', 'TEXT/HTML', 'text/html, text/plain', '*/ *'])
      expect(
        CreateEndpointInput.safeParse({ handler: { path: 'a.js' }, response: { types: [type] } }).success,
        type,
      ).toBe(false);
  });

  test('types of data are for every developer to list', async () => {
    const developer = testContext(actorWith('developer', 'usr_admin'));
    const types = [
      'application/json',
      'application/vnd.api+json',
      'text/csv',
      'application/zip',
      'image/png',
      'video/mp4',
    ];
    const office = ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/x-ndjson'];
    expect(await codeOf(create({ response: { types: [...types, ...office] } }, developer))).toBe('done');
  });

  test('an admin is needed to list cookies', async () => {
    const developer = testContext(actorWith('developer'));
    expect(await codeOf(create({ response: { cookies: ['cart'] } }, developer))).toBe('forbidden');
    const endpoint = await create({ executor: 'usr_other', response: { cookies: ['cart'] } });
    expect(await codeOf(update(endpoint.id, { response: { cookies: [] } }, developer))).toBe('done');
  });

  test('an admin is needed to allow redirects to any host', async () => {
    const developer = testContext(actorWith('developer'));
    expect(await codeOf(create({ response: { redirects: ['*'] } }, developer))).toBe('forbidden');
    const endpoint = await create({ executor: 'usr_other', response: { redirects: ['*'] } });
    expect(await codeOf(update(endpoint.id, { response: { types: ['text/plain'] } }, developer))).toBe('done');
    expect(await codeOf(update(endpoint.id, { response: { redirects: ['a.example', '*'] } }, developer))).toBe(
      'forbidden',
    );
    expect(
      await codeOf(update(endpoint.id, { response: { redirects: ['a.example', '*.b.example'] } }, developer)),
    ).toBe('done');
  });

  test.each([
    ['redirects', 'https://a.example'],
    ['redirects', 'A.example'],
    ['redirects', '*.example'],
    ['redirects', 'a.example/x'],
    ['redirects', ''],
    ['headers', 'Acme'],
    ['headers', 'set-cookie'],
    ['headers', 'access-control-allow-origin'],
    ['headers', 'x-portico-message'],
    ['headers', 'a b'],
    ['cookies', 'a=b'],
    ['cookies', '__Host-a'],
    ['cookies', 'portico-8787'],
  ])('response.%s does not take %j', (field, value) => {
    const input = { handler: { path: 'a.js' }, response: { [field]: [value] } };
    expect(CreateEndpointInput.safeParse(input).success).toBe(false);
  });

  test('operators switch on and off and do nothing else; viewers look', async () => {
    const endpoint = await create();
    const operator = testContext(actorWith('operator'));
    expect((await update(endpoint.id, { active: false }, operator)).active).toBe(false);
    expect(await codeOf(update(endpoint.id, { active: true, title: 'x' }, operator))).toBe('forbidden');
    const viewer = testContext(actorWith('viewer'));
    expect((await getEndpoint(viewer, endpoint.id)).id).toBe(endpoint.id);
    for (const work of [
      update(endpoint.id, { active: true }, viewer),
      deleteEndpoint(viewer, endpoint.id, null),
      create({}, viewer),
    ])
      expect(await codeOf(work)).toBe('forbidden');
    const nobody = testContext({ kind: 'anonymous', credential: 'none' });
    expect(await codeOf(getEndpoint(nobody, endpoint.id))).toBe('auth_required');
  });
});

test('lists filter and page without a gap or a double', async () => {
  const folder = unique('folder');
  const made: string[] = [];
  for (let i = 0; i < 5; i++) made.push((await create({ folder, active: i % 2 === 0 })).id);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEndpoints(
      ctx,
      ListEndpointsQuery.parse({ folder, limit: '2', ...(cursor ? { cursor } : {}) }),
    );
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen.toSorted()).toEqual(made.toSorted());
  expect((await listEndpoints(ctx, ListEndpointsQuery.parse({ folder, active: 'false' }))).items).toHaveLength(2);
  expect((await listEndpoints(ctx, ListEndpointsQuery.parse({ folder: `${folder}' OR 1=1 --` }))).items).toEqual([]);
});

describe('a sorted list', () => {
  const folder = unique('sorted');
  const names: Record<string, string> = {};
  const page = (query: object, as = ctx) =>
    listEndpoints(as, ListEndpointsQuery.parse({ folder, limit: '2', ...query }));
  /** Names in the order of all pages. */
  const listed = async (sort: string): Promise<string> => {
    let seen = '';
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { items, nextCursor } = await page({ sort, cursor: cursor ?? undefined });
      seen += items.map(({ id }) => names[id]).join('');
      cursor = nextCursor;
    }
    return seen;
  };

  beforeAll(async () => {
    const made = [
      { name: 'a', path: `${folder}/m`, title: 'beta' },
      { name: 'b', path: `${folder}/k`, title: 'Ärger' },
      { name: 'c', path: `${folder}/z`, title: 'Alpha' },
      { name: 'd', path: `${folder}/b`, title: 'Beta' },
      { name: 'e', path: `${folder}/y`, title: '' },
    ];
    for (const [index, { name, path, title }] of made.entries()) {
      const at = (Date.now() + index) as number;
      const endpoint = await create({ folder, path, title }, testContext(undefined, { now: () => at }));
      names[endpoint.id] = name;
      const runs = Array.from({ length: [1, 3, 2, 0, 0][index]! }, () => record(endpoint.id));
      if (runs.length > 0) await ctx.runLog.append(stored(...runs, record(endpoint.id, { kind: 'test' })), false);
    }
    const first = Object.keys(names).find((id) => names[id] === 'a')!;
    await updateEndpoint(
      testContext(undefined, { now: () => Date.now() + 60_000 }),
      first,
      { description: 'changed' },
      null,
    );
  });

  test.each([
    ['path', 'dbaec'],
    ['-path', 'ceabd'],
    ['updated', 'bcdea'],
    ['-updated', 'aedcb'],
    ['-calls', 'bca'],
    ['calls', 'acb'],
  ])('by %s is %s, page by page', async (sort, order) => {
    const found = await listed(sort);
    expect([found.length, found.replace(sort.includes('calls') ? /[de]/g : '', '')]).toEqual([5, order]);
  });

  test('by name ignores the case, and takes the path where there is no title', async () => {
    const found = await listed('name');
    expect([...found].toSorted().join('')).toBe('abcde');
    expect(found.indexOf('c')).toBe(0);
    expect(Math.abs(found.indexOf('a') - found.indexOf('d'))).toBe(1);
    expect([...(await listed('-name'))].toReversed().join('')).toBe(found);
  });

  test('refuses a cursor of another order, and one that is made up', async () => {
    const { nextCursor } = await page({ sort: 'path' });
    for (const [sort, cursor] of [
      ['name', nextCursor],
      [undefined, nextCursor],
      ['path', '1.ep_1'],
      ['path', 'e30'],
      ['path', 'WyJwYXRoIix7fSwiYSJd'],
    ])
      expect(await codeOf(page({ sort, cursor }))).toBe('invalid_parameter');
  });

  test('by calls needs the permission to read runs', async () => {
    const token = { id: 'pat_1', scopes: ['read'] as const };
    const reader = testContext({ ...actorWith('developer'), kind: 'user', token } as Actor);
    expect(await codeOf(page({ sort: '-calls' }, reader))).toBe('forbidden');
    expect((await page({ sort: 'path' }, reader)).items).toHaveLength(2);
  });
});

test('every write has its audit row, and none of a refused one', async () => {
  const { endpoint } = await publish('export default () => 1');
  await update(endpoint.id, { title: 'new' });
  await codeOf(update(endpoint.id, { path: 'admin2', handler: { path: 'none.js' } }));
  await deleteEndpoint(ctx, endpoint.id, null);
  const { items } = await listAudit(ctx, { objectId: endpoint.id, limit: 100 });
  expect(items.map(({ action }) => action).toSorted()).toEqual([
    'endpoint.create',
    'endpoint.delete',
    'endpoint.update',
  ]);
  expect(items.find(({ action }) => action === 'endpoint.update')).toMatchObject({
    actor: { kind: 'user', id: 'usr_admin' },
    changes: { title: { from: '', to: 'new' } },
  });
});

import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../../../src/core/publishing/handlers/create-handler';
import { createVersion } from '../../../../src/core/publishing/handlers/create-version';
import { deleteHandler } from '../../../../src/core/publishing/handlers/delete-handler';
import { deployVersion } from '../../../../src/core/publishing/handlers/deploy-version';
import {
  getHandler,
  getVersion,
  listHandlers,
  listVersions,
} from '../../../../src/core/publishing/handlers/get-handler';
import {
  CreateHandlerInput,
  CreateVersionInput,
  HandlerPath,
  ListHandlersQuery,
} from '../../../../src/core/publishing/handlers/handler.schema';
import { HandlerTreeQuery } from '../../../../src/core/publishing/handlers/handler-tree.schema';
import { listHandlerTree } from '../../../../src/core/publishing/handlers/list-handler-tree';
import { getHandlerTypes } from '../../../../src/core/projects/types/get-handler-types';
import { languageOf } from '../../../../src/core/code/artifact';
import { listAudit } from '../../../../src/core/audit/list-audit';
import { deleteEndpoint } from '../../../../src/core/publishing/endpoints/delete-endpoint';
import { ApiError } from '../../../../src/kernel/errors';
import { codeOf } from '../../../support/code-of';
import type { Context } from '../../../../src/core/access/context';
import { callAdmin } from '../../../support/admin-api';
import { insertUser } from '../../../support/people';
import { adminToken } from '../../../support/sign-in';
import { actorWith, testContext } from '../../../support/context';
import { call, ensureAdmin, publish, saveHandler, unique } from '../../../support/publish';

const ctx = testContext();
const version = (source: string, deploy = true) => CreateVersionInput.parse({ source, deploy });
const treeOf = async (input: object): Promise<string> => {
  const { items } = await listHandlerTree(ctx, HandlerTreeQuery.parse(input));
  return items.map((item) => (item.kind === 'folder' ? `${item.path}${item.handlers}` : item.handler.path)).join(' ');
};
const query = (input: object) => ListHandlersQuery.parse(input);
beforeAll(ensureAdmin);

test('versions are added, deployed and rolled back; only the default is served', async () => {
  const { handler, endpoint } = await publish('export default () => 1');
  const served = async (): Promise<unknown> => (await call(`/u/${endpoint.path}`, { method: 'POST' })).json();
  expect([handler.defaultVersion, await served()]).toEqual([1, 1]);
  await createVersion(ctx, handler.id, version('export default () => 2', false), null);
  expect(await served()).toBe(1);
  expect(await createVersion(ctx, handler.id, version('export const handler = () => "three"'), null)).toMatchObject({
    version: 3,
    form: 'request',
    isDefault: true,
  });
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).text()).toBe('three');
  await deployVersion(ctx, handler.id, 2, null);
  expect(await served()).toBe(2);
  await deployVersion(ctx, handler.id, 1, null);
  expect(await served()).toBe(1);
  const { items } = await listVersions(ctx, handler.id, { limit: 2 });
  expect(items.map((item) => [item.version, item.isDefault])).toEqual([
    [3, false],
    [2, false],
  ]);
  expect((await getVersion(ctx, handler.id, 2)).source).toBe('export default () => 2');
  expect(await codeOf(deployVersion(ctx, handler.id, 4, null))).toBe('not_found');
  expect(await codeOf(getVersion(ctx, handler.id, 4))).toBe('not_found');
});

test('a source that cannot be read is refused with its place, and leaves no version', async () => {
  const handler = await saveHandler('export default () => 1');
  const refused = await createVersion(ctx, handler.id, version('export default () => {\n  return +;\n}'), null).catch(
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused).toMatchObject({
    code: 'invalid_source',
    extra: { issues: [{ pointer: '#/source', code: 'source_syntax', line: 2, column: 11 }] },
  });
  expect((await getHandler(ctx, handler.id)).latestVersion).toBe(1);
  expect(
    await codeOf(createVersion(ctx, handler.id, version(`export default () => '${'é'.repeat(524_300)}'`), null)),
  ).toBe('invalid_input');
  expect(
    await codeOf(createVersion(ctx, handler.id, version(`export default () => ${'['.repeat(50_000)}`), null)),
  ).toBe('invalid_source');
});

test('concurrent saves of a version serialize or conflict; no number is given twice', async () => {
  const handler = await saveHandler('export default () => 1');
  const codes = await Promise.all(
    [2, 3, 4].map((n) => codeOf(createVersion(ctx, handler.id, version(`export default () => ${n}`), null))),
  );
  const done = codes.filter((code) => code === 'done').length;
  expect(done).toBeGreaterThanOrEqual(1);
  expect(codes.filter((code) => code !== 'done').every((code) => code === 'stale_revision')).toBe(true);
  expect((await getHandler(ctx, handler.id)).latestVersion).toBe(1 + done);
});

test('a stale revision is refused', async () => {
  const handler = await saveHandler('export default () => 1');
  expect(await codeOf(createVersion(ctx, handler.id, version('export default () => 2'), 9))).toBe('stale_revision');
  expect(await codeOf(createVersion(ctx, handler.id, version('export default () => 2'), handler.revision))).toBe(
    'done',
  );
  expect(await codeOf(deployVersion(ctx, handler.id, 1, handler.revision))).toBe('stale_revision');
  expect(await codeOf(deleteHandler(ctx, handler.id, false, handler.revision))).toBe('stale_revision');
});

test('a path is taken once', async () => {
  const path = `${unique('twice')}.js`;
  const create = () => createHandler(ctx, CreateHandlerInput.parse({ path, source: 'export default () => 1' }));
  const codes = await Promise.all([codeOf(create()), codeOf(create())]);
  expect(codes.toSorted()).toEqual(['done', 'path_taken']);
});

test('a handler in use is not deleted; afterwards it is, with its versions', async () => {
  const { handler, endpoint } = await publish('export default () => 1');
  expect(await codeOf(deleteHandler(ctx, handler.id, false, null))).toBe('in_use');
  await deleteEndpoint(ctx, endpoint.id, null);
  expect(await codeOf(deleteHandler(ctx, handler.id, false, null))).toBe('done');
  expect(await codeOf(getHandler(ctx, handler.id))).toBe('not_found');
  expect(await ctx.store.handlers.version(handler.id, 1)).toBeUndefined();
});

test('list filters match exactly', async () => {
  const base = unique('list');
  for (const name of ['a%b', 'a_b', 'axb', '😀x', '😀y'])
    await saveHandler('export default () => 1', `${base}/${name}.js`);
  const names = async (filter: object): Promise<string[]> =>
    (await listHandlers(ctx, query(filter))).items.map(({ path }) => path.slice(base.length + 1)).toSorted();
  expect(await names({ prefix: `${base}/a_` })).toEqual(['a_b.js']);
  expect(await names({ prefix: `${base}/a%` })).toEqual(['a%b.js']);
  expect(await names({ prefix: `${base}/😀` })).toEqual(['😀x.js', '😀y.js']);
  expect(await names({ prefix: `${base}/' OR 1=1 --` })).toEqual([]);
  expect(await names({ path: `${base}/axb.js` })).toEqual(['axb.js']);
});

test.each([
  ['a.js', true], ['pricing/quote.ts', true], ['/jaydoe/my_repo/fs/Instabase Drive/handlers/h.js', true], ['x.mjs', true],
  ['a', false], ['js', false], ['a.jsx', false], ['a.js/', false], ['a/../b.js', false], ['./a.js', false], ['a\\b.js', false], ['a\u0000.js', false],
  ['', false], [`${'x'.repeat(509)}.js`, true], [`${'x'.repeat(510)}.js`, false], ['a.JS', false], ['a.constructor', false],
])('the path %.20j is one of a handler: %s', (path, wanted) => {
  expect(HandlerPath.safeParse(path).success).toBe(wanted);
  if (wanted) expect(languageOf(path)).not.toBeNull();
}); // oxfmt-ignore

test('viewers read and write nothing; every write has its audit row, without the source', async () => {
  const handler = await saveHandler('export default () => "the source"');
  await createVersion(ctx, handler.id, version('export default () => "the source 2"', false), null);
  await deployVersion(ctx, handler.id, 2, null);
  await deployVersion(ctx, handler.id, 2, null);
  const viewer = testContext(actorWith('viewer'));
  expect((await getHandler(viewer, handler.id)).defaultVersion).toBe(2);
  for (const write of [
    createVersion(viewer, handler.id, version('export default 1'), null),
    deployVersion(viewer, handler.id, 1, null),
    deleteHandler(viewer, handler.id, false, null),
  ])
    expect(await codeOf(write)).toBe('forbidden');
  await deleteHandler(ctx, handler.id, false, null);
  const { items } = await listAudit(ctx, { objectId: handler.id, limit: 100 });
  expect(items.map(({ action }) => action).toSorted()).toEqual([
    'handler.create',
    'handler.delete',
    'handler.deploy',
    'handler.save',
  ]);
  expect(JSON.stringify(items)).not.toContain('the source');
});

test('the types of a handler have the parameters and secrets of its endpoints alone', async () => {
  const parameters = [{ name: 'amount', type: 'integer' as const, required: true }];
  const { handler, endpoint } = await publish('export default () => 1', { parameters });
  const other = await publish('export default () => 2', { parameters: [{ name: 'unrelated' }] });
  const { text, endpoints } = await getHandlerTypes(testContext(actorWith('viewer')), handler.id);
  expect(endpoints).toEqual([{ id: endpoint.id, path: endpoint.path, identity: `POST ${endpoint.path}`, secrets: [] }]);
  expect(text).toContain(`"POST ${endpoint.path}": { amount: number };`);
  expect(text).not.toContain(other.endpoint.path);
  expect(await codeOf(getHandlerTypes(ctx, 'hdl_none'))).toBe('not_found');
});

const long = (text: string): string => `// ${text.repeat(1_040_000 / text.length)}`;

test('a source of 1 MiB that is its own code is stored once, and served', async () => {
  const { endpoint, handler } = await publish(`${long('"')}\nexport default () => 1`);
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).json()).toBe(1);
  const { source } = await getVersion(ctx, handler.id, 1);
  expect(source.length).toBeGreaterThan(1_040_000);
  const bytes = 'select length(source) + length(artifact) as bytes from handler_versions where handler_id = ?';
  expect(await env.DB.prepare(bytes).bind(handler.id).first('bytes')).toBeLessThan(1_100_000);
  const row = await ctx.store.handlers.version(handler.id, 1);
  expect(row!.artifact.code).toBe(source);
});

test('a source that does not fit into a row with the code built of it is refused', async () => {
  const source = `const text: string = ${JSON.stringify('"'.repeat(500_000))};\nexport default () => text.length`;
  await expect(saveHandler(source, `${unique('long')}.ts`)).rejects.toMatchObject({
    extra: { issues: [{ pointer: '#/source', code: 'source_too_large' }] },
  });
});

test('a tree has folders with their numbers, then handlers, page by page, and a small folder as a whole', async () => {
  const root = unique('tree');
  const names = ['b.js', 'é/1.js', 'a/2.js', 'a/1.js', 'a/deep/1.js', 'a.js', 'a0.js', 'c/1.js'];
  const at = Date.now();
  for (const name of names)
    await env.DB.prepare('insert into handlers values (?1, ?2, ?3, null, 1, 1, ?4, ?4, ?5)')
      .bind(`hdl_${root}${name}`, `${root}/${name}`, 'javascript', at, 'usr_admin')
      .run();
  const shown = async (input: object): Promise<string> => (await treeOf(input)).replaceAll(`${root}/`, '');
  expect(await shown({ under: `${root}/` })).toBe('a.js a/1.js a/2.js a/deep/1.js a0.js b.js c/1.js é/1.js');
  expect(await shown({ under: `${root}/é/` })).toBe('é/1.js');
  expect(await shown({ under: `${root}/a/`, limit: '2' })).toBe('a/deep/1 a/1.js');
  expect(await shown({ under: `${root}/none/` })).toBe('');
  const pages: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const input = { under: `${root}/`, limit: '2', cursor: cursor ?? undefined };
    pages.push(await shown(input));
    cursor = (await listHandlerTree(ctx, HandlerTreeQuery.parse(input))).nextCursor;
  }
  expect(pages).toEqual(['a/3 c/1', 'é/1 a.js', 'a0.js b.js']);
  expect(HandlerTreeQuery.safeParse({ under: 'a' }).success).toBe(false);
});

test('versions have the present names of who saved them, for those who may see people', async () => {
  const author = await insertUser(unique('author'), ['developer']);
  const as = (token?: { id: string; scopes: ['read'] }) =>
    testContext({
      kind: 'user',
      id: author.id,
      name: author.name,
      roles: ['developer'],
      sessionId: 's',
      ...(token && { token }),
    });
  const { id } = await saveHandler('export default () => 1');
  await createVersion(as(), id, version('export default () => 2'), null);
  const namesIn = async (reader: Context): Promise<unknown[]> => {
    const { items } = await listVersions(reader, id, { limit: 5 });
    return [...items.map((item) => item.createdByName), (await getVersion(reader, id, 2)).createdByName];
  };
  const [, ofFirst] = await namesIn(as());
  expect(await namesIn(as())).toEqual([author.name, ofFirst, author.name]);
  expect(await namesIn(as({ id: 'pat_1', scopes: ['read'] }))).toEqual([undefined, undefined, undefined]);
});

test('the latest version is read by that word', async () => {
  const { id } = await saveHandler('export default () => 1');
  await createVersion(ctx, id, version('export default () => 2', false), null);
  expect(await getVersion(ctx, id, 'latest')).toEqual(await getVersion(ctx, id, 2));
  const token = await adminToken();
  const read = (name: string) => callAdmin('GET', `/handlers/${id}/versions/${name}`, { token });
  expect((await read('latest')).body).toMatchObject({ version: 2, source: 'export default () => 2' });
  expect(await read('newest')).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
  expect((await read('newest')).body.detail).toContain('latest');
  expect(await callAdmin('DELETE', `/handlers/${id}/versions/latest`, { token })).toMatchObject({ status: 400 });
});

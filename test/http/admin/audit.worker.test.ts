import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeFile } from '../../../src/plynx/files/store-file';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { copyRow } from '../../support/copy-row';
import { call, ensureAdmin, publish, runOf, saveHandler, unique } from '../../support/publish';
import { ADMIN_NAME, adminToken } from '../../support/sign-in';

let token: string;
let path: string;
let id: string;
let before: string;
let between: string;
beforeAll(async () => {
  await ensureAdmin();
  token = await adminToken();
  before = new Date().toISOString();
  const handler = await saveHandler('export default () => 1');
  path = unique('orders');
  const made = await callAdmin('POST', '/endpoints', { token, body: { path, handler: { path: handler.path } } });
  id = String(made.body.id);
  await new Promise((resolve) => setTimeout(resolve, 5));
  between = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await callAdmin('PATCH', `/endpoints/${id}`, { token, body: { title: 'Größe "L", new' } });
  await callAdmin('DELETE', `/endpoints/${id}`, { token });
});

const actionsOf = async (query: string): Promise<string[]> => {
  const { status, body, text } = await callAdmin('GET', `/audit?${query}`, { token });
  if (status !== 200) throw new Error(text);
  return (body.items as { action: string }[]).map(({ action }) => action);
};
const ALL = ['endpoint.delete', 'endpoint.update', 'endpoint.create'];

describe('GET /admin/audit', () => {
  test.each<[string, () => string, string[]]>([
    ['objectId', () => `objectId=${id}`, ALL],
    ['target, by id', () => `target=${id}`, ALL],
    ['target, by a path that it had', () => `target=${path}`, ALL],
    ['target and action', () => `target=${path}&action=endpoint.update`, ['endpoint.update']],
    ['actor, by name', () => `target=${id}&actor=${ADMIN_NAME.toUpperCase()}`, ALL],
    ['actor, by kind', () => `target=${id}&actor=user`, ALL],
    ['another actor', () => `target=${id}&actor=usr_nobody`, []],
    ['since', () => `target=${id}&since=${between}`, ['endpoint.delete', 'endpoint.update']],
    ['until', () => `target=${id}&until=${between}`, ['endpoint.create']],
    ['since and until', () => `target=${id}&since=${before}&until=${before}`, []],
    ['q', () => `target=${id}&q=${encodeURIComponent('GRÖßE'.replace('Ö', 'ö'))}`, ['endpoint.update']],
    ['q that is nowhere', () => `target=${id}&q=100%25`, []],
  ])('finds by %s', async (_name, query, expected) => expect(await actionsOf(query())).toEqual(expected));

  test('names the user who acted', async () => {
    const { body } = await callAdmin('GET', `/audit?target=${id}&limit=1`, { token });
    expect(body.items).toMatchObject([{ actor: { kind: 'user', name: ADMIN_NAME } }]);
  });

  test('pages with a filter', async () => {
    const first = await callAdmin('GET', `/audit?target=${path}&limit=2`, { token });
    const rest = await actionsOf(`target=${path}&limit=2&cursor=${String(first.body.nextCursor)}`);
    expect([(first.body.items as object[]).length, rest]).toEqual([2, ['endpoint.create']]);
  });

  test.each(['since=yesterday', 'q=', 'who=me', `actor=${'x'.repeat(129)}`])('refuses %s', async (query) =>
    expect((await callAdmin('GET', `/audit?${query}`, { token })).status).toBe(400),
  );
});

describe('GET /admin/audit/export', () => {
  const download = async (query: string) => {
    const url = `https://portico.test/admin/audit/export?${query}`;
    const response = await exports.default.fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    return { headers: response.headers, text: await response.text() };
  };

  test('is a line of JSON for each entry, as the list shows them', async () => {
    const { headers, text } = await download(`target=${path}`);
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit.ndjson"');
    const list = await callAdmin('GET', `/audit?target=${path}`, { token });
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(list.body.items);
  });

  test('is CSV with a heading', async () => {
    const { text } = await download(`target=${path}&format=csv`);
    const [heading, ...lines] = text.trimEnd().split('\r\n');
    expect(heading).toBe('id,at,actorKind,actorId,action,object,objectId,requestId,changes');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`,endpoint.update,endpoint,${id},req_`);
    expect(lines[1]).toContain(String.raw`"{""title"":{""from"":"""",""to"":""Größe \""L\"", new""}}"`);
    expect((await download('target=no-such-thing&format=csv')).text).toBe(`${heading}\r\n`);
  });

  test('continues beyond one page of the store', async () => {
    const ctx = testContext();
    const target = unique('many');
    await ctx.store.audit.add({ id: target, at: 0, actorKind: 'system', actorId: null, action: 'x.y', object: 'x', objectId: target, requestId: 'r', changes: {} });
    await copyRow('audit', 'id', target, 1000);
    const { text } = await download(`objectId=${target}`);
    const ids = text.trimEnd().split('\n').map((line) => (JSON.parse(line) as { id: string }).id);
    expect([ids.length, new Set(ids).size, ids[0], ids.at(-1)]).toEqual([1001, 1001, `${target}-1000`, target]);
  }); // oxfmt-ignore

  test('needs the right to read the trail', async () => {
    expect((await callAdmin('GET', '/audit/export')).status).toBe(401);
  });
});

test('a file that is stored leaves a row', async () => {
  const ctx = testContext();
  const file = await storeFile(ctx, new Uint8Array(7).buffer);
  expect(await ctx.store.audit.list({ objectId: file }, null, 2)).toMatchObject([
    { action: 'file.create', actorId: 'usr_admin', changes: { bytes: 7 } },
  ]);
});

describe('GET /admin/runs', () => {
  test('finds by path and by id of the endpoint', async () => {
    const { endpoint } = await publish('export default () => 1');
    const run = await runOf(await call(`/u/${endpoint.path}`, { method: 'POST' }));
    const idsOf = async (query: string) =>
      ((await callAdmin('GET', `/runs?${query}`, { token })).body.items as { id: string }[]).map((one) => one.id);
    for (const query of [`endpoint=${endpoint.path}`, `endpoint=${endpoint.id}`, `endpointId=${endpoint.id}`])
      expect(await idsOf(query), query).toEqual([run.id]);
    expect(await idsOf(`endpointId=${endpoint.path}`)).toEqual([]);
    await callAdmin('DELETE', `/endpoints/${endpoint.id}`, { token });
    expect(await idsOf(`endpoint=${endpoint.id}`)).toEqual([run.id]);
    const both = await callAdmin('GET', `/runs?endpoint=${endpoint.path}&endpointId=${endpoint.id}`, { token });
    expect([both.status, both.body]).toMatchObject([400, { errors: [{ pointer: '#/query/endpointId' }] }]);
  });
});

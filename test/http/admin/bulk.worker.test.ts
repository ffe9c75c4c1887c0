import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { callAdmin } from '../../support/admin-api';
import { unique } from '../../support/publish';
import { adminToken, createUser, signIn } from '../../support/sign-in';

let token = '';
let operator = '';
let handler = '';

beforeAll(async () => {
  token = await adminToken();
  await createUser('bulk-operator', ['operator']);
  operator = (await signIn('bulk-operator')).accessToken;
  handler = unique('bulk') + '.js';
  await callAdmin('POST', '/handlers', { token, body: { path: handler, source: 'export default () => 1' } });
});

const make = async (path: string, body: object): Promise<string> =>
  String((await callAdmin('POST', path, { token, body })).body.id);
const endpoint = (keys: string[] = []): Promise<string> =>
  make('/endpoints', { path: unique('bulk'), handler: { path: handler }, access: { level: 'key', keys } });
const bulk = (noun: string, body: object, as = token) => callAdmin('POST', `/${noun}/bulk`, { token: as, body });
const refused = (id: string, code: string) => ({ id, done: false, code, message: expect.any(String) });
const done = (id: string) => ({ id, done: true, code: null, message: null });

describe('POST /admin/endpoints/bulk', () => {
  test('switches those that there are, and names the others', async () => {
    const ids = [await endpoint(), 'ep_00000000000000000000', await endpoint()] as const;
    const body = { ids, change: { do: 'switch', active: false } };
    const items = [done(ids[0]), refused(ids[1], 'not_found'), done(ids[2])];
    expect((await bulk('endpoints', { ...body, dryRun: true })).body).toEqual({ done: 2, items });
    expect((await callAdmin('GET', `/endpoints/${ids[0]}`, { token })).body.active).toBe(true);
    expect((await bulk('endpoints', body, operator)).body).toEqual({ done: 2, items });
    expect((await callAdmin('GET', `/endpoints/${ids[0]}`, { token })).body.active).toBe(false);
  });

  test('an operator may switch, and neither move nor delete', async () => {
    const id = await endpoint();
    for (const change of [{ do: 'move', folder: 'old' }, { do: 'delete' }])
      for (const dryRun of [true, false])
        expect((await bulk('endpoints', { ids: [id], change, dryRun }, operator)).body.items).toEqual([
          refused(id, 'forbidden'),
        ]);
    expect((await bulk('endpoints', { ids: [id, id], change: { do: 'move', folder: 'old' } })).body.done).toBe(1);
    expect((await callAdmin('GET', `/endpoints/${id}`, { token })).body.folder).toBe('old');
    expect((await bulk('endpoints', { ids: [id], change: { do: 'delete' } })).body.done).toBe(1);
    expect((await callAdmin('GET', `/endpoints/${id}`, { token })).status).toBe(404);
  });

  test('plans a change of all that match a filter, which changes nothing', async () => {
    const ids = [await endpoint(), await endpoint()];
    await bulk('endpoints', { ids, change: { do: 'move', folder: 'planned' } });
    const plan = { filter: { folder: 'planned', active: 'true' }, change: { do: 'delete' }, dryRun: true };
    expect((await bulk('endpoints', plan)).body).toEqual({ done: 2, items: ids.toReversed().map(done) });
    expect((await bulk('endpoints', plan, operator)).body).toMatchObject({ done: 0, items: [{ code: 'forbidden' }, {}] });
    expect((await callAdmin('GET', `/endpoints/${ids[0]}`, { token })).status).toBe(200);
    expect((await bulk('endpoints', { ...plan, filter: { q: 'no-such-endpoint' } })).body).toEqual({ done: 0, items: [] });
  }); // oxfmt-ignore

  test('a plan has at most 1,000 endpoints', async () => {
    const id = await endpoint();
    const row = (await env.DB.prepare('select * from endpoints where id = ?').bind(id).first())!;
    const columns = Object.keys(row).join(', ');
    const copied = Object.keys(row).map((name) => (name === 'id' ? "'ep_copy_' || value" : name === 'folder' ? "'many'" : `endpoints.${name}`));
    const copies = (first: number, last: number) =>
      env.DB.prepare(`insert into endpoints (${columns}) select ${copied.join(', ')} from endpoints,
        json_each('${JSON.stringify(Array.from({ length: last - first + 1 }, (_, i) => first + i))}') where endpoints.id = ?`).bind(id).run();
    const plan = { filter: { folder: 'many' }, change: { do: 'delete' }, dryRun: true };
    await copies(1, 1000);
    expect((await bulk('endpoints', plan)).body.done).toBe(1000);
    await copies(1001, 1001);
    expect(await bulk('endpoints', plan)).toMatchObject({ status: 422, body: { errors: [{ code: 'too_many' }] } });
    await env.DB.prepare("delete from endpoints where folder = 'many'").run();
  }); // oxfmt-ignore

  test.each([
    { filter: {}, change: { do: 'delete' } },
    { filter: {}, ids: ['ep_1'], change: { do: 'delete' }, dryRun: true },
    { filter: { nope: 1 }, change: { do: 'delete' }, dryRun: true },
    { change: { do: 'delete' } },
    { ids: [], change: { do: 'delete' } },
    { ids: Array.from({ length: 51 }, (_, i) => `ep_${i}`), change: { do: 'delete' } },
    { ids: ['ep_1'], change: { do: 'rename' } },
    { ids: ['ep_1'], change: { do: 'switch' } },
  ])('refuses a request of another form, %#', async (body) => {
    expect((await bulk('endpoints', body)).status).toBe(422);
  });
});

test('POST /admin/keys/bulk deletes a key in use only with force', async () => {
  const [used, free] = [await make('/keys', { alias: 'used' }), await make('/keys', { alias: 'free' })];
  await endpoint([used]);
  const change = { do: 'delete' };
  expect((await bulk('keys', { ids: [used, free], change })).body.items).toEqual([refused(used, 'in_use'), done(free)]);
  expect((await bulk('keys', { ids: [used], change: { do: 'switch', active: false } })).body.done).toBe(1);
  expect((await bulk('keys', { ids: [used], change: { ...change, force: true } })).body.done).toBe(1);
});

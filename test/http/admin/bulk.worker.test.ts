import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
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
const refused = (id: string, code: string) => ({ id, done: false, code, message: expect.any(String), undo: null });
const done = (id: string, undo: object | null = null) => ({ id, done: true, code: null, message: null, undo });

describe('POST /admin/endpoints/bulk', () => {
  test('switches those that there are, and names the others', async () => {
    const ids = [await endpoint(), 'ep_00000000000000000000', await endpoint()] as const;
    const body = { ids, change: { do: 'switch', active: false } };
    const items = [done(ids[0]), refused(ids[1], 'not_found'), done(ids[2])];
    expect((await bulk('endpoints', { ...body, dryRun: true })).body).toEqual({ done: 2, items });
    expect((await callAdmin('GET', `/endpoints/${ids[0]}`, { token })).body.active).toBe(true);
    const undo = { do: 'switch', active: true };
    const changed = [done(ids[0], undo), refused(ids[1], 'not_found'), done(ids[2], undo)];
    expect((await bulk('endpoints', body, operator)).body).toEqual({ done: 2, items: changed });
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
    expect((await bulk('endpoints', { ids: [id, id], change: { do: 'move', folder: 'old' } })).body).toEqual({
      done: 1,
      items: [done(id, { do: 'move', folder: '' })],
    });
    expect((await callAdmin('GET', `/endpoints/${id}`, { token })).body.folder).toBe('old');
    expect((await bulk('endpoints', { ids: [id], change: { do: 'delete' } })).body.done).toBe(1);
    expect((await callAdmin('GET', `/endpoints/${id}`, { token })).status).toBe(404);
  });

  test('plans a change of all that match a filter, which changes nothing', async () => {
    const ids = [await endpoint(), await endpoint()];
    await bulk('endpoints', { ids, change: { do: 'move', folder: 'planned' } });
    const plan = { filter: { folder: 'planned', active: 'true' }, change: { do: 'delete' }, dryRun: true };
    expect((await bulk('endpoints', plan)).body).toEqual({ done: 2, items: ids.toReversed().map((one) => done(one)) });
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

test('POST /admin/keys/bulk plans a change of all that a list with the filter has', async () => {
  const name = unique('planned');
  const dead = { expiresAt: '2099-01-01T00:00:00Z' };
  const [off, expired, valid] = [
    await make('/keys', { alias: `${name} off`, active: false }),
    await make('/keys', { alias: `${name} expired`, ...dead }),
    await make('/keys', { alias: `${name} valid`, ...dead, quota: { perDay: 5 } }),
  ];
  await env.DB.prepare('update keys set expires_at = 1, created_at = 1 where id = ?').bind(expired).run();
  const year = '2020-01-01T00:00:00Z';
  for (const [filter, ids] of [
    [{ q: name.toUpperCase() }, [valid, off, expired]],
    [{ q: name, state: 'off' }, [off]],
    [{ q: name, state: 'expired' }, [expired]],
    [{ q: name, state: 'valid' }, [valid]],
    [{ q: name, unusedSince: year }, [expired]],
    [{ q: 'ptk_', unusedSince: year }, [expired]],
    [{ q: name, expiresBefore: year }, [expired]],
    [{ q: name, expiresAfter: year, expiresBefore: '2099-01-02T00:00:00Z' }, [valid]],
    [{ q: name, hasDailyQuota: 'true' }, [valid]],
  ] as const) {
    const plan = { filter, change: { do: 'switch', active: false }, dryRun: true };
    expect((await bulk('keys', plan)).body).toEqual({ done: ids.length, items: ids.map((id) => done(id)) });
    const query = `?${new URLSearchParams(filter).toString()}`;
    const listed = (await callAdmin('GET', `/keys${query}`, { token })).body.items as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(ids);
  }
  expect((await bulk('keys', { ids: [valid, off], change: { do: 'switch', active: false } })).body.items).toEqual([
    done(valid, { do: 'switch', active: true }),
    done(off),
  ]);
});

test('POST /admin/runs/bulk deletes the runs of a plan, and GET /admin/runs/export lists them', async () => {
  const path = unique('bulk');
  const body = { path, handler: { path: handler }, access: { level: 'public' } };
  const { id } = (await callAdmin('POST', '/endpoints', { token, body })).body;
  const ids: string[] = [];
  for (let call = 0; call < 3; call++) {
    const { run } = (await callAdmin('POST', `/endpoints/${String(id)}/test`, { token, body: {} })).body;
    ids.unshift((run as { id: string }).id);
  }
  const plan = { filter: { endpoint: path, kind: 'test' }, change: { do: 'delete' }, dryRun: true };
  await vi.waitFor(async () => expect((await bulk('runs', plan)).body).toEqual({ done: 3, items: ids.map((one) => done(one)) }), { timeout: 20_000 });
  expect((await bulk('runs', plan, operator)).status).toBe(403);
  const [run] = (await callAdmin('GET', `/runs?endpoint=${path}`, { token })).body.items as object[];
  expect(run).toMatchObject({ caller: { kind: 'anonymous', id: null }, executorName: 'signed-in-admin' });
  const file = await callAdmin('GET', `/runs/export?endpoint=${path}&format=csv`, { token });
  expect(file.text.trim().split('\r\n').map((line) => line.split(',')[0])).toEqual(['id', ...ids]);
  const { items } = (await bulk('runs', { ids: [ids[0], 'run_0'], change: { do: 'delete' } })).body;
  expect(items).toEqual([done(ids[0]!), refused('run_0', 'not_found')]);
  expect((await bulk('runs', plan)).body.done).toBe(2);
}); // oxfmt-ignore

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

  test.each([
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

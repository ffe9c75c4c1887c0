import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { enforceRetention } from '../../../src/core/retention/enforce-retention';
import { adminRoutes } from '../../../src/http/admin/admin.routes';
import { callAdmin } from '../../support/admin-api';
import { makeAuthenticator } from '../../support/authenticator';
import { testContext } from '../../support/context';
import { ensureAdmin, saveHandler, unique } from '../../support/publish';
import { ADMIN_PASSWORD, adminToken } from '../../support/sign-in';

let token: string;
const tables = { uuid: '', integer: '' };
const post = (path: string, body: unknown, key?: string) =>
  callAdmin('POST', path, { token, body, ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }) });

beforeAll(async () => {
  await ensureAdmin();
  token = await adminToken();
  for (const idType of ['uuid', 'integer'] as const) {
    const columns = [{ name: 'n', type: 'integer' }];
    tables[idType] = String(
      (await post('/tables', { name: unique(idType).replaceAll('-', '_'), idType, columns })).body.id,
    );
  }
});

const countRows = async (id: string): Promise<number> =>
  Number((await env.DATA.prepare(`select count(*) as n from "${id}"`).first<{ n: number }>())!.n);
const countOf = async (table: string): Promise<number> =>
  Number((await env.DB.prepare(`select count(*) as n from "${table}"`).first<{ n: number }>())!.n);

/** A request for each POST that may be repeated, and how many there are of what it makes. */
const REQUESTS: Record<string, () => Promise<{ path: string; body: unknown; count: () => Promise<number> }>> = {
  '/admin/handlers': async () => ({
    path: '/handlers',
    body: { path: `${unique('h')}.js`, source: 'export default () => 1' },
    count: () => countOf('handlers'),
  }),
  '/admin/handlers/:id/versions': async () => ({
    path: `/handlers/${(await saveHandler('export default () => 1')).id}/versions`,
    body: { source: 'export default () => 2' },
    count: () => countOf('handler_versions'),
  }),
  '/admin/endpoints': async () => ({
    path: '/endpoints',
    body: { handler: { path: (await saveHandler('export default () => 1')).path } },
    count: () => countOf('endpoints'),
  }),
  '/admin/keys': async () => ({ path: '/keys', body: { alias: unique('key') }, count: () => countOf('keys') }),
  '/admin/tables': async () => ({
    path: '/tables',
    body: { name: unique('t').replaceAll('-', '_'), columns: [] },
    count: () => countOf('tables'),
  }),
  '/admin/tables/:id/rows': async () => ({
    path: `/tables/${tables.uuid}/rows`,
    body: { rows: [{ n: 1 }, { n: 2 }] },
    count: () => countRows(tables.uuid),
  }),
  '/admin/templates/:id/endpoints': async () => ({
    path: '/templates/insert-and-return-row/endpoints',
    body: {},
    count: () => countOf('endpoints'),
  }),
  '/admin/users': async () => ({
    path: '/users',
    body: { name: unique('u'), password: 'a password of tests' },
    count: () => countOf('users'),
  }),
  '/admin/users/:id/identities': async () => {
    const user = await post('/users', { name: unique('u'), password: 'a password of tests' });
    const settings = { label: 'A', issuer: 'https://login.portico-upstream.dev', clientId: 'a' };
    await callAdmin('PUT', '/providers/idem', { token, body: { ...settings, admit: { everyone: true } } });
    return {
      path: `/users/${String(user.body.id)}/identities`,
      body: { provider: 'idem', subject: unique('sub') },
      count: () => countOf('user_identities'),
    };
  },
  '/admin/roles': async () => ({ path: '/roles', body: { name: unique('role') }, count: () => countOf('roles') }),
  '/admin/tokens': async () => ({
    path: '/tokens',
    body: { name: unique('token'), roles: ['developer'] },
    count: () => countOf('tokens'),
  }),
  '/admin/passkeys': async () => {
    const { challenge } = (await post('/passkeys/challenge', { password: ADMIN_PASSWORD })).body;
    const body = await (
      await makeAuthenticator()
    ).create({ challenge: String(challenge), origin: 'https://portico.test' });
    return { path: '/passkeys', body, count: () => countOf('passkeys') };
  },
  '/admin/personal-tokens': async () => ({
    path: '/personal-tokens',
    body: { name: unique('token'), scopes: ['read'] },
    count: () => countOf('personal_tokens'),
  }),
};

describe('a POST with an Idempotency-Key', () => {
  test('is any POST of the admin API that changes something', () => {
    const repeatable = adminRoutes.filter(({ method, notReplayable }) => method === 'post' && !notReplayable);
    const paths = repeatable.map(({ path }) => path).filter((path) => path !== '/admin/tables/:id/import');
    expect(Object.keys(REQUESTS).toSorted()).toEqual(paths.toSorted());
    for (const { path, answers } of repeatable) expect(Object.keys(answers), path).toHaveLength(1);
  });

  test.each(Object.keys(REQUESTS))('%s is done once, whether repeated at once or later', async (route) => {
    const { path, body, count } = await REQUESTS[route]!();
    const before = await count();
    const key = unique('idem');
    const answers = await Promise.all([1, 2, 3].map(() => post(path, body, key)));
    answers.push(await post(path, body, key));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const shown = answers.map((answer) => JSON.stringify({ ...answer.body, key: null, token: null }));
    expect(new Set(shown).size).toBe(1);
    expect((await count()) - before).toBe(1 + (route.endsWith('/rows') ? 1 : 0));
    const other = { ...(body as object), more: 1 };
    expect([(await post(path, other, key)).status]).toEqual([422]);
  });

  test('rows of a table that counts its ids are answered with the ids that they have', async () => {
    const path = `/tables/${tables.integer}/rows`;
    const key = unique('idem');
    const body = { rows: [{ n: 1 }, { id: 50, n: 2 }, { n: 3 }, { n: 4 }] };
    const [first, again] = [await post(path, body, key), await post(path, body, key)];
    expect(first.body).toMatchObject({ items: [{ id: 1 }, { id: 50 }, { id: 51 }, { id: 52 }] });
    expect(again.body).toEqual(first.body);
    // A number is given once, also after its row is gone, and others may be given at the same time.
    await callAdmin('DELETE', `${path}/52`, { token });
    const many = await Promise.all([1, 2, 3, 4].map((n) => post(path, { rows: [{ n }] }, unique('idem'))));
    const ids = many.flatMap((answer) => (answer.body.items as { id: number }[]).map(({ id }) => id));
    expect(ids.toSorted()).toEqual([53, 54, 55, 56]);
    expect((await post(path, { rows: [{ n: 9 }] })).body).toMatchObject({ items: [{ id: 57 }] });
  });

  test('an import is done once', async () => {
    const key = unique('idem');
    const before = await countRows(tables.integer);
    const send = () =>
      exports.default.fetch(`https://portico.test/admin/tables/${tables.integer}/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv', 'idempotency-key': key },
        body: 'n\n1\n2\n',
      });
    for (let i = 0; i < 2; i++) {
      const response = await send();
      expect([response.status, await response.json()]).toEqual([200, { count: 2 }]);
    }
    expect((await countRows(tables.integer)) - before).toBe(2);
  });

  test('answers beside rows are forgotten after a day, and there may be none yet', async () => {
    const path = `/tables/${tables.uuid}/rows`;
    const key = unique('idem');
    await post(path, { rows: [{ n: 1 }] }, key);
    const ctx = testContext();
    const later = (days: number) => ({ ...ctx, now: () => Date.now() + days * 86_400_000 });
    await enforceRetention(later(0.9));
    const before = await countRows(tables.uuid);
    await post(path, { rows: [{ n: 1 }] }, key);
    expect(await countRows(tables.uuid)).toBe(before);
    expect((await enforceRetention(later(1.1))).idempotency).toBeGreaterThan(0);
    await post(path, { rows: [{ n: 1 }] }, key);
    expect(await countRows(tables.uuid)).toBe(before + 1);
    await env.DATA.exec('drop table "idempotency"');
    await enforceRetention(later(1.1));
    expect((await post(path, { rows: [{ n: 1 }] }, unique('idem'))).status).toBe(201);
  });
});

import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { adminRoutes } from '../../../src/http/admin/admin.routes';
import { callAdmin } from '../../support/admin-api';
import { openProject } from '../../support/project';
import { call, publish, unique } from '../../support/publish';
import { adminToken, createUser, signIn } from '../../support/sign-in';

/** Reads of what the scope `read` covers; a new noun has to be thought about, and so has every new write. */
const READ_TAGS = [
  'Handlers',
  'Endpoints',
  'Keys',
  'Tables',
  'Secrets',
  'Templates',
  'Roles',
  'Projects',
  'Graphs',
  'Python packages',
];
const readsOf = (tags: string[]): string[] =>
  adminRoutes.filter(({ method, tag }) => method === 'get' && tags.includes(tag)).map(({ id }) => id);
/** With what is asked by a POST and changes nothing. */
const READS = [
  ...readsOf(READ_TAGS), 'readBatch', 'explainAccess', 'checkGraph', 'arrangeGraph', 'upgradeGraph', 'listOperations', 'getOperation', 'previewOperation',
]; // oxfmt-ignore
/** Routes by scope, written down a second time: a new route has to be thought about. */
const OPEN: Record<string, string[]> = {
  read: READS,
  deploy: [
    ...READS, 'planPush', 'applyPlan', 'putBlob', 'putBlobs', 'createHandler', 'updateHandler', 'deleteHandler', 'createHandlerVersion', 'checkHandlerSource',
    'deleteHandlerVersion', 'deployHandlerVersion', 'putHandlerSource', 'createEndpoint', 'updateEndpoint', 'deleteEndpoint',
    'putEndpoint', 'changeEndpoints', 'testEndpoint', 'streamTest', 'testAlert', 'runSchedule', 'createEndpointFromTemplate',
  ],
  runs: [...readsOf(['Runs']), 'readBatch'],
}; // oxfmt-ignore

const make = async (by: string, scopes: string[], more: object = {}) => {
  const answer = await callAdmin('POST', '/personal-tokens', { token: by, body: { name: 'CI', scopes, ...more } });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as { id: string; token: string; expiresAt: string };
};
const signInAs = async (...roles: string[]) => {
  const name = unique('person');
  const user = await createUser(name, roles);
  return { name, user, token: (await signIn(name)).accessToken };
};
const status = async (token: string, path = '/handlers', method = 'GET'): Promise<number> =>
  (await callAdmin(method, path, { token })).status;

let admin = '';
beforeAll(async () => {
  admin = await adminToken();
});

/** The routes that a token is not refused at. */
async function opened(token: string): Promise<string[]> {
  const found: string[] = [];
  for (const { id, method, path, policy } of adminRoutes) {
    if (policy === 'public') continue;
    const url = path.slice('/admin'.length).replaceAll(/:[a-z]+/g, 'none');
    const answer = await exports.default.fetch(`https://portico.test/admin${url}`, {
      method: method.toUpperCase(),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: method === 'get' ? null : '{}',
    });
    // Unread: some answers are streams without an end.
    await answer.body?.cancel();
    expect([id, answer.status]).not.toEqual([id, 401]);
    if (answer.status !== 403) found.push(id);
  }
  return found;
}

describe.each(Object.keys(OPEN))('a token of the scope %s', (scope) => {
  test('opens its routes for an admin, and no other', async () => {
    const { token } = await make(admin, [scope]);
    expect((await opened(token)).toSorted()).toEqual(OPEN[scope]!.toSorted());
  });

  test('opens nothing for a user without roles but what anyone may', async () => {
    const { token } = await make((await signInAs()).token, [scope]);
    const anyone = ['listTables', 'getTable', 'getTableByName', 'listTableUses'];
    expect(await opened(token)).toEqual([...(scope === 'runs' ? [] : anyone), 'readBatch']);
  });
});

test('the value is shown once, and stored as a hash only', async () => {
  const { id, token } = await make(admin, ['read', 'read']);
  expect(token).toMatch(/^ptc_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/);
  const { text } = await callAdmin('GET', '/personal-tokens', { token: admin });
  expect(text).toContain(id);
  expect(text).not.toContain(token.slice(13));
  expect((await callAdmin('GET', `/audit?objectId=${id}`, { token: admin })).text).not.toContain(token.slice(13));
});

test('a demotion, a disabled user, a revocation and the end of its days take effect at once', async () => {
  const { user, token: by } = await signInAs('developer');
  const { id, token } = await make(by, ['deploy']);
  const createsHandler = () =>
    callAdmin('POST', '/handlers', { token, body: { path: `${unique('h')}.js`, source: 'export default () => 1' } });
  expect((await createsHandler()).status).toBe(201);
  await callAdmin('PATCH', `/users/${user.id}`, { token: admin, body: { roles: ['viewer'] } });
  expect([(await createsHandler()).status, await status(token)]).toEqual([403, 200]);
  await callAdmin('PATCH', `/users/${user.id}`, { token: admin, body: { active: false } });
  expect(await status(token)).toBe(401);
  await callAdmin('PATCH', `/users/${user.id}`, { token: admin, body: { active: true } });
  expect(await status(token)).toBe(200);
  expect(await status(admin, `/personal-tokens/${id}`, 'DELETE')).toBe(204);
  expect([await status(token), await status(admin, `/personal-tokens/${id}`, 'DELETE')]).toEqual([401, 404]);
});

test('an expired token is refused', async () => {
  const { token, id } = await make(admin, ['read'], { days: 1 });
  await env.DB.prepare('update personal_tokens set expires_at = ? where id = ?')
    .bind(Date.now() - 1, id)
    .run();
  expect(await status(token)).toBe(401);
});

test.each([{ scopes: [] }, { scopes: ['push'] }, { scopes: ['admin'] }, { days: 367 }, { days: 0 }, { name: '' }])('%j cannot be made', async (wrong) => {
  const answer = await callAdmin('POST', '/personal-tokens', { token: admin, body: { name: 'x', scopes: ['read'], ...wrong } });
  expect(answer.status).toBe(422);
}); // oxfmt-ignore

test('users see and revoke their own tokens; an admin all', async () => {
  const [one, other] = [await signInAs('viewer'), await signInAs('viewer')];
  const { id } = await make(one.token, ['read']);
  expect((await callAdmin('GET', '/personal-tokens', { token: other.token })).body).toEqual({ items: [] });
  expect(await status(other.token, `/personal-tokens/${id}`, 'DELETE')).toBe(404);
  expect((await callAdmin('GET', '/personal-tokens', { token: admin })).text).toContain(id);
  expect(await status(one.token, `/personal-tokens/${id}`, 'DELETE')).toBe(204);
});

test('a 101st token is refused until one is revoked', async () => {
  const { token: by, user } = await signInAs('viewer');
  const insert = env.DB.prepare(
    `insert into personal_tokens (id, user_id, name, prefix, hash, scopes, expires_at, created_at) values (?1, ?2, 'x', 'ptc_x', ?1, '["read"]', ?3, 1)`,
  );
  await env.DB.batch(
    Array.from({ length: 100 }, (_, i) => insert.bind(`pat_${user.id}_${i}`, user.id, Date.now() + 60_000)),
  );
  const refused = await callAdmin('POST', '/personal-tokens', { token: by, body: { name: 'x', scopes: ['read'] } });
  expect([refused.status, refused.body.code]).toEqual([409, 'in_use']);
  expect(await status(by, `/personal-tokens/pat_${user.id}_0`, 'DELETE')).toBe(204);
  await make(by, ['read']);
});

test('a push by a token declares keys and secrets, which the token can neither issue nor set; the audit names it', async () => {
  const { id, token } = await make(admin, ['deploy']);
  const project = openProject(unique('p'), () => token);
  const name = unique('k');
  const secret = name.replaceAll('-', '_').toUpperCase();
  await project.push({ [`key ${name}`]: {}, [`secret ${secret}`]: {}, [`role ${name}`]: {} });
  const keys = (await callAdmin('GET', '/keys?limit=100', { token })).body.items as { id: string; alias: string }[];
  const key = keys.find(({ alias }) => alias === name)!;
  const issued = await callAdmin('PATCH', `/keys/${key.id}`, { token, body: { key: true } });
  const set = await callAdmin('PUT', `/secrets/${secret}`, { token, body: { value: 'x' } });
  expect([issued.status, set.status]).toEqual([403, 403]);
  const entries = (await callAdmin('GET', `/audit?objectId=${key.id}`, { token: admin })).body.items;
  expect(entries).toMatchObject([{ action: 'key.create', changes: { token: id } }]);
});

test('a token is no credential of an endpoint, and its caller is told where it belongs', async () => {
  const { token } = await make(admin, ['read']);
  const { endpoint } = await publish('export default () => 1', { access: { level: 'authenticated' } });
  const response = await call(`/u/${endpoint.path}`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  expect([response.status, (await response.json<{ detail: string }>()).detail]).toEqual([
    401,
    expect.stringContaining('personal token'),
  ]);
});

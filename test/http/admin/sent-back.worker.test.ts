import { beforeAll, describe, expect, test } from 'vitest';
import { adminRoutes } from '../../../src/http/admin/admin.routes';
import { callAdmin } from '../../support/admin-api';
import { ensureAdmin, saveHandler, unique } from '../../support/publish';
import { adminToken, createUser, signIn } from '../../support/sign-in';

let token = '';
const api = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  callAdmin(method, path, { token, body, headers });
const word = (prefix: string): string => unique(prefix).replaceAll('-', '_');

beforeAll(async () => {
  await ensureAdmin();
  token = await adminToken();
});

/** How one of each noun is made, a change of it, and what Portico sets. */
const NOUNS: [string, () => Promise<object>, object, string[]][] = [
  [
    'endpoints',
    async () => ({
      handler: { path: (await saveHandler('export default () => 1')).path },
      parameters: [{ name: 'n', type: 'integer', min: 1, default: 2 }, { name: 'q', in: 'query' }],
      access: { level: 'authenticated', roles: { names: ['viewer'] } },
      limits: { timeoutMs: 5000 },
    }),
    { limits: { timeoutMs: 6000 } },
    ['id', 'url', 'revision', 'createdAt', 'updatedAt', 'createdBy'],
  ],
  ['keys', async () => ({ alias: unique('k'), expiresAt: '2040-01-01T00:00:00+02:00' }), { alias: 'other' }, ['id', 'prefix', 'createdBy']],
  ['users', async () => ({ name: unique('u'), password: 'long enough to be one', roles: ['viewer'] }), { roles: [] }, ['id', 'createdAt']],
  ['roles', async () => ({ name: unique('r'), description: 'x' }), { description: 'y' }, ['name', 'builtIn', 'createdAt']],
  ['tokens', async () => ({ name: unique('t'), roles: ['viewer'] }), { name: 'other' }, ['id', 'createdBy']],
  [
    'tables',
    async () => ({ name: word('t'), columns: [{ name: 'a', type: 'text' }, { name: 'b', type: 'json', default: { c: [1] } }] }),
    { description: 'y' },
    ['id', 'idType', 'columns', 'createdBy'],
  ],
]; // oxfmt-ignore

describe.each(NOUNS)('%s', (noun, input, change, readOnly) => {
  const make = async () => {
    const made = await api('POST', `/${noun}`, await input());
    expect(made.status, made.text).toBe(201);
    const id = noun === 'roles' ? made.body.name : made.body.id;
    const url = `/${noun}/${String(id)}`;
    return { id, url, answer: (await api('GET', url)).body };
  };
  const audited = async (id: unknown) =>
    ((await api('GET', `/audit?objectId=${String(id)}`)).body.items as { changes: object }[]).map(
      ({ changes }) => changes,
    );

  test('the answer of a GET can be sent back: nothing changes, and nothing is written', async () => {
    const { id, url, answer } = await make();
    for (const body of [answer, {}, ...Object.entries(answer).map(([field, value]) => ({ [field]: value }))]) {
      const back = await api('PATCH', url, body, { 'if-match': '"1"' });
      const { warnings: _warnings, ...same } = back.body;
      expect([back.status, same]).toEqual([200, answer]);
    }
    expect((await api('GET', url)).body).toEqual(answer);
    expect(await audited(id)).toHaveLength(1);
  });

  test('a whole answer with one change is that change, in one audit entry', async () => {
    const { id, url, answer } = await make();
    const changed = await api('PATCH', url, { ...answer, ...merged(answer, change) });
    expect(changed, changed.text).toMatchObject({ status: 200, body: { ...change, revision: 2 } });
    const [last] = await audited(id);
    expect(Object.keys(last!)).toHaveLength(1);
  });

  test('read-only fields cannot be changed or created, and an old revision is 412', async () => {
    const { url, answer } = await make();
    for (const field of readOnly) {
      const value = typeof answer[field] === 'boolean' ? !answer[field] : [];
      const refused = await api('PATCH', url, { ...answer, [field]: value });
      expect(refused, `${field}: ${refused.text}`).toMatchObject({ status: field === 'revision' ? 412 : 422 });
    }
    expect((await api('PATCH', url, { ...answer, revision: 7 })).body).toMatchObject({ code: 'stale_revision' });
    expect((await api('PATCH', url, { ...answer, noSuchField: 1 })).body).toMatchObject({ code: 'unknown_field' });
    const again = await api('POST', `/${noun}`, { ...(await input()), createdAt: answer.createdAt });
    expect(again).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/createdAt', code: 'read_only' }] } });
    expect((await api('GET', url)).body).toEqual(answer);
  });
});

const tokens = new Map<string, string>();
async function tokenOf(role: string): Promise<string> {
  if (!tokens.has(role)) tokens.set(role, (await signIn((await createUser(unique(role), [role])).name)).accessToken);
  return tokens.get(role)!;
}

describe('an endpoint sent back by who may not decide all of it', () => {
  test('is changed within their rights, and refused beyond them', async () => {
    const { body: made } = await api('POST', '/endpoints', {
      handler: { path: (await saveHandler('export default () => "<p>"')).path },
      response: { types: ['text/html'], redirects: ['*'] },
      parameters: [{ name: 'n', type: 'integer' }],
    });
    const url = `/endpoints/${String(made.id)}`;
    const { body: answer } = await api('GET', url);
    const by = async (role: string, body: object) =>
      callAdmin('PATCH', url, { token: await tokenOf(role), body: { ...answer, ...body } });
    // It runs as an admin and sends what browsers run: neither is a developer's to decide.
    expect(await by('developer', {})).toMatchObject({ status: 200, body: { revision: 1 } });
    expect((await by('developer', { limits: { timeoutMs: 5000 } })).body).toMatchObject({ code: 'forbidden' });
    expect((await by('developer', { response: { types: ['text/html', 'text/css'] } })).body).toMatchObject({ code: 'forbidden' });
    expect((await by('operator', { title: 'x' })).body).toMatchObject({ code: 'forbidden' });
    for (const name of ['names', 'of']) {
      const access = { ...(answer.access as object), roles: { match: 'any', [name]: [] } };
      expect(await by('operator', { access })).toMatchObject({ status: 200, body: { revision: 1 } });
    }
    expect((await by('viewer', {})).body).toMatchObject({ code: 'forbidden' });
    expect(await by('operator', { active: false })).toMatchObject({ status: 200, body: { active: false, revision: 2 } });
    const rest = { ...answer, revision: 2, active: false, updatedAt: (await api('GET', url)).body.updatedAt };
    expect(await by('developer', { ...rest, title: 'x' })).toMatchObject({ status: 200, body: { title: 'x', revision: 3 } });
  });
}); // oxfmt-ignore

/** A change of a field of a field leaves the others. */
const merged = (answer: Record<string, unknown>, change: object): object =>
  Object.fromEntries(
    Object.entries(change).map(([field, value]) => [
      field,
      typeof value === 'object' && !Array.isArray(value)
        ? { ...(answer[field] as object), ...(value as object) }
        : value,
    ]),
  );

test('a secret takes what a GET answers of it, beside its value', async () => {
  const url = `/secrets/${word('S').toUpperCase()}`;
  expect((await api('PUT', url, { value: 'a', createdAt: '2026-01-01T00:00:00.000Z' })).body.code).toBe(
    'unknown_field',
  );
  await api('PUT', url, { value: 'a', description: 'x' });
  const { body } = await api('GET', url);
  expect(body).not.toHaveProperty('value');
  expect(await api('PUT', url, { ...body, value: 'b' })).toMatchObject({
    status: 200,
    body: { version: 2, description: 'x' },
  });
  expect((await api('PUT', url, { ...body, value: 'c' })).body).toMatchObject({
    errors: [{ pointer: '#/version' }, { pointer: '#/updatedAt' }],
  });
});

describe('If-Match', () => {
  const writes = adminRoutes.filter(({ method, policy }) => method !== 'get' && policy !== 'public');
  test('is refused on routes that do not check it', async () => {
    const without = writes.filter(({ ifMatch }) => !ifMatch);
    expect(without.length).toBeGreaterThan(10);
    for (const { method, path } of without) {
      const url = path.replace('/admin', '').replaceAll(/:[a-z]+/g, 'NAME');
      const refused = await api(method.toUpperCase(), url, undefined, { 'if-match': '"1"' });
      expect([path, refused.status]).toEqual([path, expect.toBeOneOf([400, 415])]);
    }
  });

  test('is documented on the routes that check it only', async () => {
    const document = (
      await (await import('cloudflare:workers')).exports.default.fetch('https://portico.test/openapi.json')
    ).json();
    const { paths } = (await document) as {
      paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
    };
    for (const { method, path, ifMatch } of adminRoutes) {
      const parameters = paths[path.replace(/:([a-zA-Z]+)/g, '{$1}')]![method]!.parameters ?? [];
      expect([path, method, parameters.some(({ name }) => name === 'if-match')]).toEqual([
        path,
        method,
        ifMatch === true,
      ]);
    }
  });

  test.each(['POST versions', 'PUT default', 'PATCH', 'DELETE'])(
    'an old revision is 412 for %s of a handler',
    async (what) => {
      const { id } = await saveHandler('export default () => 1');
      await api('POST', `/handlers/${id}/versions`, { source: 'export default () => 2', deploy: false });
      const [method, below] = what.split(' ');
      const bodies: Record<string, unknown> = {
        POST: { source: 'export default () => 3' },
        PUT: { version: 2 },
        PATCH: { path: `${unique('p')}.js` },
      };
      const url = `/handlers/${id}${below === undefined ? '' : `/${below}`}`;
      expect((await api(method!, url, bodies[method!], { 'if-match': '"1"' })).status).toBe(412);
      expect((await api(method!, url, bodies[method!], { 'if-match': '"2"' })).status).toBeLessThan(300);
    },
  );
});

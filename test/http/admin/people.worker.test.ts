import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callAdmin } from '../../support/admin-api';
import { adminToken, createUser, signIn, USER_PASSWORD } from '../../support/sign-in';

const problem = (status: number, code: string) => ({ status, body: { status, code } });
const token = await adminToken();
const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  callAdmin(method, path, { token, headers, ...(body === undefined ? {} : { body }) });

describe.each([
  ['/users', { name: 'ann', password: USER_PASSWORD }, { roles: ['viewer'] }, 'id'],
  ['/roles', { name: 'billing' }, { description: 'Reads invoices' }, 'name'],
  ['/tokens', { name: 'caller' }, { name: 'renamed', roles: ['viewer'] }, 'id'],
])('%s', (path, input, patch, key) => {
  it('is created, read, listed, changed and deleted', async () => {
    const made = await call('POST', path, input);
    expect(made).toMatchObject({ status: 201, body: { name: input.name, revision: 1 } });
    expect(made.headers.get('etag')).toBe('"1"');
    const at = `${path}/${String(made.body[key])}`;
    const { token: _value, ...shown } = made.body;
    expect(await call('GET', at)).toMatchObject({ status: 200, body: shown });
    const list = await call('GET', `${path}?limit=100`);
    expect(list.body).toEqual({ items: expect.arrayContaining([shown]), nextCursor: null });

    const changed = await call('PATCH', at, patch, { 'if-match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { ...patch, revision: 2 } });
    expect(await call('PATCH', at, patch, { 'if-match': '"1"' })).toMatchObject(problem(412, 'stale_revision'));
    expect(await call('DELETE', at, undefined, { 'if-match': '"1"' })).toMatchObject(problem(412, 'stale_revision'));
    expect((await call('DELETE', at, undefined, { 'if-match': '"2"' })).status).toBe(204);
    expect(await call('GET', at)).toMatchObject(problem(404, 'not_found'));
  });

  it('refuses unknown fields and leaves prototypes alone', async () => {
    expect(await call('POST', path, { ...input, owner: 'me' })).toMatchObject(problem(422, 'unknown_field'));
    const answer = await callAdmin('POST', path, {
      token,
      body: JSON.parse(`{"__proto__": {"polluted": true}, "name": "x"}`) as unknown,
    });
    expect(answer.status).toBe(422);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(['limit=0', 'limit=-1', 'limit=1e9', 'limit=x', 'sort=name', 'cursor=x', 'limit=1&limit=2'])(
    'refuses ?%s',
    async (query) => {
      expect(await call('GET', `${path}?${query}`)).toMatchObject(problem(400, 'invalid_parameter'));
    },
  );

  it('is closed to anonymous callers, and read-only for viewers', async () => {
    const viewer = `viewer-of-${path.slice(1)}`;
    await createUser(viewer, ['viewer']);
    const { accessToken } = await signIn(viewer);
    expect(await callAdmin('POST', path, { body: input })).toMatchObject(problem(401, 'auth_required'));
    expect(await callAdmin('GET', path)).toMatchObject(problem(401, 'auth_required'));
    expect(await callAdmin('POST', path, { token: accessToken, body: input })).toMatchObject(problem(403, 'forbidden'));
    expect((await callAdmin('GET', path, { token: accessToken })).status).toBe(path === '/tokens' ? 403 : 200);
  });
});

describe('/admin/users', () => {
  it.each([
    [{ name: 'ann' }, 'invalid_input'],
    [{ name: 'ann', password: 'elevenchars' }, 'weak_password'],
    [{ name: 'ann', password: 'x'.repeat(257) }, 'invalid_input'],
    [{ name: '', password: USER_PASSWORD }, 'invalid_input'],
    [{ name: 'аnn', password: USER_PASSWORD }, 'invalid_input'],
    [{ name: 'a b', password: USER_PASSWORD }, 'invalid_input'],
    [{ name: 'ann', password: USER_PASSWORD, roles: ['nosuch'] }, 'invalid_input'],
    [{ name: 'ann', password: USER_PASSWORD, roles: 'admin' }, 'invalid_input'],
    [{ name: 'ann', password: USER_PASSWORD, active: 'yes' }, 'invalid_input'],
  ])('refuses %j', async (body, code) => {
    expect(await call('POST', '/users', body)).toMatchObject(problem(422, code));
  });

  it('keeps the last admin', async () => {
    const me = await call('GET', '/session');
    const { id } = me.body.user as { id: string };
    expect(await call('DELETE', `/users/${id}`)).toMatchObject(problem(409, 'last_admin'));
    expect(await call('PATCH', `/users/${id}`, { roles: [] })).toMatchObject(problem(409, 'last_admin'));
    expect(await call('PATCH', `/users/${id}`, { active: false })).toMatchObject(problem(409, 'last_admin'));
  });

  it('creates one user of one name, however many ask at once', async () => {
    const answers = await Promise.all(
      ['twin', 'TWIN'].map((name) => call('POST', '/users', { name, password: USER_PASSWORD })),
    );
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409']);
  });

  it('replays a creation under its Idempotency-Key, and keeps no digest of the password that could be guessed from', async () => {
    const body = { name: 'replayed', password: USER_PASSWORD, roles: [], active: true };
    const headers = { 'idempotency-key': 'create-replayed' };
    const first = await call('POST', '/users', body, headers);
    expect(await call('POST', '/users', body, headers)).toMatchObject({ status: 201, body: first.body });
    expect(await call('POST', '/users', { ...body, name: 'other' }, headers)).toMatchObject(
      problem(422, 'idempotency_mismatch'),
    );
    const row = await env.DB.prepare(`select request_hash from idempotency where key = 'create-replayed'`).first<{
      request_hash: string;
    }>();
    const plain = await crypto.subtle.digest(
      'SHA-256',
      new TextEncoder().encode(`POST /admin/users\n${JSON.stringify(body)}`),
    );
    expect(row!.request_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(row!.request_hash).not.toBe(
      Array.from(new Uint8Array(plain), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    );
  });
});

describe('/admin/tokens', () => {
  it('shows the value of a token once, not even in a replayed answer', async () => {
    const headers = { 'idempotency-key': 'create-token' };
    const first = await call('POST', '/tokens', { name: 'once' }, headers);
    const value = first.body.token as string;
    expect(value.split('.')).toHaveLength(3);
    expect(await call('POST', '/tokens', { name: 'once' }, headers)).toMatchObject({
      status: 201,
      body: { ...first.body, token: null },
    });
    expect((await call('GET', '/tokens?limit=100')).text).not.toContain(value.split('.')[2]);
    expect((await call('GET', '/audit?limit=100')).text).not.toContain(value.split('.')[2]);
  });
});

describe('/admin/roles', () => {
  it('does not delete a role that a user has', async () => {
    await call('POST', '/roles', { name: 'needed' });
    const { id } = await createUser('needs', ['needed']);
    expect(await call('DELETE', '/roles/needed')).toMatchObject(problem(409, 'in_use'));
    await call('PATCH', `/users/${id}`, { roles: [] });
    expect((await call('DELETE', '/roles/needed')).status).toBe(204);
  });

  it.each(['Billing', '1st', '', 'a'.repeat(65), 'a b'])('refuses the name %j', async (name) => {
    expect(await call('POST', '/roles', { name })).toMatchObject(problem(422, 'invalid_input'));
  });

  it('leaves the built-in ones as they are', async () => {
    expect(await call('POST', '/roles', { name: 'admin' })).toMatchObject(problem(409, 'name_taken'));
    expect(await call('PATCH', '/roles/admin', { description: '' })).toMatchObject(problem(403, 'forbidden'));
    expect(await call('DELETE', '/roles/viewer')).toMatchObject(problem(403, 'forbidden'));
  });
});

describe('the audit trail', () => {
  it('has a row for every write, and no password in any', async () => {
    const { id } = (await call('POST', '/users', { name: 'audited', password: USER_PASSWORD })).body as { id: string };
    await call('PATCH', `/users/${id}`, { password: 'yet another password', name: 'audited2' });
    await call('DELETE', `/users/${id}`);
    const trail = await call('GET', `/audit?object=user&objectId=${id}`);
    const items = trail.body.items as { action: string; changes: unknown }[];
    expect(items.map(({ action }) => action)).toEqual(['user.delete', 'user.update', 'user.create']);
    expect(items[1]!.changes).toEqual({ name: { from: 'audited', to: 'audited2' }, password: 'changed' });
    expect((await call('GET', '/audit?limit=100')).text).not.toMatch(/another password|scrypt/);
  });
});

import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/http/app';
import { identifyBasic } from '../../../src/plynx/session/identify-basic';
import { issueDemoToken } from '../../../src/plynx/session/basic-tokens';
import { openContext } from '../../../src/context';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { askPlynx, basic, fileForm } from '../../support/plynx';
import { clearOfWindowEnd } from '../../support/rate-window';
import { adminToken, createUser, USER_PASSWORD } from '../../support/sign-in';

const ID = '5d0000000000000000000fff';

describe('credentials', () => {
  it('a name and password, repeatedly; a token as the name; not when disabled', async () => {
    const user = await createUser('plynx-ada', ['developer']);
    const auth = basic('plynx-ada', USER_PASSWORD);
    let body: Record<string, unknown> = {};
    for (let i = 0; i < 15; i++) body = (await askPlynx('GET', '/token', { auth })).body!;
    const tokens = [body.access_token, body.refresh_token].map((token) => basic(String(token), 'ignored'));
    for (const token of tokens)
      expect((await askPlynx('POST', '/search_graphs', { auth: token, body: {} })).status).toBe(200);
    await callAdmin('PATCH', `/users/${user.id}`, { token: await adminToken(), body: { active: false } });
    for (const one of [auth, ...tokens]) expect((await askPlynx('GET', '/token', { auth: one })).status).toBe(401);
  });

  it('a new password ends the tokens of the old one', async () => {
    const user = await createUser('plynx-bob', ['developer']);
    const { refresh_token } = (await askPlynx('GET', '/token', { auth: basic('plynx-bob', USER_PASSWORD) })).body!;
    const auth = basic(String(refresh_token));
    expect((await askPlynx('GET', '/token', { auth })).status).toBe(200);
    await callAdmin('PATCH', `/users/${user.id}`, {
      token: await adminToken(),
      body: { password: `${USER_PASSWORD} new` },
    });
    expect((await askPlynx('GET', '/token', { auth })).status).toBe(401);
    expect((await askPlynx('GET', '/token', { auth: basic('plynx-bob', USER_PASSWORD) })).status).toBe(401);
  });

  it('a token is swapped for nothing that outlasts it', async () => {
    await createUser('plynx-cid', ['developer']);
    const swap = async (auth: string) => (await askPlynx('GET', '/token', { auth })).body!;
    const endOf = (token: unknown): number => {
      const claims: unknown = JSON.parse(atob(String(token).split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
      return (claims as { exp: number }).exp;
    };
    const first = await swap(basic('plynx-cid', USER_PASSWORD));
    expect(endOf(first.refresh_token) - endOf(first.access_token)).toBe(365 * 86_400 - 600);
    const byAccess = await swap(basic(String(first.access_token)));
    expect([byAccess.access_token, byAccess.refresh_token].map(endOf)).toEqual(
      [first.access_token, first.access_token].map(endOf),
    );
    const byRefresh = await swap(basic(String(first.refresh_token)));
    expect(endOf(byRefresh.refresh_token)).toBe(endOf(first.refresh_token));
    const demo = (await askPlynx('POST', '/demo')).body!;
    const byDemo = await swap(basic(String(demo.access_token)));
    expect(endOf(byDemo.refresh_token)).toBe(endOf(demo.access_token));
  });

  it('a wrong password, and an unknown name', async () => {
    for (const name of ['default', 'nobody']) {
      expect((await askPlynx('GET', '/token', { auth: basic(name, 'none:plynx-default') })).status).toBe(401);
    }
  });

  it('guessing ends with 429', { timeout: 60_000 }, async () => {
    await clearOfWindowEnd(900);
    await createUser('plynx-victim');
    const guess = () => askPlynx('GET', '/token', { auth: basic('plynx-victim', `guess ${Math.random()}`) });
    const statuses = [];
    for (let i = 0; i < 11; i++) statuses.push((await guess()).status);
    expect(statuses.at(-1)).toBe(429);
  });

  it('tokens of this dialect open nothing else, and others do not open this', async () => {
    const { access_token } = (await askPlynx('GET', '/token')).body!;
    expect((await callAdmin('GET', '/session', { token: String(access_token) })).status).toBe(401);
    expect((await askPlynx('GET', '/token', { auth: basic(await adminToken()) })).status).toBe(401);
  });

  it('roles count: a viewer looks, and changes nothing', async () => {
    await createUser('plynx-viewer', ['viewer']);
    const auth = basic('plynx-viewer', USER_PASSWORD);
    expect((await askPlynx('POST', '/search_nodes', { auth, body: {} })).status).toBe(200);
    const answer = await askPlynx('POST', '/graphs', { auth, body: { graph: {}, actions: ['SAVE'] } });
    expect([answer.status, answer.body?.status]).toEqual([403, 'failed']);
  });
});

describe('users without a password', () => {
  const off = { ...testContext().settings, defaultUser: false, demoUsers: false };
  it('there are none where the switches are off, and their tokens are worth nothing', async () => {
    const ctx = testContext();
    const { access_token } = (await askPlynx('GET', '/token')).body!;
    expect(await identifyBasic(ctx, String(access_token), '')).toMatchObject({ kind: 'user', name: 'default' });
    for (const [name, password] of [
      [String(access_token), ''],
      ['default', ''],
    ] as const) {
      expect(await identifyBasic({ ...ctx, settings: off }, name, password)).toMatchObject({ kind: 'anonymous' });
    }
    expect(await issueDemoToken({ ...ctx, settings: off })).toBeNull();
  });
  it('cannot sign in at the admin API', async () => {
    await askPlynx('GET', '/token');
    for (const password of [' ', 'none:plynx-default']) {
      expect((await callAdmin('POST', '/session', { body: { name: 'default', password } })).status).toBe(401);
    }
  });
});

describe('with PLYNX_OPEN_RESOURCES', () => {
  const app = createApp(openContext);
  const execution = {
    waitUntil: () => undefined,
    passThroughOnException: () => undefined,
  } as unknown as ExecutionContext;
  const ask = (path: string, open: string, init: RequestInit = {}) =>
    app(
      new Request(`https://portico.test/plynx/api/v0${path}`, init),
      { ...env, PLYNX_DEFAULT_USER: '', PLYNX_OPEN_RESOURCES: open },
      execution,
    );
  const upload = async (): Promise<string> =>
    String((await askPlynx('POST', '/resource', { body: fileForm('<b>') })).body!.resource_id);
  // As PLynx's web page asks, from its own origin.
  const page = { headers: { origin: 'http://localhost:3001', 'sec-fetch-site': 'cross-site' } };

  it('the id of a file opens its bytes and previews, also for other pages', async () => {
    const id = await upload();
    for (const path of [`/resource/${id}`, `/resources/${id}`]) {
      const response = await ask(path, '1', page);
      expect([response.status, await response.text()]).toEqual([200, '<b>']);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
    }
    const preview = await ask(`/resource/${id}?preview=true&file_type=file`, '1', page);
    expect([preview.status, await preview.text()]).toEqual([200, '<pre>&lt;b&gt;</pre>']);
    expect((await ask(`/resource/${crypto.randomUUID()}`, '1', page)).status).toBe(404);
  });
  it('credentials that are sent have to be right', async () => {
    const headers = { authorization: basic('nobody') };
    expect((await ask(`/resource/${await upload()}`, '1', { headers })).status).toBe(401);
  });
  it('other routes stay closed', async () => {
    for (const path of ['/graphs', '/token', '/master_state', `/graphs/${ID}`]) {
      expect([path, (await ask(path, '1')).status]).toEqual([path, 401]);
    }
    expect((await ask('/resource', '1', { method: 'POST', body: fileForm('x') })).status).toBe(401);
  });
  it('without the setting it is as closed as the rest', async () => {
    const id = await upload();
    for (const open of ['', '0', 'true']) expect((await ask(`/resource/${id}`, open)).status).toBe(401);
  });
});

describe('the rest of the wire', () => {
  it.each([
    ['/graphs/new', 'GET, OPTIONS'],
    ['/graphs/x/update', 'PATCH, POST, OPTIONS'],
    ['/upload_file', 'POST, PUT, OPTIONS'],
  ])('%s takes %s', async (path, allow) => {
    const answer = await askPlynx('DELETE', path);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  });
  it('a browser may ask first', async () => {
    const answer = await askPlynx('OPTIONS', '/graphs');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST, OPTIONS');
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
  });
  it('answers that the service is up', async () =>
    expect((await exports.default.fetch('https://portico.test/health')).status).toBe(200));
  it.each([
    ['GET', '/nothing', 404],
    ['DELETE', '/graphs', 405],
    ['PUT', '/nodes', 405],
  ])('%s %s is %i, as a page', async (method, path, status) => {
    const answer = await askPlynx(method, path);
    expect([answer.status, answer.text.startsWith('<!doctype html>')]).toEqual([status, true]);
  });
});

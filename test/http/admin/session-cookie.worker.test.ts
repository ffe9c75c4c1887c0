import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { makeSignInCode } from '../../../src/core/identity/sessions/sign-in-with-cookie';
import { createStore } from '../../../src/storage/store';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { unique } from '../../support/publish';
import { createUser, freshAddress, signIn, USER_PASSWORD } from '../../support/sign-in';

const ORIGIN = 'https://portico.test';
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };

const post = (body: object, headers: Record<string, string> = {}) =>
  callAdmin('POST', '/session/cookie', {
    body,
    headers: { 'cf-connecting-ip': freshAddress(), ...OWN_PAGE, ...headers },
  });

/** A user with a session in a browser: its `Set-Cookie`, and its `Cookie`. */
async function browser(roles: string[] = ['developer']) {
  const name = unique('browser');
  const user = await createUser(name, roles);
  const answer = await post({ name, password: USER_PASSWORD });
  const set = answer.headers.get('set-cookie')!;
  return { answer, name, user, set, cookie: set.slice(0, set.indexOf(';')) };
}
const ask = (cookie: string, headers: Record<string, string> = OWN_PAGE, method = 'GET') =>
  callAdmin(method, '/session', { headers: { cookie, ...headers } });

describe('a session in a cookie', () => {
  it('is opened by a password, without a token in the response', async () => {
    const { answer, name, set } = await browser();
    expect(answer).toMatchObject({ status: 200, body: { user: { name }, permissions: expect.any(Array) } });
    expect(Object.keys(answer.body).toSorted()).toEqual(['id', 'permissions', 'user']);
    expect(set).toMatch(
      /^__Host-portico=ses_\w{20}\.[\w-]{65}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/,
    );
  });

  it('counts from a page of this service only', async () => {
    const { cookie, name } = await browser();
    const own = [OWN_PAGE, { ...OWN_PAGE, origin: ORIGIN }, { origin: ORIGIN }];
    for (const headers of own)
      expect(await ask(cookie, headers)).toMatchObject({ status: 200, body: { user: { name } } });
    const others: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-site', origin: ORIGIN },
      { ...OWN_PAGE, origin: 'null' },
      { origin: 'https://portico.test:8443' },
      { origin: 'https://other.test' },
    ];
    for (const headers of others)
      expect([headers, await ask(cookie, headers)]).toMatchObject([
        headers,
        { status: 401, body: { code: 'auth_required' } },
      ]);
  });

  it('is ignored beside a bearer token, also a wrong one', async () => {
    const { cookie } = await browser();
    const other = unique('bearer');
    await createUser(other);
    const { accessToken } = await signIn(other);
    const asOther = await ask(cookie, { ...OWN_PAGE, authorization: `Bearer ${accessToken}` });
    expect(asOther).toMatchObject({ status: 200, body: { user: { name: other } } });
    expect((await ask(cookie, { ...OWN_PAGE, authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('is read from among other cookies, and refused when it is there twice, changed, or another secret', async () => {
    const { cookie } = await browser();
    expect((await ask(`a=1; ${cookie}; __Host-portico2=x`)).status).toBe(200);
    const { refreshToken } = await signIn((await browser()).name);
    const wrong = [
      `${cookie}; ${cookie}`,
      `${cookie}x`,
      cookie.replace('__Host-portico', 'portico-443'),
      `__Host-portico=${refreshToken}`,
      '__Host-portico=',
      `a=${'x'.repeat(20_000)}; ${cookie}`,
    ];
    for (const one of wrong) expect([one, (await ask(one)).status]).toEqual([one, 401]);
  });

  it('may do what the roles of its user permit', async () => {
    const { cookie } = await browser(['viewer']);
    const create = () => callAdmin('POST', '/keys', { body: { alias: unique('k') }, headers: { cookie, ...OWN_PAGE } });
    expect(await create()).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const asDeveloper = await browser();
    const made = await callAdmin('POST', '/keys', {
      body: { alias: unique('k') },
      headers: { cookie: asDeveloper.cookie, ...OWN_PAGE },
    });
    expect(made.status).toBe(201);
  });

  it('ends at sign-out, which deletes the cookie', async () => {
    const { cookie } = await browser();
    const out = await ask(cookie, OWN_PAGE, 'DELETE');
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-portico=; Path=\/; Max-Age=0; /);
    expect(await ask(cookie)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
  });

  it('ends when its user is deactivated, and with its time', async () => {
    const { cookie, user } = await browser();
    await createStore(env).users.update(user.id, 1, { active: false, updatedAt: Date.now() }).run();
    expect((await ask(cookie)).status).toBe(401);
    const other = await browser();
    await env.DB.prepare('update sessions set expires_at = ? where user_id = ?').bind(Date.now(), other.user.id).run();
    expect((await ask(other.cookie)).status).toBe(401);
  });

  it('refuses a wrong password as signing in does, and a page of another site', async () => {
    const { name } = await browser();
    const wrong = await post({ name, password: 'wrong' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    expect(wrong.headers.get('set-cookie')).toBeNull();
    const foreign = await post({ name, password: USER_PASSWORD }, { 'sec-fetch-site': 'same-site' });
    expect(foreign).toMatchObject({ status: 403, body: { code: 'foreign_origin' } });
  });
});

describe('a sign-in code', () => {
  it('signs one browser in, once', async () => {
    const name = unique('coded');
    await createUser(name);
    const code = (await makeSignInCode(testContext(), name))!;
    const answers = await Promise.all([post({ code }), post({ code })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    const set = answers.find(({ status }) => status === 200)!.headers.get('set-cookie')!;
    expect(await ask(set.slice(0, set.indexOf(';')))).toMatchObject({ status: 200, body: { user: { name } } });
    expect(await post({ code })).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    expect((await ask(`__Host-portico=${code}`)).status).toBe(401);
  });

  it('expires after ten minutes, and is for active users only', async () => {
    const name = unique('late');
    const user = await createUser(name);
    const ctx = testContext();
    const code = (await makeSignInCode({ ...ctx, now: () => Date.now() - 10 * 60_000 }, name))!;
    expect(await post({ code })).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    await createStore(env).users.update(user.id, 1, { active: false, updatedAt: Date.now() }).run();
    expect(await makeSignInCode(ctx, name)).toBeNull();
    expect(await makeSignInCode(ctx, unique('unknown'))).toBeNull();
  });

  it.each(['x', 'ses_00000000000000000000.x'])('%j is refused', async (code) => {
    expect(await post({ code })).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
  });
});

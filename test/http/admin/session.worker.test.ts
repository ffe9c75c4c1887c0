import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callAdmin } from '../../support/admin-api';
import { badTokens, goodToken } from '../../support/bad-tokens';
import { clearOfWindowEnd } from '../../support/rate-window';
import {
  ADMIN_NAME,
  ADMIN_PASSWORD,
  adminToken,
  createUser,
  freshAddress,
  signIn,
  USER_PASSWORD,
} from '../../support/sign-in';

const problem = (status: number, code: string) => ({
  status,
  body: { status, code, requestId: expect.stringMatching(/^req_/) },
});

describe('/admin/session', () => {
  it('signs in, returns the user, refreshes and signs out', async () => {
    await createUser('walker', ['developer']);
    const first = await signIn('walker');
    const me = await callAdmin('GET', '/session', { token: first.accessToken });
    expect(me).toMatchObject({ status: 200, body: { user: { name: 'walker' } } });
    expect(me.body.permissions).toEqual(expect.arrayContaining(['handler.write', 'session.own']));

    const refreshed = await callAdmin('POST', '/session/refresh', { body: { refreshToken: first.refreshToken } });
    expect(refreshed).toMatchObject({ status: 200, body: { expiresIn: 900, user: { name: 'walker' } } });
    const token = refreshed.body.accessToken as string;
    expect((await callAdmin('DELETE', '/session', { token })).status).toBe(204);
    expect(await callAdmin('GET', '/session', { token })).toMatchObject(problem(401, 'invalid_token'));
    const late = await callAdmin('POST', '/session/refresh', { body: { refreshToken: refreshed.body.refreshToken } });
    expect(late).toMatchObject(problem(401, 'invalid_token'));
  });

  it('lists the sessions of the user, ends one, and all others', async () => {
    const user = await createUser('lister', []);
    const [here, there, elsewhere] = [await signIn('lister'), await signIn('lister'), await signIn('lister')];
    const other = await adminToken();
    const list = async (token: string) =>
      (await callAdmin('GET', '/sessions', { token })).body.items as { id: string; current: boolean }[];
    const sessions = await list(here.accessToken);
    expect(sessions).toHaveLength(3);
    expect(sessions.map(({ current }) => current).toSorted()).toEqual([false, false, true]);
    expect(sessions[0]).toMatchObject({ holder: 'program', address: expect.any(String) });
    const isOver = async (token: string) => (await callAdmin('GET', '/session', { token })).status === 401;

    const theirs = (await list(there.accessToken)).find(({ current }) => current)!;
    expect(await callAdmin('DELETE', `/sessions/${theirs.id}`, { token: other })).toMatchObject(
      problem(404, 'not_found'),
    );
    expect((await callAdmin('DELETE', `/sessions/${theirs.id}`, { token: here.accessToken })).status).toBe(204);
    expect(await isOver(there.accessToken)).toBe(true);
    expect(await callAdmin('DELETE', `/sessions/${theirs.id}`, { token: here.accessToken })).toMatchObject(
      problem(404, 'not_found'),
    );
    for (const _ of [1, 2])
      expect((await callAdmin('DELETE', '/sessions', { token: here.accessToken })).status).toBe(204);
    expect([await isOver(elsewhere.accessToken), await isOver(here.accessToken), await isOver(other)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(user).toBeDefined();
  });

  it('answers a wrong password and an unknown name with the same bytes', async () => {
    await createUser('same', []);
    const refuse = async (name: string) => {
      const { status, body, headers } = await callAdmin('POST', '/session', {
        body: { name, password: 'not the password' },
        headers: { 'cf-connecting-ip': freshAddress() },
      });
      return { status, body: { ...body, requestId: '' }, challenge: headers.get('www-authenticate') };
    };
    const refusal = await refuse('same');
    expect(refusal).toMatchObject({
      status: 401,
      body: { code: 'invalid_credentials' },
      challenge: expect.stringMatching(/^Bearer/),
    });
    expect(await refuse('nobody')).toEqual(refusal);
  });

  it('limits attempts per account and address', { timeout: 60_000 }, async () => {
    await clearOfWindowEnd(900);
    await createUser('victim', []);
    const attempt = (address: string, password: string) =>
      callAdmin('POST', '/session', { body: { name: 'victim', password }, headers: { 'cf-connecting-ip': address } });
    for (let i = 0; i < 10; i++) expect((await attempt('203.0.113.66', 'wrong')).status).toBe(401);
    const limited = await attempt('203.0.113.66', USER_PASSWORD);
    expect(limited).toMatchObject(problem(429, 'rate_limited'));
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await attempt('203.0.113.67', USER_PASSWORD)).status).toBe(200);
  });

  it('changes the own password', async () => {
    await createUser('changer', []);
    const { accessToken } = await signIn('changer');
    const other = await signIn('changer');
    const newPassword = 'a third password of tests';
    const patch = (body: object) => callAdmin('PATCH', '/session', { token: accessToken, body });
    expect(await patch({ password: USER_PASSWORD, newPassword: 'short' })).toMatchObject(problem(422, 'weak_password'));
    expect(await patch({ password: 'not it', newPassword })).toMatchObject(problem(422, 'invalid_input'));
    expect((await patch({ password: USER_PASSWORD, newPassword })).status).toBe(204);
    expect((await callAdmin('GET', '/session', { token: accessToken })).status).toBe(200);
    expect((await callAdmin('GET', '/session', { token: other.accessToken })).status).toBe(401);
    expect((await signIn('changer', newPassword)).expiresIn).toBe(900);
  });

  it('stops on the next request when its user is deactivated', async () => {
    const { id } = await createUser('leaver', ['admin']);
    const { accessToken, refreshToken } = await signIn('leaver');
    expect((await callAdmin('GET', '/users', { token: accessToken })).status).toBe(200);
    await callAdmin('PATCH', `/users/${id}`, { token: await adminToken(), body: { active: false } });
    expect((await callAdmin('GET', '/users', { token: accessToken })).status).toBe(401);
    expect((await callAdmin('POST', '/session/refresh', { body: { refreshToken } })).status).toBe(401);
  });

  it('has the current roles of its user', async () => {
    const { id } = await createUser('riser', []);
    const { accessToken } = await signIn('riser');
    expect(await callAdmin('GET', '/users', { token: accessToken })).toMatchObject(problem(403, 'forbidden'));
    await callAdmin('PATCH', `/users/${id}`, { token: await adminToken(), body: { roles: ['viewer'] } });
    expect((await callAdmin('GET', '/users', { token: accessToken })).status).toBe(200);
  });

  it.each([[{}], [{ refreshToken: 1 }], [{ refreshToken: 'x', more: 1 }]])(
    'refuses to refresh with %j',
    async (body) => {
      expect((await callAdmin('POST', '/session/refresh', { body })).status).toBe(422);
    },
  );

  it.each(['', 'x', 'ses_00000000000000000000.', 'é'])('refuses the refresh token %j', async (refreshToken) => {
    expect(await callAdmin('POST', '/session/refresh', { body: { refreshToken } })).toMatchObject(
      problem(401, 'invalid_token'),
    );
  });
});

describe('a token that is not good', async () => {
  /** Claims of somebody who is really signed in, so that a row of the table is refused for what it says and nothing else. */
  const signedIn = await (async () => {
    await adminToken();
    return signIn(ADMIN_NAME, ADMIN_PASSWORD);
  })();
  const claims = { sub: signedIn.user.id, sid: signedIn.refreshToken.split('.')[0]! };

  it('is accepted without its defect', async () => {
    const { status } = await callAdmin('GET', '/users', { token: goodToken(env.AUTH_SECRET, 'admin', claims) });
    expect(status).toBe(200);
  });

  it.each(badTokens(env.AUTH_SECRET, 'admin', claims))('is refused: $name', async ({ authorization }) => {
    const before = await env.DB.prepare('select count(*) as n from roles').first();
    const answer = await callAdmin('POST', '/roles', { body: { name: 'never-made' }, headers: { authorization } });
    expect(answer).toMatchObject(problem(401, 'invalid_token'));
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    // Nothing of the token comes back, and nothing was done.
    expect(answer.text).not.toContain(authorization.slice(-24));
    expect(await env.DB.prepare('select count(*) as n from roles').first()).toEqual(before);
  });

  it.each(['refreshToken', 'endpointToken'] as const)(
    'is refused: the %s in place of the access token',
    async (field) => {
      expect(await callAdmin('GET', '/users', { token: signedIn[field] })).toMatchObject(problem(401, 'invalid_token'));
    },
  );

  it('is refused at the admin API when it is for endpoints', async () => {
    const made = await callAdmin('POST', '/tokens', {
      token: await adminToken(),
      body: { name: 'caller', roles: ['admin'] },
    });
    expect(await callAdmin('GET', '/users', { token: made.body.token as string })).toMatchObject(
      problem(401, 'invalid_token'),
    );
  });
});

describe('/admin/run-views', () => {
  const failed = { name: 'Failed', query: 'outcome=failed&since=-24h' };

  it('keeps the views of a user, whom another device does not overwrite, and shows them to no one else', async () => {
    await createUser('pinner', ['viewer']);
    await createUser('other-pinner', ['viewer']);
    const [token, other] = [(await signIn('pinner')).accessToken, (await signIn('other-pinner')).accessToken];
    expect((await callAdmin('GET', '/run-views', { token })).body).toEqual({ items: [], revision: 0 });
    const put = (items: object[], follows: number) =>
      callAdmin('PUT', '/run-views', { token, body: { items, follows } });
    expect(await put([failed], 0)).toMatchObject({ status: 200, body: { items: [failed], revision: 1 } });
    expect(await put([], 0)).toMatchObject(problem(412, 'stale_revision'));
    const slow = { name: 'Slow', query: 'minMs=1000&q=%C3%A4' };
    expect((await put([slow, { ...failed, name: ' Failed today ' }], 1)).body.revision).toBe(2);
    expect(await put([], 1)).toMatchObject(problem(412, 'stale_revision'));
    expect((await callAdmin('GET', '/run-views', { token })).body.items).toEqual([
      slow,
      { ...failed, name: 'Failed today' },
    ]);
    expect((await callAdmin('GET', '/run-views', { token: other })).body.items).toEqual([]);
  });

  it.each([
    ['21 views', Array.from({ length: 21 }, (_, index) => ({ ...failed, name: `${index}` })), '#/items'],
    ['two of a name', [failed, failed], '#/items/1/name'],
    ['no name', [{ ...failed, name: ' ' }], '#/items/0/name'],
    ['a name of 61 characters', [{ ...failed, name: 'n'.repeat(61) }], '#/items/0/name'],
    ['a query with a space', [{ ...failed, query: 'q=a b' }], '#/items/0/query'],
    ['a query of 2,001 characters', [{ ...failed, query: 'q'.repeat(2001) }], '#/items/0/query'],
  ])('refuses %s', async (_what, items, pointer) => {
    const { status, body } = await callAdmin('PUT', '/run-views', {
      token: await adminToken(),
      body: { items, follows: 0 },
    });
    expect([status, (body.errors as { pointer: string }[])[0]!.pointer]).toEqual([422, pointer]);
  });

  it('needs a session: a personal token that may read runs is refused', async () => {
    const made = await callAdmin('POST', '/personal-tokens', {
      token: await adminToken(),
      body: { name: 'reader', scopes: ['runs'] },
    });
    const body = { items: [], follows: 0 };
    for (const [token, refusal] of [
      [made.body.token as string, problem(403, 'forbidden')],
      [undefined, problem(401, 'auth_required')],
    ] as const) {
      const given = token === undefined ? {} : { token };
      expect(await callAdmin('GET', '/run-views', given)).toMatchObject(refusal);
      expect(await callAdmin('PUT', '/run-views', { ...given, body })).toMatchObject(refusal);
    }
  });
});

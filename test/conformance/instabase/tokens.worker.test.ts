import { describe, expect, test } from 'vitest';
import { instabaseRoutes } from '../../../src/http/instabase/endpoints.routes';
import { callAdmin } from '../../support/admin-api';
import { instabase, makeToken, saveScript, setUpInstabase, wrong } from '../../support/instabase';
import { unique } from '../../support/publish';
import { adminToken, createUser, signIn } from '../../support/sign-in';

/* Rights of tokens over the API of Instabase. Numbers are those of docs/compat/instabase.md. */

const { ECHO, token, caller, make } = await setUpInstabase();

describe('I1: management below /api/v1/http-endpoint, triggers below /u/, a Bearer token on both', () => {
  const { id, path } = { id: 'i1', path: 'i1' };

  test('a request without a token is refused', async () => {
    const body = { path, handler_script_path: ECHO };
    for (const route of instabaseRoutes) {
      const [method, to] = [
        route.method === 'all' ? 'POST' : route.method.toUpperCase(),
        route.path.replace(':id', id),
      ];
      const sent = method === 'GET' ? {} : { body };
      expect(await instabase(method, to, sent), `${method} ${to}`).toMatchObject(wrong(401, 'auth_required'));
      expect(await instabase(method, to, { ...sent, token: 'abc' })).toMatchObject(wrong(401, 'invalid_token'));
    }
    expect(await instabase('GET', `/${id}`, { token })).toMatchObject(wrong(404, 'not_found'));
    const trigger = await instabase('GET', `/u/${(await make()).path}`);
    expect(trigger).toMatchObject(wrong(401, 'auth_required'));
    expect(trigger.headers.get('www-authenticate')).toBe('Bearer realm="portico"');
  });

  test('a named token opens management and triggers; an access token of the admin API opens management only', async () => {
    const made = await make();
    expect(await instabase('POST', `/u/${made.path}`, { token, body: 'x' })).toMatchObject({
      status: 200,
      text: 'POST x',
    });
    const access = await adminToken();
    expect((await instabase('GET', `/${made.id}`, { token: access })).status).toBe(200);
    expect(await instabase('GET', `/u/${made.path}`, { token: access })).toMatchObject(wrong(401, 'invalid_token'));
  });

  test('a token does what its roles permit, and the native admin API takes none', async () => {
    const { id: made } = await make();
    const as = async (...roles: string[]) => (await makeToken(roles)).token;
    const statuses = async (bearer: string) => [
      (await instabase('GET', `/${made}`, { token: bearer })).status,
      (await instabase('PATCH', `/${made}`, { token: bearer, body: { enabled: true } })).status,
      (await instabase('PATCH', `/${made}`, { token: bearer, body: { path: unique('p') } })).status,
    ];
    expect(await statuses(await as())).toEqual([403, 403, 403]);
    expect(await statuses(await as('viewer'))).toEqual([200, 403, 403]);
    expect(await statuses(await as('operator'))).toEqual([200, 200, 403]);
    expect(await statuses(await as('developer'))).toEqual([200, 200, 200]);
    expect((await callAdmin('GET', '/endpoints', { token: await as('admin') })).status).toBe(401);
  });

  test('the token that a signed-in user sends to endpoints manages nothing', async () => {
    await createUser('instabase-admin', ['admin']);
    const { endpointToken } = await signIn('instabase-admin');
    expect(await instabase('GET', '/list', { token: endpointToken })).toMatchObject(wrong(401, 'invalid_token'));
    expect((await instabase('GET', `/u/${(await make()).path}`, { token: endpointToken })).status).toBe(200);
  });

  test('a token acts for the admin who made it, and no further than they still may', async () => {
    const user = await createUser('token-maker', ['admin']);
    const { accessToken } = await signIn('token-maker');
    const body = { name: unique('token'), roles: ['developer'] };
    const made = (await callAdmin('POST', '/tokens', { token: accessToken, body })).body;
    const bearer = String(made.token);
    const created = { path: unique('p'), handler_script_path: ECHO };
    const idMade = unique('id');
    expect((await instabase('PUT', `/${idMade}`, { token: bearer, body: created })).status).toBe(201);
    const admin = { token: await adminToken() };
    expect((await callAdmin('GET', `/endpoints/${idMade}`, admin)).body).toMatchObject({
      executor: made.executor,
      createdBy: user.id,
    });
    expect(made.executor).not.toBe(user.id);
    expect((await callAdmin('GET', `/users/${String(made.executor)}`, admin)).body).toMatchObject({
      name: made.id,
      roles: ['developer'],
    });
    const audit = await callAdmin('GET', `/audit?object=endpoint&objectId=${idMade}`, admin);
    expect(audit.body.items).toMatchObject([
      { actor: { kind: 'token', id: expect.stringMatching(/^tok_/) as unknown } },
    ]);

    const change = (fields: object) => callAdmin('PATCH', `/users/${user.id}`, { ...admin, body: fields });
    const status = async () => (await instabase('GET', '/list', { token: bearer })).status;
    expect(await status()).toBe(200);
    await change({ roles: ['operator'] });
    expect(await status()).toBe(403);
    await change({ roles: ['developer'], active: false });
    expect(await status()).toBe(401);
  });

  test('an expired or revoked token opens nothing', async () => {
    const { id: tokenId, token: bearer } = await makeToken(['developer']);
    const admin = { token: await adminToken() };
    const status = async () => (await instabase('GET', '/list', { token: bearer })).status;
    await callAdmin('PATCH', `/tokens/${tokenId}`, { ...admin, body: { expiresAt: '2020-01-01T00:00:00Z' } });
    expect(await status()).toBe(401);
    await callAdmin('PATCH', `/tokens/${tokenId}`, { ...admin, body: { expiresAt: null } });
    expect(await status()).toBe(200);
    await callAdmin('DELETE', `/tokens/${tokenId}`, admin);
    expect(await status()).toBe(401);
  });
});

describe('an endpoint made with a token has no more rights than the token', () => {
  const WHO =
    'export function handler(request, ctx) { return new Response(JSON.stringify(ctx.executor), { headers: { "content-type": "application/json" } }) }';
  const admin = async () => ({ token: await adminToken() });
  const make = async (body: object) =>
    (await callAdmin('POST', '/tokens', { ...(await admin()), body })).body as Record<string, string>;
  const put = async (bearer: string) => {
    const path = unique('who');
    const script = await saveScript(`${path}.js`, WHO);
    const id = unique('id');
    const made = await instabase('PUT', `/${id}`, { token: bearer, body: { path, handler_script_path: script } });
    return { id, path, made };
  };

  test('runs as a user with the roles of the token, who outlives the token', async () => {
    const token = await make({ name: unique('ci'), roles: ['developer'] });
    const { path, made } = await put(token.token!);
    expect(made.status).toBe(201);
    const run = async () => (await instabase('POST', `/u/${path}`, { token: caller })).body;
    expect(await run()).toEqual({ id: token.executor, name: token.id, roles: ['developer'] });
    expect((await callAdmin('DELETE', `/tokens/${token.id}`, await admin())).status).toBe(204);
    expect(await run()).toMatchObject({ id: token.executor });
    // No password signs in as that user.
    const login = { body: { name: token.id, password: 'none:token' } };
    expect((await callAdmin('POST', '/session', login)).status).toBe(401);
  });

  test('runs as the user that the token names, by name or id, if that user has no other roles', async () => {
    const weak = await createUser(unique('weak'), []);
    const strong = await createUser(unique('strong'), ['developer', 'operator']);
    const token = await make({ name: unique('ci'), roles: ['developer'], executor: weak.name });
    const { path, made } = await put(token.token!);
    expect([made.status, token.executor]).toEqual([201, weak.id]);
    expect((await instabase('POST', `/u/${path}`, { token: caller })).body).toMatchObject({ id: weak.id, roles: [] });
    const body = { name: 'x', roles: ['developer'], executor: strong.id };
    expect(await callAdmin('POST', '/tokens', { ...(await admin()), body })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/executor', code: 'exceeds_roles' }] },
    });
    const nobody = { body: { ...body, executor: 'nobody-at-all' } };
    expect((await callAdmin('POST', '/tokens', { ...(await admin()), ...nobody })).body).toMatchObject({
      errors: [{ pointer: '#/executor', code: 'not_found' }],
    });
  });

  test('an admin’s token makes endpoints of that admin; one whose executor came to more rights makes none', async () => {
    const { path, made } = await put((await make({ name: unique('ci'), roles: ['admin'] })).token!);
    expect(made.status).toBe(201);
    expect((await instabase('POST', `/u/${path}`, { token: caller })).body).toMatchObject({ roles: ['admin'] });
    const riser = await createUser(unique('riser'), []);
    const token = await make({ name: unique('ci'), roles: ['developer'], executor: riser.id });
    const first = await put(token.token!);
    await callAdmin('PATCH', `/users/${riser.id}`, { ...(await admin()), body: { roles: ['operator'] } });
    const refused = await put(token.token!);
    expect([refused.made.status, refused.made.body.code]).toEqual([403, 'forbidden']);
    expect(refused.made.body.msg).toContain(`PATCH /admin/tokens/${token.id}`);
    // Nor does it steer what is there already, beyond switching it off.
    const patch = (body: object) => instabase('PATCH', `/${first.id}`, { token: token.token!, body });
    expect((await patch({ handler_script_path: ECHO })).status).toBe(403);
    expect((await patch({ enabled: false })).status).toBe(200);
    await callAdmin('PATCH', `/tokens/${token.id}`, { ...(await admin()), body: { roles: ['developer', 'operator'] } });
    expect((await patch({ handler_script_path: ECHO })).status).toBe(200);
  });

  test('a token links nothing to an endpoint that an admin runs', async () => {
    const script = await saveScript(`${unique('mine')}.js`, WHO);
    const path = unique('boss');
    const made = await callAdmin('POST', '/endpoints', {
      ...(await admin()),
      body: { path, handler: { path: script } },
    });
    const { token } = await make({ name: unique('ci'), roles: ['developer'] });
    const patch = (body: object) => instabase('PATCH', `/${String(made.body.id)}`, { token: token!, body });
    expect(await patch({ handler_script_path: ECHO })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await patch({ enabled: false })).status).toBe(200);
  });
});

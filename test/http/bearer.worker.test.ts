import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { callAdmin } from '../support/admin-api';
import { badTokens, goodToken } from '../support/bad-tokens';
import { call, publish } from '../support/publish';
import { adminToken, createUser, signIn } from '../support/sign-in';

/** Counts its calls, so that a refused one can be seen not to have run. */
const COUNTER = 'let calls = 0; export default () => ++calls;';
const token = await adminToken();
const { user, endpointToken, accessToken, refreshToken } = await (async () => {
  await createUser('caller', ['viewer']);
  return signIn('caller');
})();
const claims = { sub: user.id, sid: refreshToken.split('.')[0]! };

let path = '';
beforeAll(async () => {
  const { endpoint } = await publish(COUNTER, { instance: 'shared', access: { level: 'authenticated' } });
  path = `/u/${endpoint.path}`;
});
const send = (authorization: string, to: string = path) => call(to, { method: 'POST', headers: { authorization } });

describe('an endpoint of level authenticated', () => {
  it.each(badTokens(env.AUTH_SECRET, 'endpoint', claims))('refuses: $name', async ({ authorization }) => {
    const response = await send(authorization);
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'invalid_token' }]);
  });

  it('refuses the access token of the admin API', async () => {
    expect((await send(`Bearer ${accessToken}`)).status).toBe(401);
  });

  it('has run for none of them, and runs for a token that is good', async () => {
    const good = goodToken(env.AUTH_SECRET, 'endpoint', claims);
    expect(await (await send(`Bearer ${good}`)).json()).toBe(1);
    expect(await (await send(`Bearer ${endpointToken}`)).json()).toBe(2);
    expect(await (await send(`JWT ${endpointToken}`)).json()).toBe(3);
  });

  it('takes the token of a caller until it expires or is revoked', async () => {
    const made = await callAdmin('POST', '/tokens', { token, body: { name: 'machine' } });
    const status = async () => (await send(`Bearer ${String(made.body.token)}`)).status;
    const change = (expiresAt: string | null) =>
      callAdmin('PATCH', `/tokens/${String(made.body.id)}`, { token, body: { expiresAt } });
    expect(await status()).toBe(200);
    await change('2020-01-01T00:00:00Z');
    expect(await status()).toBe(401);
    await change(null);
    expect(await status()).toBe(200);
    await callAdmin('DELETE', `/tokens/${String(made.body.id)}`, { token });
    expect(await status()).toBe(401);
  });

  it('asks for roles that can be given and taken', async () => {
    await callAdmin('POST', '/roles', { token, body: { name: 'billing' } });
    const { endpoint } = await publish(COUNTER, { access: { level: 'authenticated', roles: { names: ['billing'] } } });
    const status = async () => (await send(`Bearer ${endpointToken}`, `/u/${endpoint.path}`)).status;
    const give = (roles: string[]) => callAdmin('PATCH', `/users/${user.id}`, { token, body: { roles } });
    expect(await status()).toBe(403);
    await give(['billing']);
    expect(await status()).toBe(200);
    expect((await callAdmin('DELETE', '/roles/billing', { token })).status).toBe(409);
    await give([]);
    expect(await status()).toBe(403);
  });

  it('closes to a user who signs out', async () => {
    const mine = await signIn('caller');
    expect((await send(`Bearer ${mine.endpointToken}`)).status).toBe(200);
    expect((await callAdmin('DELETE', '/session', { token: mine.accessToken })).status).toBe(204);
    expect((await send(`Bearer ${mine.endpointToken}`)).status).toBe(401);
  });
});

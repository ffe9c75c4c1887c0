import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { generateKey } from '../../src/core/identity/keys/key-value.rules';
import { explainCredential } from '../../src/core/identity/tokens/explain-credential';
import { signJwt } from '../../src/core/identity/tokens/jwt';
import { PLYNX_PLACE } from '../../src/plynx/http/wire';
import { makeToken } from '../support/instabase';
import { basic } from '../support/plynx';
import { call, ensureAdmin, makeKey, publish } from '../support/publish';
import { createUser, signIn } from '../support/sign-in';

/** Good credentials of every kind. */
const good: Record<string, string> = {};
let path: string;
beforeAll(async () => {
  await ensureAdmin();
  await createUser('misplacer', ['developer']);
  const { accessToken, endpointToken, refreshToken } = await signIn('misplacer');
  const plynx = await call('/plynx/api/v0/token', {
    headers: { authorization: basic('misplacer', 'another password of tests') },
  });
  const { access_token } = (await plynx.json()) as { access_token: string };
  Object.assign(good, { accessToken, endpointToken, refreshToken, graphToken: access_token });
  good.namedToken = (await makeToken(['developer'])).token;
  good.apiKey = (await makeKey()).key!;
  path = `/u/${(await publish('export default () => 1', { access: { level: 'authenticated' } })).endpoint.path}`;
});

type Send = (value: string) => Promise<Response>;
const bearer =
  (method: string, to: () => string): Send =>
  (value) =>
    call(to(), { method, headers: { authorization: `Bearer ${value}` } });
const PLACES: Record<string, Send> = {
  'an endpoint': bearer('POST', () => path),
  'a trigger of Instabase': bearer('POST', () => `/api/v1/http-endpoint${path}`),
  'the admin API': bearer('GET', () => '/admin/handlers'),
  'management of Instabase': bearer('GET', () => '/api/v1/http-endpoint/list'),
  PLynx: (value) => call('/plynx/api/v0/graphs', { headers: { authorization: basic(value) } }),
};
/** Names that each place has for credentials of the others; its own are accepted. */
const TOLD: Record<string, Record<string, RegExp | 200>> = {
  'an endpoint': {
    accessToken: /access token of the admin API.*endpointToken/s,
    endpointToken: 200,
    namedToken: 200,
    graphToken: /token of PLynx's API.*endpointToken/s,
    refreshToken: /refresh token.*POST \/admin\/session\/refresh.*endpointToken/s,
    apiKey: /API key.*x-api-key/s,
  },
  'the admin API': {
    accessToken: 200,
    endpointToken: /endpoint token.*accessToken/s,
    namedToken: /named token.*accessToken/s,
    graphToken: /token of PLynx's API.*accessToken/s,
    refreshToken: /refresh token.*POST \/admin\/session\/refresh/s,
    apiKey: /API key.*published endpoint.*accessToken/s,
  },
  'management of Instabase': {
    accessToken: 200,
    endpointToken: /endpoint token.*named token/s,
    namedToken: 200,
    graphToken: /token of PLynx's API.*named token/s,
    refreshToken: /refresh token/s,
    apiKey: /API key.*named token/s,
  },
  PLynx: {
    accessToken: /Could not verify.*access token of the admin API.*HTTP Basic/s,
    endpointToken: /Could not verify.*endpoint token.*HTTP Basic/s,
    namedToken: /Could not verify.*named token.*HTTP Basic/s,
    graphToken: 200,
    refreshToken: /Could not verify.*refresh token.*HTTP Basic/s,
    apiKey: /Could not verify.*API key.*HTTP Basic/s,
  },
};
TOLD['a trigger of Instabase'] = TOLD['an endpoint']!;

describe.each(Object.keys(PLACES))('at %s', (place) => {
  test.each(['accessToken', 'endpointToken', 'namedToken', 'graphToken', 'refreshToken', 'apiKey'])(
    '%s',
    async (kind) => {
      const response = await PLACES[place]!(good[kind]!);
      const expected = TOLD[place]![kind]!;
      const text = await response.text();
      if (expected === 200) return expect(response.status).toBe(200);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, expect.any(String)]);
      expect(text).toMatch(expected);
      expect(text).not.toContain(good[kind]!);
    },
  );

  test('a forged or unknown token gets no hint', async () => {
    const other = new TextEncoder().encode('another-secret-of-at-least-32-bytes!');
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: 'usr_1', sid: 'ses_1', jti: 'j', iat: now, exp: now + 60 };
    const forged = await Promise.all(
      (['admin', 'endpoint', 'graphs'] as const).map((audience) => signJwt(other, audience, claims)),
    );
    const refresh = `ses_00000000000000000000.${'a'.repeat(65)}`;
    const texts = await Promise.all(
      [...forged, refresh, 'a.b.c', 'x'].map(async (value) =>
        (await (await PLACES[place]!(value)).text()).replace(/req_\w+|run_\w+/g, ''),
      ),
    );
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toMatch(/This is|looks like|token has expired/);
    // The answer does not show whether a key exists.
    const [known, unknown] = await Promise.all(
      [good.apiKey!, generateKey()].map(async (key) =>
        (await (await PLACES[place]!(key)).text()).replace(/req_\w+|run_\w+/g, ''),
      ),
    );
    expect(known).toBe(unknown);
  });
});

describe('headers that are nearly right', () => {
  const textOf = async (to: string, headers: Record<string, string>) => (await call(to, { headers, method: to.startsWith('/u/') ? 'POST' : 'GET' })).text();
  test.each([
    ['an endpoint', () => path, 'endpointToken'],
    ['the admin API', () => '/admin/handlers', 'accessToken'],
    ['management of Instabase', () => '/api/v1/http-endpoint/list', 'namedToken'],
  ])('a token without its scheme, or under another, at %s', async (_place, to, kind) => {
    for (const scheme of ['', 'Token ', 'token ', 'ApiKey ', 'Basic ', 'OAuth '])
      expect(await textOf(to(), { authorization: scheme + good[kind]! }), scheme).toContain('Authorization: Bearer <token>');
    // Nothing about a token that is not ours, whatever its scheme.
    const other = await textOf(to(), { authorization: `Token ${good[kind]!.slice(0, -6)}AAAAAA` });
    expect(other).not.toContain('Bearer <token>');
  });

  // Over HTTP such a request is the user without a password, as in PLynx; this is for a service that has none.
  test('a token without Basic, at PLynx', async () => {
    const ctx = { settings: { authSecret: new TextEncoder().encode(env.AUTH_SECRET) }, now: Date.now };
    for (const scheme of ['', 'Bearer ', 'JWT '])
      expect(await explainCredential(ctx, PLYNX_PLACE, { authorization: `${scheme}${good.graphToken}` })).toContain('takes HTTP Basic');
  });

  test('no token, and an unknown one, at the API of Instabase', async () => {
    for (const headers of [{}, { authorization: 'Bearer xyz' }])
      expect(await textOf('/api/v1/http-endpoint/list', headers)).toContain('named token of POST /admin/tokens');
  });

  test('Basic where Bearer is meant', async () => {
    for (const to of [path, '/admin/handlers', '/api/v1/http-endpoint/list'])
      expect(await textOf(to, { authorization: basic('misplacer', 'x') }), to).toContain('HTTP Basic is not supported here');
  });

  test('a key at the admin API, and a token as a key', async () => {
    expect(await textOf('/admin/handlers', { 'x-api-key': good.apiKey! })).toMatch(/API keys are valid for published endpoints.*accessToken/);
    expect(await textOf('/api/v1/http-endpoint/list', { 'x-api-key': good.apiKey! })).toMatch(/API keys are valid for published endpoints/);
    const { endpoint } = await publish('export default () => 1', { access: { level: 'key', keys: [(await makeKey()).id] } });
    expect(await textOf(`/u/${endpoint.path}`, { 'x-api-key': good.endpointToken! })).toContain('send it as Authorization: Bearer <token>');
    // A bearer where only keys are taken: what is needed is said already.
    expect(await textOf(`/u/${endpoint.path}`, { authorization: `Bearer ${good.apiKey}` })).toContain('an API key, as x-api-key');
  });

  test('a token that has expired', async () => {
    const secret = new TextEncoder().encode(env.AUTH_SECRET);
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: 'usr_1', sid: 'ses_1', jti: 'j', iat: now - 900, exp: now - 1 };
    const expired = async (audience: 'admin' | 'endpoint') => `Bearer ${await signJwt(secret, audience, claims)}`;
    expect(await textOf('/admin/handlers', { authorization: await expired('admin') })).toContain('The token has expired');
    expect(await textOf(path, { authorization: await expired('endpoint') })).toContain('The token has expired');
    expect(await textOf(path, { authorization: await expired('admin') })).toContain('access token of the admin API');
  });
}); // oxfmt-ignore

import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { explainAccess } from '../../../src/core/gateway/test/explain-access';
import { ExplainAccessInput } from '../../../src/core/gateway/test/explain-access.schema';
import { keysAt } from '../../../src/core/identity/issuers/key-sets';
import { createRole } from '../../../src/core/identity/roles/create-role';
import { deleteRole } from '../../../src/core/identity/roles/delete-role';
import { listEndpoints } from '../../../src/core/publishing/endpoints/get-endpoint';
import { listIssuers } from '../../../src/core/publishing/endpoints/list-issuers';
import { testContext } from '../../support/context';
import { call, ensureAdmin, publish, runOf, unique, type EndpointOptions } from '../../support/publish';

type Access = NonNullable<EndpointOptions['access']>;
const ISSUER = 'https://tenant.portico-upstream.dev/';
const role = unique('buyer').replaceAll('-', '_');
/** Keys of the issuer: one for RSA, one for elliptic curves, and one that it does not publish. */
let rsa: CryptoKeyPair, ec: CryptoKeyPair, other: CryptoKeyPair, keys: { keys: object[] };
const keyUrl = (value: object) =>
  `https://keys.portico-upstream.dev/json?value=${encodeURIComponent(JSON.stringify(value))}`;
const issuerOf = (input: object = {}) =>
  ({ name: 'tenant', issuer: ISSUER, jwksUrl: keyUrl(keys), audience: ['api'], ...input }) as NonNullable<
    Access['issuers']
  >[number];
const publishFor = async (issuer: object = {}, access: Access = {}) => {
  const { endpoint } = await publish('export default (params, ctx) => ctx.caller', {
    methods: ['GET'],
    access: { level: 'authenticated', issuers: [issuerOf(issuer)], ...access },
  });
  return (token: string) => call(`/u/${endpoint.path}`, { headers: { authorization: `Bearer ${token}` } });
};
const token = (
  claims: Record<string, unknown> = {},
  key = rsa.privateKey,
  header: { alg: string; kid?: string } = { alg: 'RS256', kid: 'r' },
) =>
  new SignJWT({ sub: 'user|1', aud: 'api', iss: ISSUER, exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader(header)
    .sign(key);

const quiet = (): void => void vi.spyOn(console, 'error').mockReturnValue(undefined);
const encode = (header: object) => btoa(JSON.stringify(header)).replaceAll('=', '');

beforeAll(async () => {
  await ensureAdmin();
  await createRole(testContext(), { name: role, description: '' });
  [rsa, ec, other] = (await Promise.all(
    ['RS256', 'ES256', 'RS256'].map((alg) => generateKeyPair(alg, { extractable: true })) as Promise<CryptoKeyPair>[],
  )) as [CryptoKeyPair, CryptoKeyPair, CryptoKeyPair];
  keys = {
    keys: [
      { ...(await exportJWK(rsa.publicKey)), kid: 'r', alg: 'RS256' },
      { ...(await exportJWK(ec.publicKey)), kid: 'e' },
      { kty: 'unknown', kid: 'u' },
    ],
  };
});

test('listIssuers names each issuer once, with the endpoints that its tokens open', async () => {
  const issuer = `https://${unique('listed')}.portico-upstream.dev/`;
  await publishFor({ issuer, name: 'one' });
  await publishFor({ issuer, name: 'two', audience: [] });
  const { items, more } = await listIssuers(testContext());
  expect([items.filter((one) => one.issuer === issuer), more]).toEqual([
    [{ issuer, names: ['one', 'two'], endpoints: 2, anyAudience: 1 }],
    false,
  ]);
  const { items: found } = await listEndpoints(testContext(), { issuer, level: 'authenticated', limit: 50 });
  expect(found.map(({ access }) => access.issuers[0]!.name)).toEqual(['two', 'one']);
  expect((await listEndpoints(testContext(), { issuer, level: 'public', limit: 50 })).items).toEqual([]);
});

describe('a token of an issuer', () => {
  test('opens the endpoint to its subject, with roles by its claims', async () => {
    const claim = 'https://shop.example/roles';
    const ask = await publishFor({ roles: { claim, map: { 'shop buyer': 'never', Buyers: role } } }).catch(() => null);
    expect(ask).toBeNull();
    const open = await publishFor(
      { roles: { claim, map: { Buyers: role } } },
      { level: 'authenticated', roles: { names: [role] } },
    );
    const response = await open(await token({ [claim]: ['Buyers', 'Others', 7] }));
    expect([response.status, await response.json()]).toEqual([
      200,
      { kind: 'external', id: 'tenant:user|1', name: 'user|1', roles: [role] },
    ]);
    expect((await runOf(response)).caller).toEqual({ kind: 'external', id: 'tenant:user|1' });
    expect((await open(await token())).status).toBe(403);
    expect((await open(await token({}, ec.privateKey, { alg: 'ES256', kid: 'e' }))).status).toBe(403);
    await expect(deleteRole(testContext(), role, null)).rejects.toMatchObject({ code: 'in_use' });
  });

  test('has roles at a path of claims, in a list or a text', async () => {
    const ask = await publishFor({ roles: { claim: 'app.roles', map: { a: role } } });
    for (const roles of [['a'], 'x a'])
      expect(await (await ask(await token({ app: { roles } }))).json()).toMatchObject({ roles: [role] });
  });

  test('is explained with its caller, or the reason why a call with it is refused', async () => {
    const { endpoint } = await publish('export default () => 1', {
      access: { level: 'authenticated', issuers: [issuerOf()] },
    });
    const explain = async (sent: string) => {
      const { caller, steps } = await explainAccess(
        testContext(),
        endpoint.id,
        ExplainAccessInput.parse({ as: { token: sent } }),
      );
      const { result, message } = steps.find(({ check }) => check === 'access')!;
      return [caller.id, result, message];
    };
    expect(await explain(await token())).toEqual(['tenant:user|1', 'passed', undefined]);
    expect(await explain(await token({ aud: 'web' }))).toEqual([
      null,
      'refused',
      'the token is refused: its claim aud is missing or not accepted',
    ]);
    expect(await explain('not.a.token')).toMatchObject([null, 'refused', expect.any(String)]);
  });

  test('is refused with one error, and the run has the reason', async () => {
    const ask = await publishFor();
    const seconds = Math.floor(Date.now() / 1000);
    const good = await token();
    const refused: [string, string][] = [
      [await token({ exp: seconds - 60 }), 'it has expired'],
      [await token({ nbf: seconds + 600 }), 'its claim nbf is missing or not accepted'],
      [await token({ aud: 'web' }), 'its claim aud is missing or not accepted'],
      [await token({ aud: undefined }), 'its claim aud is missing or not accepted'],
      [await token({ exp: undefined }), 'its claim exp is missing or not accepted'],
      [await token({ sub: '' }), 'its `sub` is not 1 to 255 characters'],
      [await token({}, other.privateKey), 'its signature does not match'],
      [good.replace(/^[^.]+/, encode({ alg: 'RS512', kid: 'r' })), 'its algorithm is not one of the issuer'],
      [await token({}, rsa.privateKey, { alg: 'RS256', kid: 'x' }), 'the issuer has no such key'],
      [`${good.slice(0, -4)}AAAA`, 'its signature does not match'],
      [
        new UnsecuredJWT({ iss: ISSUER, sub: 'a', aud: 'api', exp: seconds + 60 }).encode(),
        'its algorithm is not one of the issuer',
      ],
      [
        await new SignJWT({ iss: ISSUER, sub: 'a', aud: 'api', exp: seconds + 60 })
          .setProtectedHeader({ alg: 'HS256', kid: 'r' })
          .sign(new TextEncoder().encode(JSON.stringify(keys.keys[0]))),
        'its algorithm is not one of the issuer',
      ],
    ];
    for (const [sent, reason] of refused) {
      const response = await ask(sent);
      expect([response.status, ((await response.clone().json()) as { code: string }).code]).toEqual([
        401,
        'invalid_token',
      ]);
      expect((await runOf(response)).error?.message).toBe(`the token is refused: ${reason}`);
    }
    expect((await ask(await token({ iss: 'https://else.example/' }))).status).toBe(401);
    expect((await ask('x.y.z')).status).toBe(401);
    expect((await ask(good)).status).toBe(200);
  });

  test('is 503 where the keys of the issuer cannot be read', async () => {
    quiet();
    for (const [index, jwksUrl] of [
      'https://keys.portico-upstream.dev/redirect?to=https://keys.portico-upstream.dev/json',
      'https://keys.portico-upstream.dev/bytes?n=300000',
      keyUrl({ no: 'keys' }),
    ].entries()) {
      const ask = await publishFor({ jwksUrl, name: `n${index}` });
      const response = await ask(await token());
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '10']);
    }
  });
});

test('a token of an issuer shows what it may call, in each description and as tools', async () => {
  const issuers = [issuerOf({ roles: { claim: 'r', map: { buyer: role } } })];
  const options = { methods: ['POST' as const], tool: true as const };
  const source = 'export default (params, ctx) => ({ id: ctx.caller.id })';
  const access = { level: 'authenticated' as const, issuers };
  const open = await publish(source, { ...options, access });
  const closed = await publish(source, { ...options, access: { ...access, roles: { names: [role] } } });
  const other = await publish(source, {
    ...options,
    access: { ...access, issuers: [issuerOf({ audience: ['other'] })] },
  });
  const ask = async (path: string, sent: string, message?: object) => {
    const headers = { authorization: `Bearer ${sent}`, 'content-type': 'application/json' };
    const body = message && JSON.stringify({ jsonrpc: '2.0', id: 1, ...message });
    const response = await call(path, { headers, ...(body ? { method: 'POST', body } : {}) });
    return { status: response.status, text: await response.text() };
  };
  const shown = async (sent: string) => {
    const found = [
      await ask('/u/openapi.json', sent),
      await ask('/u/client.ts', sent),
      await ask('/mcp', sent, { method: 'tools/list' }),
    ];
    return [open, closed, other].map(({ endpoint }) =>
      found.map(({ text }) => text.includes(endpoint.path) || text.includes(endpoint.path.replaceAll('-', '_'))),
    );
  };
  const [all, none] = [Array(3).fill(true), Array(3).fill(false)];
  expect(await shown(await token())).toEqual([all, none, none]);
  expect(await shown(await token({ r: 'buyer', aud: ['api', 'other'] }))).toEqual([all, all, all]);
  const tools = JSON.parse((await ask('/mcp', await token(), { method: 'tools/list' })).text) as {
    result: { tools: { name: string }[] };
  };
  const params = { name: tools.result.tools[0]!.name, arguments: {} };
  const called = await ask('/mcp', await token(), { method: 'tools/call', params });
  expect(called.text).toContain('tenant:user|1');
  for (const path of ['/u/openapi.json', '/u/client.ts'])
    expect((await ask(path, await token({ aud: 'web' }))).status).toBe(401);
  expect((await ask('/mcp', await token({ exp: 1 }), { method: 'tools/list' })).status).toBe(401);
});

test('keys are read once, again after a while or for a new one, and used while the issuer is away', async () => {
  quiet();
  const state = { now: 1e12, read: 0, answer: () => Response.json(keys) };
  const deferred: Promise<unknown>[] = [];
  const ctx = testContext(undefined, {
    now: () => state.now,
    defer: (work) => void deferred.push(work.catch(() => undefined)),
    fetchUpstream: () => {
      state.read += 1;
      return Promise.resolve(state.answer());
    },
  });
  const url = `https://${unique('keys')}.portico-upstream.dev/`;
  const after = async (ms: number, renew = false) => {
    state.now += ms;
    const found = await keysAt(ctx, url, renew).catch((error: { code: string }) => error.code);
    await Promise.all(deferred.splice(0));
    return [typeof found === 'function' ? 'keys' : found, state.read];
  };
  expect(await after(0)).toEqual(['keys', 1]);
  expect(await after(599_000)).toEqual(['keys', 1]);
  expect(await after(1000)).toEqual(['keys', 2]);
  expect(await after(9000, true)).toEqual([null, 2]);
  expect(await after(1000, true)).toEqual(['keys', 3]);
  state.answer = () => new Response('', { status: 500 });
  expect(await after(600_000)).toEqual(['keys', 4]);
  expect(await after(9000)).toEqual(['keys', 4]);
  expect(await after(80_000_000)).toEqual(['keys', 5]);
  expect(await after(10_000_000)).toEqual(['unavailable', 6]);
  expect(await after(9000)).toEqual(['unavailable', 6]);
});

test('calls at the same time wait for one read of the keys', async () => {
  const waiting: (() => void)[] = [];
  const ctx = testContext(undefined, {
    fetchUpstream: () => new Promise((resolve) => waiting.push(() => resolve(Response.json(keys)))),
  });
  const url = `https://${unique('keys')}.portico-upstream.dev/`;
  const asked = Promise.allSettled([keysAt(ctx, url, false), keysAt(ctx, url, false), keysAt(ctx, url, true)]);
  await vi.waitFor(() => expect(waiting).not.toEqual([]), { timeout: 20_000 });
  for (const answer of waiting) answer();
  const found = (await asked).map((one) => (one.status === 'fulfilled' ? typeof one.value : one.reason));
  expect(found).toEqual(['function', 'function', 'function']);
  expect(waiting).toHaveLength(1);
});

test('a save refuses issuers that cannot work or would give too much', async () => {
  const issuers = [
    issuerOf({ jwksUrl: null, issuer: 'urn:tenant', roles: { claim: 'r', map: { x: 'admin', y: 'no_such' } } }),
    issuerOf({ jwksUrl: null, issuer: 'https://10.0.0.1' }),
  ];
  await expect(publish('export default () => 1', { access: { level: 'key', issuers } })).rejects.toMatchObject({
    extra: {
      issues: [
        { pointer: '#/access/issuers', code: 'issuers_without_tokens' },
        { pointer: '#/access/issuers/0/issuer', code: 'invalid_url' },
        { pointer: '#/access/issuers/0/roles/map/x', code: 'built_in_role' },
        { pointer: '#/access/issuers/1/name', code: 'duplicate' },
        { pointer: '#/access/issuers/1/issuer', code: 'invalid_url' },
        { code: 'unknown_role' },
      ],
    },
  });
  for (const jwksUrl of [
    'http://keys.portico-upstream.dev/',
    'https://localhost/',
    'https://a:b@c.dev/',
    'https://c.dev:8443/',
  ])
    await expect(publishFor({ jwksUrl })).rejects.toMatchObject({
      issues: [{ path: ['access', 'issuers', 0, 'jwksUrl'] }],
    });
});

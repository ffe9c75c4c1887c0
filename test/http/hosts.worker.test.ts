import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { runGraphActions } from '../../src/plynx/edit/run-graph-actions';
import { createApp } from '../../src/http/app';
import { openContext } from '../../src/context';
import { testContext } from '../support/context';
import { makeToken } from '../support/instabase';
import { publishGraph, graphOfNodes, operation } from '../support/graphs';
import { ensureAdmin, publish } from '../support/publish';
import { clearOfWindowEnd } from '../support/rate-window';
import { adminToken } from '../support/sign-in';
import { basic } from '../support/plynx';

const app = createApp(openContext);
const execution = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
} as unknown as ExecutionContext;
/** One request to a service that knows its names. */
const ask = (url: string, init: RequestInit = {}, hosts = 'portico.example, *.portico.example'): Promise<Response> =>
  Promise.resolve(app(new Request(url, init), { ...env, PUBLIC_HOSTS: hosts }, execution));

let bearer: Record<string, string>;
beforeAll(async () => {
  await ensureAdmin();
  bearer = { authorization: `Bearer ${await adminToken()}` };
});

describe('under a foreign host name the service answers', () => {
  test.each([
    ['GET', '/health'],
    ['GET', '/docs/'],
    ['GET', '/openapi.json'],
    ['GET', '/workflow.schema.json'],
    ['GET', '/nothing'],
    ['GET', '/'],
    ['POST', '/admin/session'],
    ['GET', '/admin/users'],
  ])('%s %s with 421', async (method, path) => {
    const response = await ask(`https://attacker.example${path}`, { method, headers: bearer });
    expect([response.status, await response.json()]).toMatchObject([421, { code: 'misdirected' }]);
  });

  test('Instabase and PLynx in their own words', async () => {
    const token = { authorization: `Bearer ${(await makeToken(['viewer'])).token}` };
    const instabase = await ask('https://attacker.example/api/v1/http-endpoint/list', { headers: token });
    expect([instabase.status, await instabase.json()]).toMatchObject([421, { status: 'ERROR', code: 'misdirected' }]);
    const plynx = await ask('https://attacker.example/plynx/api/v0/token');
    expect([plynx.status, await plynx.json()]).toMatchObject([421, { status: 'failed' }]);
  });

  test('an endpoint, which receives the service’s own name', async () => {
    const { endpoint } = await publish('export function handler(request) { return request.url }');
    const url = async (host: string, hosts?: string) =>
      (await ask(`https://${host}/u/${endpoint.path}?a=1`, { method: 'POST' }, hosts)).text();
    expect(await url('attacker.example')).toBe('https://portico.example/?a=1');
    expect(await url('portico.example')).toBe('https://portico.example/?a=1');
    expect(await url('x.portico.example:8443')).toBe('https://x.portico.example:8443/?a=1');
    // Without names of its own it takes the platform's word.
    expect(await url('attacker.example', '')).toBe('https://attacker.example/?a=1');
    expect((await ask('https://attacker.example/health', {}, '')).status).toBe(200);
  });

  test('a call of a graph, with a link to itself', async () => {
    const graph = graphOfNodes(operation('javascript', 'export default ({ output }) => 1'));
    await runGraphActions(testContext(), graph, ['SAVE']);
    const path = await publishGraph({ graph: graph._id, answer: 'run' });
    const response = await ask(`https://attacker.example${path}`, { method: 'POST' });
    const found = [response.status, response.headers.get('location'), ((await response.json()) as { run: string }).run];
    expect(found).toEqual([
      202,
      expect.stringMatching(/^https:\/\/portico\.example\/u\//),
      expect.stringMatching(/^https:\/\/portico\.example\/u\//),
    ]);
  });
});

test('links of the admin API and its document begin with the name that was asked', async () => {
  const document = (await (await ask('https://x.portico.example/openapi.json')).json()) as {
    servers: { url: string }[];
  };
  expect(document.servers[0]!.url).toBe('https://x.portico.example');
});

describe('a request of a handler', () => {
  const source = (host: string) =>
    `export default async () => { try { return (await fetch('https://${host}/')).status } catch (error) { return String(error) } }`;
  test('is allowed to a host that the caller sent as Host', async () => {
    const host = 'api.portico-upstream.dev';
    const { endpoint } = await publish(source(host), { egress: [host] });
    for (const path of ['/health', `/u/${endpoint.path}`, '/admin/users'])
      await ask(`https://${host}${path}`, { method: 'GET' }, '');
    expect(await (await ask(`https://portico.example/u/${endpoint.path}`, { method: 'POST' })).text()).toBe('200');
    expect(await (await ask(`https://${host}/u/${endpoint.path}`, { method: 'POST' })).text()).toBe('200');
  });
});

describe('requests from pages of other sites', () => {
  const FOREIGN = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  const SIBLING = { 'sec-fetch-site': 'same-site', origin: 'https://other.portico.example' };
  const OLD = { origin: 'null' };
  const OWN = { 'sec-fetch-site': 'same-origin', origin: 'https://portico.example' };
  const json = { 'content-type': 'application/json' };
  const P = 'https://portico.example/plynx/api/v0';

  test.each([
    ['signing in', '/admin/session', '{"name":"nobody","password":"x"}', 401],
    ['a refresh', '/admin/session/refresh', '{"refreshToken":"x"}', 401],
    ['the bootstrap', '/admin/bootstrap', '{"name":"nobody","password":"a password of tests"}', 401],
  ])('%s is refused', async (_name, path, body, otherwise) => {
    const post = async (headers: Record<string, string>) =>
      ask(`https://portico.example${path}`, { method: 'POST', headers, body });
    for (const from of [FOREIGN, SIBLING, OLD]) {
      const response = await post({ ...json, ...from });
      expect([response.status, await response.json()]).toMatchObject([403, { code: 'foreign_origin' }]);
    }
    // Request that a page may send without asking: no content type at all.
    const untyped = new Request(`https://portico.example${path}`, {
      method: 'POST',
      body: new TextEncoder().encode(body),
    });
    expect((await ask(untyped.url, untyped)).status).toBe(415);
    for (const from of [{}, OWN]) expect((await post({ ...json, ...from })).status).toBe(otherwise);
  });

  test('do not count as sign-in attempts', async () => {
    const address = { 'cf-connecting-ip': '203.0.113.77' };
    const body = '{"name":"signed-in-admin","password":"x"}';
    for (let i = 0; i < 12; i++) {
      const headers = { ...address, ...FOREIGN };
      await ask('https://portico.example/admin/session', {
        method: 'POST',
        headers,
        body: new TextEncoder().encode(body),
      });
    }
    const right = '{"name":"signed-in-admin","password":"a password of tests"}';
    const init = { method: 'POST', headers: { ...json, ...address }, body: right };
    expect((await ask('https://portico.example/admin/session', init)).status).toBe(200);
  });

  test.each([
    ['nobody', {}],
    ['the user default by name', { authorization: basic('default') }],
  ])('PLynx, as %s: refused without CORS headers', async (_name, headers) => {
    for (const from of [FOREIGN, SIBLING, OLD]) {
      for (const [method, path] of [
        ['GET', '/token'],
        ['GET', '/graphs'],
        ['POST', '/search_nodes'],
        ['GET', '/resource/x'],
      ] as const) {
        const response = await ask(P + path, { method, headers: { ...headers, ...from } });
        expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
      }
    }
    for (const from of [{}, { 'sec-fetch-site': 'same-origin', origin: 'https://portico.example' }]) {
      const response = await ask(`${P}/graphs`, { headers: { ...headers, ...from } });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    }
  });

  test('PLynx: no demo user, and no use of one', async () => {
    expect((await ask(`${P}/demo`, { method: 'POST', headers: FOREIGN })).status).toBe(403);
    const demo = (await (await ask(`${P}/demo`, { method: 'POST' })).json()) as { access_token: string };
    const authorization = basic(demo.access_token);
    expect((await ask(`${P}/graphs`, { headers: { authorization } })).status).toBe(200);
    expect((await ask(`${P}/graphs`, { headers: { authorization, ...FOREIGN } })).status).toBe(403);
  });

  test('PLynx: a page of another origin works with a password', async () => {
    const authorization = basic('signed-in-admin', 'a password of tests');
    const preflight = await ask(`${P}/graphs`, { method: 'OPTIONS', headers: FOREIGN });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    const token = await ask(`${P}/token`, { headers: { authorization, ...FOREIGN } });
    expect([token.status, token.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    const { access_token } = (await token.json()) as { access_token: string };
    const graphs = await ask(`${P}/graphs`, { headers: { authorization: basic(access_token), ...FOREIGN } });
    expect([graphs.status, graphs.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    const wrong = await ask(`${P}/graphs`, { headers: { authorization: basic('nobody', 'x'), ...FOREIGN } });
    expect([wrong.status, wrong.headers.get('access-control-allow-origin')]).toEqual([401, '*']);
  });

  test('a request with a credential works from any origin', async () => {
    expect((await ask('https://portico.example/admin/users', { headers: { ...bearer, ...FOREIGN } })).status).toBe(200);
  });
});

describe('a route that needs no credential', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    ask('https://portico.example/admin/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'cf-connecting-ip': '203.0.113.78', ...headers },
      body,
    });

  test('reads 16 KiB at most', async () => {
    const padded = (bytes: number) => `{"name":"nobody","password":"x"}${' '.repeat(bytes - 32)}`;
    expect([padded(16_384).length, (await post(padded(16_384))).status]).toEqual([16_384, 401]);
    expect((await post(padded(16_385))).status).toBe(413);
  });

  test('counts what it refuses before it reads it', { timeout: 60_000 }, async () => {
    await clearOfWindowEnd(900);
    const at = { 'cf-connecting-ip': '2001:db8:9:1::1' };
    for (let i = 0; i < 300; i++) expect((await post('{', at)).status).toBe(400);
    expect((await post('{', at)).status).toBe(429);
    expect((await post('{', { 'cf-connecting-ip': '2001:db8:9:2::1' })).status).toBe(400);
  });
});

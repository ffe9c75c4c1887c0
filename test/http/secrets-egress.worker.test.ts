import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { signDepth } from '../../src/core/gateway/depth';
import { putSecret } from '../../src/core/publishing/secrets/put-secret';
import { PutSecretInput } from '../../src/core/publishing/secrets/secret.schema';
import { testContext } from '../support/context';
import { call, postJson, publish, runOf, unique } from '../support/publish';

const keep = async (value: string, roles: string[] = []): Promise<string> => {
  const name = unique('SECRET').replaceAll('-', '_').toUpperCase();
  await putSecret(testContext(), name, PutSecretInput.parse({ value, roles }));
  return name;
};

test.each(['pooled', 'per-call', 'shared'] as const)(
  '%s: a handler gets the secrets that its endpoint lists, and the run does not',
  async (instance) => {
    const value = `s3cr3t/"${crypto.randomUUID()}`;
    const name = await keep(value);
    const { endpoint } = await publish(
      `export default (p, ctx) => { console.log('it is ' + ctx.env.${name}); return { has: ctx.env.${name}, names: Object.keys(ctx.env) } }`,
      { secrets: [name], instance },
    );
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    expect(await response.json()).toEqual({ has: value, names: [name] });
    const run = await runOf(response);
    expect(JSON.stringify(run)).not.toContain(value.slice(0, 20));
    expect(run.logs[0]?.message).toBe('it is [redacted]');
  },
);

test('a secret is stored encrypted, bound to its name', async () => {
  const value = `plain-${crypto.randomUUID()}`;
  const [one, two] = [await keep(value), await keep('another value')];
  expect(JSON.stringify(await env.DB.prepare('select * from secrets').all())).not.toContain(value);
  const { endpoint } = await publish(`export default (p, ctx) => ctx.env`, { secrets: [two] });
  await env.DB.prepare(
    'update secrets set ciphertext = (select ciphertext from secrets where name = ?1), iv = (select iv from secrets where name = ?1) where name = ?2',
  )
    .bind(one, two)
    .run();
  const refused = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'not_configured' }]);
  expect((await runOf(refused)).error?.message).toContain(`the secret ${two} cannot be decrypted`);
});

test('the executor must have one of the roles that a secret names', async () => {
  const name = await keep('for viewers only', ['viewer']);
  const { endpoint } = await publish(`export default (p, ctx) => Object.keys(ctx.env)`, { secrets: [name] });
  // The executor of test endpoints is an admin.
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).json()).toEqual([name]);
});

test('an unlisted host is refused in the handler, and recorded in the run', async () => {
  const { endpoint } = await publish(
    `export default async () => { try { await fetch('https://other.example.net/x?y=1'); return 'open' } catch (e) { return e.message } }`,
    {
      egress: ['api.example.com'].map((host) => host.replace('example.com', 'portico-upstream.dev')),
    },
  );
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.text()).toBe("fetch failed: other.example.net is not on the endpoint's egress list");
  expect(await runOf(response)).toMatchObject({
    outbound: [
      {
        method: 'GET',
        host: 'other.example.net',
        status: null,
        refused: "other.example.net is not on the endpoint's egress list",
      },
    ],
  });
});

const HOSTS = ['api.portico-upstream.dev', '*.cdn.portico-upstream.dev'];
const FETCH = `export default async ({ url, init }) => {
  try { const r = await fetch(url, init); return { status: r.status, text: await r.text(), headers: [...r.headers.keys()] } } catch (e) { return { error: e.message } } }`;

async function send(
  url: string,
  init: object = {},
): Promise<{ status?: number; text?: string; headers?: string[]; error?: string }> {
  const { endpoint } = await publish(FETCH, { egress: HOSTS, limits: { responseBytes: 20_000_000 } });
  return (await postJson(`/u/${endpoint.path}`, { url, init })).json();
}

test('a listed host is reached, with a rebuilt request', async () => {
  const sent = await send('https://api.portico-upstream.dev/echo?a=1', {
    method: 'PUT',
    headers: {
      'x-mine': '1',
      'cf-connecting-ip': '1.2.3.4',
      'x-forwarded-for': '1.2.3.4',
      'x-portico-depth': '0.forged',
      host: 'evil.dev',
    },
    body: 'text',
  });
  const { method, url, headers, body } = JSON.parse(sent.text!) as {
    method: string;
    url: string;
    headers: Record<string, string>;
    body: string;
  };
  expect([method, url, body]).toEqual(['PUT', 'https://api.portico-upstream.dev/echo?a=1', 'text']);
  expect(headers).toMatchObject({
    'x-mine': '1',
    'x-portico-depth': expect.stringMatching(/^1\.[0-9]{10}\.[0-9a-f]{32}$/) as unknown,
  });
  expect(JSON.stringify(headers)).not.toMatch(/1\.2\.3\.4|evil|forged/);
});

test.each([
  [
    'another host',
    'https://www.portico-upstream.dev/',
    "www.portico-upstream.dev is not on the endpoint's egress list",
  ],
  [
    'the name above a wildcard',
    'https://cdn.portico-upstream.dev/',
    "cdn.portico-upstream.dev is not on the endpoint's egress list",
  ],
  ['http', 'http://api.portico-upstream.dev/', 'only https is allowed'],
  ['another port', 'https://api.portico-upstream.dev:8443/', 'only the default port of https is allowed'],
  ['an address', 'https://127.0.0.1/', '127.0.0.1 is not a public host name'],
  ['an address in another form', 'https://0x7f000001/', '127.0.0.1 is not a public host name'],
  ['an IPv6 address', 'https://[::1]/', '[::1] is not a public host name'],
  ['the machine itself', 'https://localhost/', 'localhost is not a public host name'],
  ['metadata of a cloud', 'https://metadata.google.internal/', 'metadata.google.internal is not a public host name'],
  [
    'a redirect to another host',
    'https://api.portico-upstream.dev/redirect?to=https://evil.dev/',
    "evil.dev is not on the endpoint's egress list",
  ],
  [
    'a redirect to http',
    'https://api.portico-upstream.dev/redirect?to=http://api.portico-upstream.dev/',
    'only https is allowed',
  ],
])('%s is refused', async (_name, url, reason) => {
  expect(await send(url)).toEqual({ error: `fetch failed: ${reason}` });
});

test('a wildcard lets in what is below it, and a redirect stays possible', async () => {
  expect(await send('https://a.b.cdn.portico-upstream.dev/')).toMatchObject({ status: 200 });
  expect(await send('https://api.portico-upstream.dev/redirect?to=https://x.cdn.portico-upstream.dev/')).toMatchObject({
    status: 200,
  });
});

test('cookies of an upstream stop at the gate, and so does an answer that is too large', async () => {
  expect((await send('https://api.portico-upstream.dev/cookie')).headers).toEqual(
    expect.not.arrayContaining(['set-cookie']),
  );
  expect(await send('https://api.portico-upstream.dev/bytes?n=10485761')).toMatchObject({
    error: expect.stringMatching(/larger than 10485760 bytes/) as unknown,
  });
});

test('requests of one call are counted', async () => {
  const { endpoint } = await publish(
    `export default async () => { const seen = []; for (let i = 0; i < 3; i++) seen.push(await fetch('https://api.portico-upstream.dev/').then((r) => r.status, (e) => e.message)); return seen }`,
    { egress: HOSTS, limits: { subrequests: 2 } },
  );
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.json()).toEqual([200, 200, 'fetch failed: more than 2 requests in one call']);
  expect((await runOf(response)).outbound.map(({ host, status }) => [host, status])).toEqual([
    ['api.portico-upstream.dev', 200],
    ['api.portico-upstream.dev', 200],
    ['api.portico-upstream.dev', null],
  ]);
});

test('endpoints that call each other come to an end: more than three deep is 508', async () => {
  const { endpoint } = await publish('export default () => 1');
  const { settings } = testContext();
  const at = (depth: number, header = signDepth(settings, depth, Date.now())): Promise<Response> =>
    call(`/u/${endpoint.path}`, { method: 'POST', headers: { 'x-portico-depth': header } });
  expect((await at(3)).status).toBe(200);
  const deep = await at(4);
  expect([deep.status, ((await deep.json()) as { code: string }).code]).toEqual([508, 'loop_detected']);
  // A count that is not signed here counts as none.
  expect((await at(9, `9.${'0'.repeat(32)}`)).status).toBe(200);
});

test('hosts that cannot be reached safely are refused when the endpoint is saved', async () => {
  for (const host of [
    'localhost',
    '10.0.0.1',
    'https://a.dev',
    'a.dev:8080',
    '*.dev',
    'db.internal',
    'A.DEV',
    'a_b.dev',
  ]) {
    await expect(publish('export default () => 1', { egress: [host] }), host).rejects.toThrow();
  }
});

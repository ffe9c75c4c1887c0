import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { putSecret } from '../../src/core/secret/put-secret';
import { PutSecretInput } from '../../src/core/secret/secret.schema';
import { testContext } from '../support/context';
import { call, publish, runOf, unique } from '../support/publish';

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
  expect((await call(`/u/${endpoint.path}`, { method: 'POST' })).status).toBe(500);
});

test('the executor must have one of the roles that a secret names', async () => {
  const name = await keep('for viewers only', ['viewer']);
  const { endpoint } = await publish(`export default (p, ctx) => Object.keys(ctx.env)`, { secrets: [name] });
  // The executor of test endpoints is an admin.
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).json()).toEqual([name]);
});

test('a host that is not listed is refused in the handler, and the run says so', async () => {
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

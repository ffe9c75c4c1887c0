import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Unstable_RawConfig as RawConfig } from 'wrangler';
import { configOf, originOf, toEnvironment } from '../../../scripts/deploy/config.ts';
import { readWranglerToml } from '../../../scripts/deploy/config-file.ts';
import { refusePlainDeploy } from '../../../scripts/deploy/guard.ts';

const raw = readWranglerToml();
const configFor = (name: string | null, from: RawConfig = raw): RawConfig => configOf(from, toEnvironment(from, name));

/** Names that are unique in an account. */
function accountNames(config: RawConfig): string[] {
  const { d1_databases = [], r2_buckets = [], kv_namespaces = [], workflows = [] } = config;
  return [
    config.name,
    ...d1_databases.flatMap((one) => [one.database_name, one.database_id]),
    ...r2_buckets.map((one) => one.bucket_name),
    ...kv_namespaces.map((one) => one.id),
    ...workflows.map((one) => one.name),
  ].filter((name) => name !== undefined);
}

describe('wrangler.toml', () => {
  test('has no id of a resource', () => {
    for (const { database_id, preview_database_id } of raw.d1_databases ?? [])
      expect([database_id, preview_database_id]).toEqual([undefined, undefined]);
    for (const { id, preview_id } of raw.kv_namespaces ?? []) expect([id, preview_id]).toEqual([undefined, undefined]);
  });

  test('gives every name in the account the name of its Worker as a prefix', () => {
    for (const name of accountNames(configFor(null))) expect(name).toMatch(/^portico(-|$)/);
  });
});

describe('the configuration of an environment', () => {
  test('has a stream of runs of its own, or none', () => {
    const pipelines = [{ binding: 'RUN_STREAM', stream: 'id-of-stream' }];
    const from = { ...raw, pipelines, env: { other: { pipelines: [{ binding: 'RUN_STREAM', stream: 'id-2' }] } } };
    expect(configFor(null, from).pipelines).toEqual(pipelines);
    expect(configFor('staging', from).pipelines).toBeUndefined();
    expect(configFor('other', from).pipelines).toMatchObject([{ stream: 'id-2' }]);
  });

  test('has no name of production, also when production names its resources and owns a domain', () => {
    const production: RawConfig = {
      ...raw,
      routes: [{ pattern: 'api.example.com', custom_domain: true }],
      workers_dev: false,
      vars: { ...raw.vars, PUBLIC_HOSTS: 'api.example.com' },
      d1_databases: (raw.d1_databases ?? []).map((one) => ({ ...one, database_name: one.binding, database_id: 'id' })),
      kv_namespaces: [{ binding: 'KEYS', id: 'id-of-keys' }],
      r2_buckets: [{ binding: 'FILES', bucket_name: 'our-files' }],
    };
    const staging = configFor('staging', production);
    const names = accountNames(staging);
    expect(names.filter((name) => !name.startsWith('portico-staging'))).toEqual([]);
    expect(names.filter((name) => accountNames(configFor(null, production)).includes(name))).toEqual([]);
    expect(JSON.stringify(staging)).not.toContain('example.com');
    expect([staging.workers_dev, configFor(null, production).workers_dev]).toEqual([true, false]);
  });

  test('keeps what production names itself', () => {
    const named: RawConfig = { ...raw, d1_databases: [{ binding: 'DB', database_name: 'ours', database_id: 'id' }] };
    expect(configFor(null, named).d1_databases).toEqual([{ binding: 'DB', database_name: 'ours', database_id: 'id' }]);
  });

  test('takes a name and ids that a deploy button has written', () => {
    const written: RawConfig = {
      ...raw,
      name: 'shop',
      d1_databases: (raw.d1_databases ?? []).map((one) => ({ ...one, database_name: 'chosen', database_id: 'id' })),
      kv_namespaces: [{ binding: 'KEYS', id: 'id-of-keys' }],
      r2_buckets: [{ binding: 'FILES', bucket_name: 'chosen-files' }],
    };
    const { name, d1_databases, kv_namespaces, r2_buckets, workflows } = configFor(null, written);
    expect([d1_databases!.map((one) => one.database_id), kv_namespaces, r2_buckets]).toEqual([
      ['id', 'id'],
      written.kv_namespaces,
      written.r2_buckets,
    ]);
    // The name in the file is that of the service which it was copied from.
    expect([name, workflows![0]!.name]).toEqual(['shop', 'shop-graph-run']);
  });

  test('has the same code, bindings, limits and triggers as production', () => {
    const [production, staging] = [configFor(null), configFor('staging')].map((config) =>
      JSON.stringify({ ...config, vars: {} }).replaceAll('portico-staging', 'portico'),
    );
    expect(staging).toBe(production);
  });

  test('takes its routes and variables from [env.NAME]', () => {
    const own = { routes: ['staging.example.com/*'], vars: { PUBLIC_HOSTS: 'staging.example.com' } };
    const staging = configFor('staging', { ...raw, env: { staging: own } });
    expect(staging.routes).toEqual(own.routes);
    expect(staging.vars).toEqual({ ...raw.vars, ...own.vars });
  });

  test('refuses a database in [env.NAME], which could be that of another environment', () => {
    const env = { staging: { d1_databases: [{ binding: 'DB', database_name: 'portico-db' }] } };
    expect(() => configFor('staging', { ...raw, env })).toThrow('[env.staging] in wrangler.toml has `d1_databases`');
  });

  test('refuses a setting that could name a resource of the account', () => {
    expect(() => configFor(null, { ...raw, vectorize: [] })).toThrow('wrangler.toml has `vectorize`');
  });

  test('requires the secrets of a service', () => {
    expect(configFor('staging').secrets).toEqual({ required: ['AUTH_SECRET', 'KEY_PEPPER', 'SECRETS_KEY'] });
  });
});

test.each([
  [{}, 'https://portico.ada.workers.dev'],
  [{ routes: [{ pattern: 'api.example.com', custom_domain: true }] }, 'https://api.example.com'],
  [{ routes: ['api.example.com/*'] }, 'https://api.example.com'],
  [{ route: 'https://api.example.com/*' }, 'https://api.example.com'],
])('%j is reached at %s', (over, origin) => expect(originOf({ ...raw, ...over }, 'ada')).toBe(origin));

test('a route with a wildcard for a host needs --url', () => {
  expect(() => originOf({ ...raw, routes: ['*.example.com/*'] }, 'ada')).toThrow('add --url');
});

test.each(['Staging', 'a b', '-a', 'a--b', '../x', 'a'.repeat(25), '', 'production'])(
  'an environment cannot be named %j',
  (name) => expect(() => toEnvironment(raw, name)).toThrow(/--env/),
);

test('wrangler cannot deploy from wrangler.toml, but serve and write types', () => {
  for (const command of ['deploy', 'versions upload'])
    expect(() => refusePlainDeploy(command)).toThrow('npm run deploy');
  for (const command of [undefined, 'dev', 'types']) expect(() => refusePlainDeploy(command)).not.toThrow();
});

test("Cloudflare's button asks for no secret, and describes each database and bucket that it asks a name for", () => {
  const { cloudflare } = JSON.parse(readFileSync('package.json', 'utf8')) as { cloudflare: { bindings: object } };
  const { d1_databases = [], kv_namespaces = [], r2_buckets = [] } = raw;
  const named = [...d1_databases, ...kv_namespaces, ...r2_buckets].map(({ binding }) => binding);
  expect(Object.keys(cloudflare.bindings).toSorted()).toEqual(named.toSorted());
  expect(parseEnv(readFileSync('.dev.vars.example', 'utf8'))).toEqual({});
});

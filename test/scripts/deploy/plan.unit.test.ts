import { describe, expect, test } from 'vitest';
import type { Found } from '../../../scripts/deploy/account.ts';
import { configOf, toEnvironment } from '../../../scripts/deploy/config.ts';
import { readWranglerToml } from '../../../scripts/deploy/config-file.ts';
import { onlyDrops } from '../../../scripts/deploy/migrations.ts';
import { readMigrations } from '../../../scripts/deploy/release.ts';
import { readOptions } from '../../../scripts/deploy/options.ts';
import { planDeploy, renderPlan, type Situation } from '../../../scripts/deploy/plan.ts';

const raw = readWranglerToml();
const environment = toEnvironment(raw, null);
const found = (over: Partial<Found>): Found => ({
  kind: 'D1 database',
  name: 'portico-db',
  binding: 'DB',
  id: 'id',
  owner: null,
  ...over,
});
const secrets = ['AUTH_SECRET', 'KEY_PEPPER', 'SECRETS_KEY'].map((name) => ({ name, type: 'secret_text' }));
const resources = ['DB', 'DATA', 'KEYS', 'FILES', 'GRAPH_RUN'].map((name) => ({ name, type: 'any' }));
const bindings = (...more: { name: string; type: string; text?: string }[]) =>
  new Map([...secrets, ...resources, ...more].map((one) => [one.name, one]));
const release = { name: 'RELEASE', type: 'plain_text', text: 'r1' };

/** A service that is deployed, unchanged. */
const deployed = (over: Partial<Situation> = {}, ...args: string[]): Situation => ({
  environment,
  account: { id: 'a', name: 'Ada', subdomain: 'ada' },
  config: configOf(raw, environment),
  deployed: { bindings: bindings(release), found: [found({})], migrations: ['0000.sql'] },
  record: { file: '/home/ada/portico.env', isNew: false, folder: '/src', release: 'r1', hasBootstrapToken: false },
  folder: '/src',
  origin: 'https://portico.ada.workers.dev',
  release: 'r1',
  migrations: ['0000.sql'],
  drops: [],
  options: readOptions(args, {})!,
  ...over,
});

describe('a deploy', () => {
  test('of what is deployed already changes nothing', () => {
    expect(planDeploy(deployed())).toEqual({
      isFirst: false,
      secrets: [],
      creates: [],
      upload: false,
      migrate: { before: [], after: [] },
      admin: false,
    });
  });

  test.each([
    ['another release', { release: 'r2' }],
    ['an upload that did not end', { record: { ...deployed().record, release: undefined } }],
  ])('uploads %s', (_, over) => expect(planDeploy(deployed(over)).upload).toBe(true));

  test('sets a secret that the Worker lacks, and a secret to rotate, and no other', () => {
    const lacking = bindings(release);
    lacking.delete('KEY_PEPPER');
    const situation = deployed({ deployed: { ...deployed().deployed, bindings: lacking } }, '--rotate', 'AUTH_SECRET');
    expect(planDeploy(situation)).toMatchObject({ secrets: ['AUTH_SECRET', 'KEY_PEPPER'], upload: true });
  });

  test('takes away what the running code may use only after the upload', () => {
    const pending = { migrations: ['0000.sql', '0001.sql', '0002.sql'], drops: ['0001.sql'] };
    expect(planDeploy(deployed(pending)).migrate).toEqual({ before: ['0002.sql'], after: ['0001.sql'] });
    const migrate = (over: object) =>
      planDeploy(deployed({ ...pending, deployed: { ...deployed().deployed, ...over } })).migrate;
    expect(migrate({ bindings: null })).toEqual({ before: ['0001.sql', '0002.sql'], after: [] });
    expect(migrate({ migrations: null })).toEqual({ before: [], after: pending.migrations });
  });

  test('takes a migration for one that only takes away when all of its statements do', () => {
    const of = (text: string): boolean => onlyDrops('x.sql', () => text);
    expect(of('DROP TABLE `runs`;--> statement-breakpoint\nALTER TABLE `a` DROP COLUMN `b`;')).toBe(true);
    expect(of('DROP TABLE `runs`;--> statement-breakpoint\nALTER TABLE `new` RENAME TO `runs`;')).toBe(false);
    expect(readMigrations().filter((name) => onlyDrops(name))).toEqual(['0008_runs_leave.sql']);
  });

  test('creates a resource that the configuration gained', () => {
    const config = { ...deployed().config, r2_buckets: [{ binding: 'MORE', bucket_name: 'portico-more' }] };
    expect(planDeploy(deployed({ config }))).toMatchObject({ creates: ['R2 bucket portico-more'], upload: true });
  });

  test('finishes a bootstrap that was interrupted, with a new token where this machine does not have it', () => {
    const open = {
      ...deployed().deployed,
      bindings: bindings(release, { name: 'BOOTSTRAP_TOKEN', type: 'secret_text' }),
    };
    expect(planDeploy(deployed({ deployed: open }))).toMatchObject({ admin: true, secrets: ['BOOTSTRAP_TOKEN'] });
    const record = { ...deployed().record, hasBootstrapToken: true };
    expect(planDeploy(deployed({ deployed: open, record }))).toMatchObject({ admin: true, secrets: [], upload: false });
  });
});

describe('a deploy refuses', () => {
  test.each([
    ['Workflow', { kind: 'Workflow', name: 'portico-graph-run', binding: 'GRAPH_RUN', owner: 'portico-old' }],
    ['domain', { kind: 'domain', name: 'api.example.com', binding: 'api.example.com', owner: 'website' }],
  ] as const)('a %s of another Worker, with --adopt as well', (_, foreign) => {
    const situation = deployed({ deployed: { ...deployed().deployed, found: [found(foreign)] } }, '--adopt');
    expect(() => planDeploy(situation)).toThrow(`belongs to the Worker ${foreign.owner}`);
  });

  test('what this machine did not deploy, unless it is adopted', () => {
    const record = { ...deployed().record, isNew: true, release: undefined };
    const message = 'has the Worker portico, the D1 database portico-db, which was not deployed from here';
    expect(() => planDeploy(deployed({ record }))).toThrow(message);
    expect(planDeploy(deployed({ record }, '--adopt'))).toMatchObject({ isFirst: false, secrets: [], admin: false });
  });
});

test('a copy of the folder does not deploy the service, unless it adopts it', () => {
  const copy = { folder: '/copy' };
  expect(() => planDeploy(deployed(copy))).toThrow('which was not deployed from here: it was deployed from /src');
  expect(planDeploy(deployed(copy, '--adopt'))).toMatchObject({ upload: false });
});

test('a plan says where, what and in which order', () => {
  const situation = deployed({ migrations: ['0000.sql', '0001.sql'], release: 'r2' });
  expect(renderPlan(situation, planDeploy(situation))).toBe(
    `Account      Ada (a)
Environment  production: the Worker portico, which exists
Address      https://portico.ada.workers.dev
Secrets      /home/ada/portico.env (mode 0600)

This deploy will:
  - apply 1 migrations: 0001.sql
  - upload the Worker, which has changed
  - publish and call test functions at the address, and remove them`,
  );
});

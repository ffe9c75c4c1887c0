import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { lockEnvironment } from '../../../scripts/deploy/lock.ts';
import { readCredentials, runWrangler } from '../../../scripts/deploy/wrangler.ts';
import { type Outcome, startCloudflare } from './cloudflare/cloudflare.ts';

/*
 * Deploys by the real wrangler, against a Cloudflare of the test that keeps what it is sent, and a workerd that runs the uploaded Worker. The
 * tests follow each other, as the deploys of one account do. They prove what is sent, in which order, and that an upload is complete. They
 * cannot prove that Cloudflare accepts it: its API here knows what wrangler asks and no more, limits of plans and of the platform are not
 * enforced, a change is in effect at once everywhere, and the token may do everything.
 */

const cloudflare = await startCloudflare();
const { account, api, service, deploy, env, home, answers } = cloudflare;
afterAll(() => cloudflare.close());

const folder = `${home}/.config/portico/${account.id}`;
const recordOf = (worker: string): NodeJS.Dict<string> => parseEnv(readFileSync(`${folder}/${worker}.env`, 'utf8'));
const databases = (): string[] => [...account.databases.values()].map(({ name }) => name);
const everyName = (): string[] => [
  ...databases(),
  ...account.namespaces.values(),
  ...account.buckets,
  ...account.workflows.keys(),
  ...account.workers.keys(),
];
const CREATED = ['POST /storage/kv/namespaces', 'POST /d1/database', 'POST /d1/database', 'POST /r2/buckets'];
const UPLOADED = [
  'PUT /workers/scripts/portico',
  'POST /workers/scripts/portico/subdomain',
  'PUT /workers/scripts/portico/schedules',
];
const migrations = readdirSync('migrations').filter((name) => name.endsWith('.sql'));

test('wrangler is asked how it is signed in', async () => {
  expect(await readCredentials(runWrangler(env))).toEqual({ type: 'api_token', token: env.CLOUDFLARE_API_TOKEN });
});

describe('before a first deploy', () => {
  test('a dry run says what it would do, and changes nothing', async () => {
    const { output, error, changes, commands } = await deploy('--dry-run');
    expect(error).toBe(null);
    for (const line of [
      'production: the Worker portico, new',
      'create the D1 database portico-db',
      'create the Workflow portico-graph-run',
      'set AUTH_SECRET, KEY_PEPPER, SECRETS_KEY, BOOTSTRAP_TOKEN',
      `apply ${migrations.length} migrations: 0000_init.sql`,
      'create the user admin',
    ])
      expect(output).toContain(line);
    expect([changes, commands, existsSync(folder)]).toEqual([[], ['auth token --json'], false]);
  });

  test('a wrong token is refused, and nothing is made', async () => {
    const token = env.CLOUDFLARE_API_TOKEN;
    env.CLOUDFLARE_API_TOKEN = 'wrong';
    const { error, changes } = await deploy();
    env.CLOUDFLARE_API_TOKEN = token;
    expect(error).toContain('Invalid access token');
    expect([changes, existsSync(folder)]).toEqual([[], false]);
  });
});

describe('an account', () => {
  test('is found by the login, and must have Workers', async () => {
    const id = env.CLOUDFLARE_ACCOUNT_ID;
    delete env.CLOUDFLARE_ACCOUNT_ID;
    account.subdomain = null;
    const without = await deploy('--dry-run');
    account.subdomain = 'ada';
    const found = await deploy('--dry-run');
    env.CLOUDFLARE_ACCOUNT_ID = id;
    expect(without.error).toContain('The account Ada has no workers.dev name yet');
    expect([found.error, found.output]).toEqual([null, expect.stringContaining(`Account      Ada (${account.id})`)]);
  });
});

describe('a first deploy that fails at every step', () => {
  const goesOn = 'run the same command again: it goes on from this step.';
  /** The failures of a deploy name their step and what Cloudflare or the service answered. */
  const expectFailure = ({ error }: Outcome, step: string, reason: string): void => {
    expect(error).toContain(`failed: could not ${step}.`);
    expect(error).toContain(reason);
    expect(error).toContain(goesOn);
  };

  test('the secrets cannot be kept: nothing is sent', async () => {
    const config = env.XDG_CONFIG_HOME;
    env.XDG_CONFIG_HOME = 'package.json';
    const outcome = await deploy();
    env.XDG_CONFIG_HOME = config;
    expectFailure(outcome, 'make the secrets', 'package.json');
    expect(outcome.changes).toEqual([]);
  });

  test('a bucket is refused: the databases exist, no Worker does', async () => {
    api.failNext('POST', /\/r2\/buckets$/, 403);
    const outcome = await deploy();
    expectFailure(outcome, 'upload the Worker', 'a failure that the test wants');
    expect(outcome.changes).toEqual([...CREATED.slice(0, 3), 'POST /r2/buckets 403']);
    expect(account.workers.size).toBe(0);
  });

  test('the last migration is refused: what exists is found by name, and nothing is uploaded before it', async () => {
    api.failNext('POST', /\/query$/, 403, new RegExp(`INSERT INTO.*${migrations.at(-1)}`));
    const outcome = await deploy();
    expectFailure(outcome, 'migrate the database', 'a failure that the test wants');
    const queries = migrations.map(() => 'POST /d1/database/:id/query');
    // The first creates the table of migrations; wrangler sends a read again that was refused.
    expect(outcome.changes.filter((one) => !one.endsWith(' 400'))).toEqual([...queries, `${queries[0]} 403`]);
    expect(outcome.output).not.toContain('create the D1 database');
  });

  test('the Workflow is refused: the last migration comes before the upload', async () => {
    api.failNext('PUT', /\/workflows\//, 403);
    const outcome = await deploy();
    expectFailure(outcome, 'upload the Worker', 'a failure that the test wants');
    expect(outcome.output).toContain(`apply 1 migrations: ${migrations.at(-1)}`);
    expect(outcome.commands).toEqual(['auth token --json', 'd1 migrations apply DB --remote', 'deploy --secrets-file']);
    expect(outcome.changes).toEqual([
      'POST /d1/database/:id/query',
      'POST /d1/database/:id/query',
      'POST /r2/buckets',
      ...UPLOADED,
      'PUT /workflows/portico-graph-run 403',
    ]);
    expect(databases().toSorted()).toEqual(['portico-data', 'portico-db']);
  });

  test('the service cannot be reached: the upload is made again, because it did not end', async () => {
    const before = new Map(account.worker('portico').bindings);
    service.failNext('GET', /^\/health$/, 503);
    const outcome = await deploy();
    expectFailure(outcome, 'reach the service', '503');
    expect(outcome.commands).toEqual(['auth token --json', 'deploy']);
    expect(outcome.changes).toEqual([...UPLOADED, 'PUT /workflows/portico-graph-run']);
    // Secrets and resources are as they were.
    expect(new Map(account.worker('portico').bindings)).toEqual(before);
    expect(account.workflows.get('portico-graph-run')).toBe('portico');
  });

  test('the admin cannot be created: nothing is uploaded again', async () => {
    await cloudflare.startService();
    service.failNext('POST', /^\/admin\/bootstrap$/, 503);
    const outcome = await deploy();
    expectFailure(outcome, 'create the admin', '503');
    expect(outcome.changes).toEqual([]);
  });

  let password: string;

  test('the user for later checks cannot be created: the password is kept until it is printed', async () => {
    service.failNext('POST', /^\/admin\/users$/, 503);
    const outcome = await deploy();
    expectFailure(outcome, 'create the admin', '503');
    expect(outcome.output).not.toContain('Sign in as admin');
    password = recordOf('portico').ADMIN_PASSWORD!;
    expect(password).toHaveLength(24);
  });

  test('the bootstrap token cannot be deleted: the password has been printed, and is kept no longer', async () => {
    api.failNext('DELETE', /\/secrets\/BOOTSTRAP_TOKEN/, 403);
    const outcome = await deploy();
    expectFailure(outcome, 'delete the bootstrap token', 'a failure that the test wants');
    expect(outcome.output).toContain(`Sign in as admin with the password ${password}`);
    expect(readFileSync(`${folder}/portico.env`, 'utf8')).not.toContain(password);
  });

  test('a call of the checks fails: the token is deleted, and what the checks published is removed', async () => {
    service.failNext('POST', /^\/u\//, 503);
    const outcome = await deploy();
    expectFailure(outcome, 'check the service', 'call JavaScript with the key: answered 503');
    expect(outcome.changes).toEqual(['DELETE /workers/scripts/portico/secrets/BOOTSTRAP_TOKEN']);
    expect(outcome.output).not.toContain(password);
    const removed = service.sent.filter(
      ({ method, path }) => method === 'DELETE' && path.startsWith('/admin/endpoints'),
    );
    expect(removed).toHaveLength(1);
  });

  test('the last run changes nothing, and finds that all of the service works', async () => {
    const { output, error, changes } = await deploy();
    expect([error, changes]).toEqual([null, []]);
    for (const line of [
      'not upload: nothing has changed',
      'JavaScript: published and called with a key',
      'The run of the call is in the history',
      'Python: published and called with a key',
      'Graph: published, called and run',
      `portico is at ${service.origin}`,
      '10,000 calls a minute  about $',
    ])
      expect(output).toContain(line);
  });
});

describe('a deployed service', () => {
  test('has secrets that only their owner can read, and no bootstrap token', () => {
    const { AUTH_SECRET, KEY_PEPPER, SECRETS_KEY, DEPLOY_PASSWORD, RELEASE, ...rest } = recordOf('portico');
    expect(rest).toEqual({ FOLDER: process.cwd() });
    for (const value of [AUTH_SECRET, KEY_PEPPER, SECRETS_KEY]) expect(Buffer.from(value!, 'base64')).toHaveLength(32);
    expect(DEPLOY_PASSWORD).toHaveLength(24);
    expect(statSync(`${folder}/portico.env`).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['portico.env']);
    const { bindings } = account.worker('portico');
    expect([bindings.has('BOOTSTRAP_TOKEN'), bindings.get('AUTH_SECRET')?.text, bindings.get('RELEASE')?.text]).toEqual(
      [false, AUTH_SECRET, RELEASE],
    );
  });

  test('has its secrets in no other file of the user, logs of wrangler included', () => {
    const values = Object.values(parseEnv(readFileSync(`${folder}/portico.env`, 'utf8'))).filter(
      (value) => value !== process.cwd() && value !== account.worker('portico').bindings.get('RELEASE')?.text,
    );
    const files = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('portico.env'))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.some((file) => file.includes('/.wrangler/logs/'))).toBe(true);
    const found = files.filter((file) => values.some((value) => readFileSync(file).includes(value!)));
    expect([values.length, found]).toEqual([4, []]);
  });

  test('has nothing of a local service in its upload', () => {
    const { modules, assets, metadata } = account.worker('portico');
    const code = Buffer.concat(modules.map(({ bytes }) => bytes));
    expect([code.includes('/admin/bootstrap'), code.includes('LOCAL_ADMIN_PASSWORD')]).toEqual([true, false]);
    expect([...assets.keys()].filter((path) => !/^\/(docs|python|console)\//.test(path))).toEqual([]);
    const { bindings, ...rest } = metadata;
    expect(bindings.map(({ name }) => name).filter((name) => /^(PLYNX|LOCAL)_/.test(name))).toEqual([]);
    expect(rest).toMatchObject({
      limits: { cpu_ms: 300_000 },
      observability: { enabled: true, redact_query_string: true },
      exports: { SharedInstance: { type: 'durable-object', storage: 'sqlite' } },
      // Objects of the earlier version would be called by the new Worker.
      code_update_strategy: { mode: 'immediate' },
    });
  });

  test('is within the limits of an upload', () => {
    const { modules, assets, metadata } = account.worker('portico');
    const code = Buffer.concat(modules.map(({ bytes }) => bytes));
    // https://developers.cloudflare.com/workers/platform/limits/ of November 2026; before May, 10 MB compressed.
    expect(code.length).toBeLessThan(64 * 1_048_576);
    expect(gzipSync(code).length).toBeLessThan(10_000_000);
    const texts = metadata.bindings.flatMap(({ text }) => (text === undefined ? [] : [text]));
    expect(texts.length).toBeLessThanOrEqual(128);
    expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(5000);
    expect(assets.size).toBeLessThanOrEqual(100_000);
    expect(Math.max(...[...assets.values()].map(({ length }) => length))).toBeLessThanOrEqual(25 * 1_048_576);
  });

  test('is not deployed with a secret that it would ignore', async () => {
    const file = `${folder}/portico.env`;
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^SECRETS_KEY=.*$/m, 'SECRETS_KEY=short'));
    const { error, changes } = await deploy('--force');
    writeFileSync(file, text);
    expect(error).toContain('SECRETS_KEY in');
    expect(error).toContain('must be 32 bytes in base64');
    expect(changes).toEqual([]);
  });
});

describe('another environment', () => {
  test('is created under names of its own, and production is as it was', async () => {
    answers.KEY_PEPPER = 'a pepper of the service that a backup is from';
    const production = JSON.stringify([...account.worker('portico').bindings]);
    const before = everyName();
    // Nothing serves at this address: the test's service is that of production.
    const { error, changes } = await deploy('--env', 'staging', '--url', 'http://127.0.0.1:9');
    expect(error).toContain('could not reach the service');
    expect(changes.slice(0, 4)).toEqual(CREATED);
    expect(changes.filter((one) => /portico(?!-staging)/.test(one))).toEqual([]);
    const made = everyName().filter((name) => !before.includes(name));
    expect(made.toSorted()).toEqual([
      'portico-staging',
      'portico-staging-data',
      'portico-staging-db',
      'portico-staging-files',
      'portico-staging-graph-run',
      'portico-staging-keys',
    ]);
    expect(JSON.stringify([...account.worker('portico').bindings])).toBe(production);
    expect([...account.workflows]).toEqual([
      ['portico-graph-run', 'portico'],
      ['portico-staging-graph-run', 'portico-staging'],
    ]);
    // The value that was typed at the prompt, and a new one for an empty line.
    expect(recordOf('portico-staging').KEY_PEPPER).toBe(answers.KEY_PEPPER);
    expect(recordOf('portico-staging').AUTH_SECRET).not.toBe(recordOf('portico').AUTH_SECRET);
    const ids = [...account.worker('portico-staging').bindings.values()].flatMap(({ id, namespace_id }) => [
      id,
      namespace_id,
    ]);
    const theirs = [...account.worker('portico').bindings.values()].flatMap(({ id, namespace_id }) => [
      id,
      namespace_id,
    ]);
    expect(ids.filter((id) => id !== undefined && theirs.includes(id))).toEqual([]);
  });

  test('loses a table only after the code that does not use it is up', async () => {
    const { sql } = account.database('portico-staging-db');
    sql.exec(`drop table personal_tokens; create table runs (id text);
      delete from d1_migrations where name in ('0008_runs_leave.sql', '0010_personal_tokens.sql')`);
    const { output, error, changes, commands } = await deploy(
      '--env',
      'staging',
      '--url',
      'http://127.0.0.1:9',
      '--force',
    );
    expect(error).toContain('could not reach the service');
    const apply = 'd1 migrations apply DB --remote';
    expect(commands).toEqual(['auth token --json', apply, 'deploy', apply]);
    expect(output.indexOf('apply 1 migrations: 0010')).toBeLessThan(output.indexOf('apply 1 migrations: 0008'));
    const tables = sql.prepare(`select name from sqlite_master where name in ('runs', 'personal_tokens')`).all();
    expect(tables.map(({ name }) => name)).toEqual(['personal_tokens']);
    const upload = changes.indexOf('PUT /workers/scripts/portico-staging');
    const query = 'POST /d1/database/:id/query';
    expect([changes.indexOf(query) < upload, changes.lastIndexOf(query) > upload]).toEqual([true, true]);
    expect(
      existsSync('.portico') ? readdirSync('.portico').filter((name) => name.startsWith('migrations-')) : [],
    ).toEqual([]);
  });
});

describe('two deploys at once', () => {
  test('of one machine: the second one waits for nothing and changes nothing', async () => {
    const unlock = lockEnvironment(`${folder}/portico.env`);
    const { error, changes } = await deploy('--force');
    unlock();
    expect(error).toContain('Another deploy of this environment is running');
    expect(changes).toEqual([]);
  });

  test('of two machines: the one whose plan is out of date uploads nothing', async () => {
    Object.defineProperty(answers, 'AUTH_SECRET', {
      get: () => void account.workers.set('portico-racing', account.worker('portico')),
    });
    const { error, changes } = await deploy('--env', 'racing');
    expect(error).toContain('could not upload the Worker.\nAnother deploy has changed the Worker');
    expect(changes).toEqual([]);
  });
});

import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { networkInterfaces } from 'node:os';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readExamples } from '../../scripts/start/examples.ts';
import { provision } from '../../scripts/start/provision.ts';
import { ensureSecrets } from '../../scripts/start/secrets.ts';
import { examplesAnswer } from './examples.suite.ts';
import { instabaseCallsHold } from './instabase.suite.ts';
import { clientsOfMcpWork } from './mcp.suite.ts';
import { readmesHold } from './readme.suite.ts';
import { shownOnceIsFoundNowhere } from './shown-once.suite.ts';
import { dumpDatabase } from './support/database.ts';
import { newHome, npmStart, run } from './support/newcomer.ts';
import { table, toVisit } from './support/visit.ts';

/*
 * One service, from its first start to its second, as a user with a fresh clone meets it. The tests follow each other: they share
 * what the service has become.
 */

const home = await newHome();
const start = npmStart(home);
const visit = toVisit(home, start);
const { origin } = visit;

beforeAll(() => start.saw('Press Ctrl-C to stop'));

afterAll(async () => {
  start.pressCtrlC();
  await start.ended;
  rmSync(home.folder, { recursive: true });
});

/** An address of this machine that others can see. */
const networkAddress = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

describe('the first start', () => {
  test('makes the secrets, for the owner of the file alone', () => {
    const { PLYNX_DEFAULT_USER, PLYNX_DEMO, ...secrets } = parseEnv(readFileSync(home.vars, 'utf8'));
    expect([PLYNX_DEFAULT_USER, PLYNX_DEMO]).toEqual(['1', '1']);
    const names = ['AUTH_SECRET', 'BOOTSTRAP_TOKEN', 'KEY_PEPPER', 'LOCAL_ADMIN_PASSWORD', 'SECRETS_KEY'];
    expect(Object.keys(secrets).toSorted()).toEqual(names);
    expect(new Set(Object.values(secrets)).size).toBe(names.length);
    expect(Buffer.from(secrets.SECRETS_KEY!, 'base64')).toHaveLength(32);
    expect([statSync(home.vars).mode & 0o777, statSync(home.notes).mode & 0o777]).toEqual([0o600, 0o600]);
  });

  test('answers under the names of this machine, and under another one only what is published', async () => {
    const statusAt = (host: string, path: string) =>
      new Promise<number>((resolve, reject) => {
        const { port } = new URL(origin);
        const options = { host: '127.0.0.1', port, path, headers: { host } };
        get(options, (response) => resolve(response.resume().statusCode!)).on('error', reject);
      });
    for (const host of [`127.0.0.1:${home.port}`, 'localhost', 'LOCALHOST:1', 'portico.localhost:1', '[::1]:8787'])
      expect(await statusAt(host, '/health'), host).toBe(200);
    for (const host of [
      'attacker.example',
      '127.0.0.1.attacker.example',
      'localhost.attacker.example:8787',
      '10.0.0.1',
    ]) {
      expect(await statusAt(host, '/health'), host).toBe(421);
      expect(await statusAt(host, '/plynx/api/v0/token'), host).toBe(421);
      expect(await statusAt(host, '/u/no-such-endpoint'), host).toBe(404);
    }
  });

  test('publishes the examples and shows the answer of one', () => {
    expect(start.output()).toContain(
      'Published: hono-app, names-table, number-summary, order-total, warm-counter, webhook-receiver.',
    );
    expect(start.output()).toContain(`Endpoint   ${origin}/u/names-table`);
    expect(start.output()).toContain(`Answered   200 ${table('Ada', 'Grace')}`);
  });

  test('shows no request of its own', () => {
    expect(start.output()).not.toMatch(/\[wrangler:info\] \w+ \/(admin|u\/names-table)/);
  });

  test('prints a curl line that works unchanged, with its key', async () => {
    expect(await run(home, 'bash', '-c', lineAfter('Call it:'))).toContain(table('Ada', 'Grace'));
  });

  test('prints the key of the examples as their READMEs use it, and lists all of them', () => {
    expect(lineAfter('For the curls in examples/')).toBe(`EXAMPLE_KEY=${visit.exampleKey()}`);
    for (const { name } of readExamples())
      expect(start.output()).toMatch(new RegExp(`^Examples .*examples/${name}\\b`, 'm'));
  });

  test('prints how to sign in, without the password', async () => {
    expect(await run(home, 'bash', '-c', lineAfter('Sign in as admin'))).toMatch(/"accessToken":"eyJ/);
    expect(start.output()).not.toContain(parseEnv(readFileSync(home.vars, 'utf8')).LOCAL_ADMIN_PASSWORD);
  });

  test('serves the pages of /docs', async () => {
    const page = await fetch(`${origin}/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });

  test.skipIf(!networkAddress)('cannot be reached from other machines', async () => {
    await expect(fetch(`http://${networkAddress}:${home.port}/health`)).rejects.toThrow('fetch failed');
  });

  test('on a port in use ends with a message, and leaves nothing', async () => {
    const other = { ...(await newHome()), port: home.port };
    const second = npmStart(other);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Port ${home.port} is taken. Take another: npm start -- --port ${home.port + 1}`);
    expect(existsSync(other.vars)).toBe(false);
    rmSync(other.folder, { recursive: true });
  });
});

/** The command that the summary has under a heading. */
const lineAfter = (heading: string): string => {
  const lines = start.output().split('\n');
  return lines[lines.findIndex((line) => line.startsWith(heading)) + 1]!.trim();
};

describe('the commands of the READMEs', () => readmesHold(visit));

describe('the examples', () => examplesAnswer(visit));

describe('the wire of Instabase', () => instabaseCallsHold(visit));

describe('a lost key of the examples', () => {
  test('is replaced, and nothing is published twice', async () => {
    const before = visit.exampleKey();
    rmSync(home.notes);
    const provisioned = await provision(origin, ensureSecrets(home.vars).values, home.notes);
    expect(provisioned.news).toEqual(['The examples have a new key. An earlier one is no longer valid.']);
    expect(provisioned.answer).toEqual({ status: 200, body: table('Ada', 'Grace') });
    expect(visit.exampleKey()).not.toBe(before);
    const admin = await visit.signIn();
    const aliases = (await admin.list<{ alias: string }>('/admin/keys')).map(({ alias }) => alias);
    expect(aliases.filter((alias) => alias === 'Examples')).toHaveLength(1);
    expect(await admin.list('/admin/endpoints?folder=examples')).toHaveLength(6);
  });

  test('an example that was deleted stays deleted', async () => {
    const admin = await visit.signIn();
    const [endpoint] = await admin.list<{ id: string }>('/admin/endpoints?path=hono-app');
    await admin.delete(`/admin/endpoints/${endpoint!.id}`);
    expect(await provision(origin, ensureSecrets(home.vars).values, home.notes)).toMatchObject({ news: [] });
    expect(await admin.list('/admin/endpoints?folder=examples')).toHaveLength(5);
  });
});

describe('the console', () => {
  test('prints a link to the console, which signs a browser in once', async () => {
    const [, host, code] = /http:\/\/(portico\.localhost:\d+)\/console\/#code=(\S+)/.exec(start.output()) ?? [];
    expect(host).toBe(`portico.localhost:${home.port}`);
    const claim = (): Promise<Response> =>
      fetch(`${origin}/admin/session/cookie`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      });
    const claimed = await claim();
    expect([claimed.status, await claimed.json()]).toMatchObject([200, { user: { name: 'admin' } }]);
    const cookie = claimed.headers.get('set-cookie')!;
    expect(cookie).toMatch(new RegExp(`^portico-${home.port}=\\S+; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict$`));
    const headers = { cookie: cookie.slice(0, cookie.indexOf(';')), 'sec-fetch-site': 'same-origin' };
    expect((await fetch(`${origin}/admin/session`, { headers })).status).toBe(200);
    expect((await claim()).status).toBe(401);
    expect((await fetch(`${origin}/cdn-cgi/portico/sign-in-code?name=admin`, { method: 'POST' })).status).toBe(404);
    expect(await (await fetch(`${origin}/console/`)).text()).toContain('<div id="console">');
  });
});

describe('clients of the Model Context Protocol', () => clientsOfMcpWork(visit));

describe('values that are shown once', () => shownOnceIsFoundNowhere(visit));

describe('the second start', () => {
  test('changes no definition, and prints the same kind of summary', async () => {
    // `_cf_METADATA` is D1's own count of writes.
    const but = ['_cf_METADATA'];
    const before = dumpDatabase(home.state, but);
    const files = [home.vars, home.notes].map((file) => readFileSync(file, 'utf8'));
    const second = npmStart(home, '--once');
    expect([await second.ended, second.output()]).toEqual([0, expect.stringContaining('Answered   200')]);
    expect(dumpDatabase(home.state, but)).toEqual(before);
    expect([home.vars, home.notes].map((file) => readFileSync(file, 'utf8'))).toEqual(files);
    const summary = second.output().slice(second.output().indexOf('Endpoint'));
    for (const line of ['Call it:', visit.exampleKey(), 'Sign in as admin', `${origin}/docs`])
      expect(summary).toContain(line);
    expect(second.output()).not.toMatch(/Created|Published|new key/);
  });
});

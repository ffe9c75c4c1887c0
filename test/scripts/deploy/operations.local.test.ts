import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { Account } from './cloudflare/account.ts';
import { cloudflareApi } from './cloudflare/api.ts';
import { serve } from './cloudflare/server.ts';

/*
 * The commands of wrangler in docs/operations.md, run by wrangler itself against the Cloudflare of the tests. They prove that wrangler takes
 * them, and the requests that it makes; an account shows the rest.
 */

const TOKEN = 'token-of-the-test';
const account = new Account('0b'.repeat(16));
const router = cloudflareApi(account, TOKEN, () => Promise.resolve());
const api = await serve((request) => router.fetch(request));
const home = mkdtempSync(join(tmpdir(), 'portico-operations-'));
afterAll(async () => {
  await api.close();
  rmSync(home, { recursive: true, force: true });
});
const env = {
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  CI: 'true',
  NO_COLOR: '1',
  WRANGLER_SEND_METRICS: 'false',
  PATH: process.env.PATH,
  HOME: home,
  CLOUDFLARE_API_BASE_URL: `${api.origin}/client/v4`,
  CLOUDFLARE_API_TOKEN: TOKEN,
  CLOUDFLARE_ACCOUNT_ID: account.id,
};
/** Runs wrangler to its end. Throws for a command that fails. */
async function wrangler(args: string[], input: string): Promise<string> {
  const running = promisify(execFile)(process.execPath, ['node_modules/wrangler/bin/wrangler.js', ...args], { env });
  running.child.stdin!.end(input);
  const { stdout, stderr } = await running;
  return stdout + stderr;
}

/** Commands of the page, without the examples that leave a part out. */
const commands = [...readFileSync('docs/operations.md', 'utf8').matchAll(/npx wrangler ([^`\n]+)/g)]
  .map(([, command]) => command!)
  .filter((command) => !command.includes('…'));

/** Runs the commands that begin with these words, in order. Returns what they print. */
async function run(words: string, input = ''): Promise<string[]> {
  const found = new Set(commands.filter((command) => command.startsWith(words)));
  expect(found.size).toBeGreaterThan(0);
  const outputs = [];
  for (const command of found) {
    const args = [...command.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, word]) =>
      quoted === undefined ? word! : quoted.replaceAll('\\"', '"'),
    );
    outputs.push(await wrangler(args, input));
  }
  return outputs;
}

const upload = (text: string) =>
  account.putWorker(
    'portico',
    { main_module: 'worker.js', bindings: [], compatibility_date: '', compatibility_flags: [] },
    [{ name: 'worker.js', type: 'application/javascript+module', bytes: Buffer.from(text) }],
  );
const serving = (): string => account.worker('portico').modules[0]!.bytes.toString();
const users = (): unknown[] => account.query('portico-db', 'select name, roles from users').map((row) => ({ ...row }));

test('databases are created where the operator wants them', async () => {
  await run('d1 create ');
  expect([...account.databases.values()].map(({ name }) => name)).toEqual(['portico-db', 'portico-data']);
  expect(api.sent.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
    expect.stringContaining('weur'),
    expect.stringContaining('weur'),
  ]);
});

test('a lost admin is replaced, and Time Travel undoes it', async () => {
  account.now = () => Date.parse('2026-11-22T11:00:00Z');
  account.query('portico-db', 'create table users (name text, roles text)');
  account.query('portico-db', `insert into users values ('admin', '["admin"]')`);
  account.query('portico-data', 'create table t (n integer)');
  account.now = () => Date.parse('2026-11-22T13:00:00Z');
  await run('d1 execute ');
  expect(users()).toEqual([{ name: 'old-admin', roles: '["developer"]' }]);
  const [, ofDb] = await run('d1 time-travel restore ');
  expect(users()).toEqual([{ name: 'admin', roles: '["admin"]' }]);
  expect(ofDb).toContain('you can restore to the previous bookmark: 00000003');
});

test('a secret is set, and a rollback serves the version before', async () => {
  upload('one');
  upload('two');
  await run('secret put BOOTSTRAP_TOKEN', 'a-token-of-thirty-two-characters');
  expect(account.worker('portico').bindings.get('BOOTSTRAP_TOKEN')?.text).toBe('a-token-of-thirty-two-characters');
  await run('rollback');
  expect(serving()).toBe('one');
});

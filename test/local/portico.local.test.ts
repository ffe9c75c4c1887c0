import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrap, signIn, type AdminClient } from '../../scripts/admin-client.ts';
import { applyMigrations } from '../../scripts/start/migrations.ts';
import { membersOf } from '../../scripts/start/process-group.ts';
import { ensureSecrets } from '../../scripts/start/secrets.ts';
import { startService, type Service } from '../../scripts/start/service.ts';
import { newHome } from './support/newcomer.ts';
import { edit, inTerminal, portico, startPortico, writeFiles, type Ran } from './support/portico.ts';

/* The command as a user types it, against one started service: every run is a process of its own. */

const home = await newHome();
const env = { XDG_CONFIG_HOME: join(home.folder, 'config'), HOME: home.folder };
const shop = join(home.folder, 'shop');
const bare = join(home.folder, 'bare');
let service: Service;
let group = 0;
let admin: AdminClient;
let password = '';

const run = (args: string, folder = shop, input = ''): Promise<Ran> => portico(folder, args.split(' '), env, input);
const hello = async (): Promise<unknown> => (await fetch(`${service.origin}/u/hello?name=Ada`)).json();
/** Runs a script of the repository against the service, as an operator does. */
const command = (script: string, ...args: string[]) => {
  const options = { env: { ...process.env, PORTICO_PASSWORD: password }, encoding: 'utf8' as const };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args, '--url', service.origin], options);
  return { status, stdout, stderr };
};
const entries = async (): Promise<number> => (await admin.list('/admin/audit?limit=100')).length;

async function accessToken(): Promise<string> {
  const response = await fetch(`${service.origin}/admin/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password }),
  });
  return ((await response.json()) as { accessToken: string }).accessToken;
}

beforeAll(async () => {
  const { values } = ensureSecrets(home.vars);
  password = values.LOCAL_ADMIN_PASSWORD;
  const note = (started: number): void => void (group = started);
  applyMigrations(home.state);
  service = await startService({ port: home.port, persistTo: home.state, vars: home.vars }, () => undefined, note);
  await bootstrap(service.origin, values.BOOTSTRAP_TOKEN, password);
  admin = await signIn(service.origin, password);
});

afterAll(async () => {
  await service.stop();
  expect(membersOf(group)).toEqual([]);
  rmSync(home.folder, { recursive: true });
});

test('a service that has nothing is backed up', () => {
  expect(command('scripts/backup.ts', '--to', bare)).toMatchObject({ status: 0, stderr: '' });
});

test('a new project is served after init, login and push', async () => {
  const made = await portico(home.folder, ['init', 'shop', '--url', service.origin], env);
  expect([made.code, made.err]).toEqual([0, '']);
  expect(made.out).toContain('npx portico push');
  expect(await run('push')).toMatchObject({ code: 5, err: expect.stringContaining('portico login') });
  expect(await run('login --user admin --password-stdin', shop, 'wrong\n')).toMatchObject({ code: 5 });
  const signedIn = await run('login --user admin --password-stdin', shop, `${password}\n`);
  expect(signedIn).toMatchObject({ code: 0, err: '' });
  const file = join(env.XDG_CONFIG_HOME, 'portico/tokens.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { token } = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, { token: string }>)[service.origin]!;
  expect(signedIn.out).not.toContain(token);
  expect((await run('whoami')).out).toMatch(/^admin at http:.*, until 20\d\d-/);
  expect(await run('status')).toMatchObject({ code: 2 });
  const pushed = await run('push');
  expect([pushed.code, pushed.err]).toEqual([0, '']);
  expect(pushed.out).toContain('✓ 2 changes, generation 1.');
  expect(await hello()).toEqual({ message: 'Hello, Ada!' });
});

test('a second push changes nothing and writes no audit entry', async () => {
  const before = await entries();
  expect(await run('push')).toEqual({ code: 0, out: '✓ Nothing to do.\n', err: '' });
  expect(await run('status')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do.') });
  expect(await entries()).toBe(before);
});

test('plan --json is one object, and a push of a change is served', async () => {
  edit(shop, 'handlers/hello.ts', 'Hello,', 'Welcome,');
  const plan = await run('plan --json');
  expect(plan.code).toBe(2);
  expect(JSON.parse(plan.out)).toMatchObject({ steps: [{ kind: 'handler', identity: 'hello.ts', action: 'change' }] });
  const differs = await portico(shop, ['diff', 'handler hello.ts'], env);
  expect(differs.code).toBe(2);
  expect(differs.out).toMatch(/^~ handler {2}hello\.ts\n[^]*\n- {3}return .*Hello,.*\n\+ {3}return .*Welcome,/);
  expect(await run('diff hello.js')).toMatchObject({ code: 64, out: '' });
  expect(await hello()).toEqual({ message: 'Hello, Ada!' });
  expect((await run('push')).code).toBe(0);
  expect(await hello()).toEqual({ message: 'Welcome, Ada!' });
});

test('a change in the service is kept and shown until the folder is to win', async () => {
  const endpoint = await admin.get<{ id: string }>('/admin/by-path/endpoints/hello');
  await admin.patch(`/admin/endpoints/${endpoint.id}`, { title: 'Theirs' });
  const kept = await run('push');
  expect(kept.code).toBe(3);
  expect(kept.out).toContain('! endpoint GET hello  changed in the service by admin');
  edit(shop, 'handlers/hello.endpoint.jsonc', '"Hello"', '"Mine"');
  const conflict = await run('push');
  expect(conflict.code).toBe(3);
  expect(conflict.out).toContain('title  base "Hello" · here "Mine" · there "Theirs"');
  expect((await portico(shop, ['push', '--over', 'GET hello'], env)).code).toBe(0);
  expect(await admin.get('/admin/by-path/endpoints/hello')).toMatchObject({ title: 'Mine' });
});

test('faults of the service have the line of the file', async () => {
  edit(shop, 'handlers/hello.endpoint.jsonc', '"title"', '"secrets": ["NOT_THERE"],\n  "title"');
  const refused = await run('push');
  expect(refused.code).toBe(1);
  expect(refused.out).toContain('handlers/hello.endpoint.jsonc:5:15  secrets.0 secret NOT_THERE not found');
  edit(shop, 'handlers/hello.endpoint.jsonc', '"secrets": ["NOT_THERE"],\n  ', '');
  edit(shop, 'handlers/hello.ts', '{ name }', '{ name ');
  const broken = await run('push');
  expect(broken.code).toBe(1);
  expect(broken.err).toContain('hello.ts');
  edit(shop, 'handlers/hello.ts', '{ name ', '{ name }');
  expect(await run('status')).toMatchObject({ code: 0 });
});

test('a secret with a value is lost only when its loss is allowed', async () => {
  writeFiles(shop, { 'secrets.jsonc': '{ "STRIPE_KEY": { "description": "Of a test" } }' });
  expect(await run('push')).toMatchObject({ code: 0 });
  await admin.put('/admin/secrets/STRIPE_KEY', { value: 'canary-value' });
  rmSync(join(shop, 'secrets.jsonc'));
  expect((await run('push')).code).toBe(0);
  const refused = await run('push --prune');
  expect(refused.code).toBe(4);
  expect(refused.out).toContain("--allow 'drop-secret STRIPE_KEY'");
  expect(refused.out + refused.err).not.toContain('canary-value');
  expect((await portico(shop, ['push', '--prune', '--allow', 'drop-secret STRIPE_KEY'], env)).code).toBe(0);
});

test('pull takes changes of the service into the files, and comments stay', async () => {
  const { id } = await admin.get<{ id: string }>('/admin/by-path/endpoints/hello');
  await admin.patch(`/admin/endpoints/${id}`, { title: 'From the console' });
  expect(await run('pull')).toMatchObject({ code: 0, out: expect.stringContaining('~ handlers/hello.endpoint.jsonc') });
  const text = readFileSync(join(shop, 'handlers/hello.endpoint.jsonc'), 'utf8');
  expect(text).toContain('"From the console"');
  expect(text).toContain('// The handler is the file beside this one.');
  expect(text).not.toContain('"executor"');
  expect(await run('push')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do.') });
});

test('what both sides changed stays as it is in the folder, until one side is chosen', async () => {
  const file = 'handlers/hello.endpoint.jsonc';
  const { id } = await admin.get<{ id: string }>('/admin/by-path/endpoints/hello');
  await admin.patch(`/admin/endpoints/${id}`, { title: 'Theirs' });
  edit(shop, file, '"From the console"', '"Ours"');
  expect(await run('pull')).toMatchObject({ code: 3, out: expect.stringContaining(`✗ ${file}.theirs`) });
  expect(readFileSync(join(shop, file), 'utf8')).toContain('"Ours"');
  expect(readFileSync(join(shop, `${file}.theirs`), 'utf8')).toContain('"Theirs"');
  rmSync(join(shop, `${file}.theirs`));
  expect((await run('pull --theirs')).code).toBe(0);
  expect(readFileSync(join(shop, file), 'utf8')).toContain('"Theirs"');
});

test('pull deletes no file that has changed since, and none that the project does not own', async () => {
  await admin.put('/admin/by-path/roles/foreign', { description: 'Made by hand' });
  writeFiles(shop, { 'roles.jsonc': '{ "foreign": {}, "buyer": {} }' });
  expect((await portico(shop, ['push'], env)).code).toBe(3);
  expect((await run('pull')).code).toBe(0);
  writeFiles(shop, { 'roles.jsonc': '{ "buyer": {} }' });
  expect((await run('push')).code).toBe(0);
  await admin.delete('/admin/roles/buyer');
  writeFiles(shop, { 'roles.jsonc': '{ "buyer": { "description": "New" } }' });
  expect(await run('pull')).toMatchObject({ code: 3, out: expect.stringContaining('✗ roles.jsonc.theirs') });
  expect(readFileSync(join(shop, 'roles.jsonc'), 'utf8')).toContain('"New"');
  rmSync(join(shop, 'roles.jsonc.theirs'));
  rmSync(join(shop, 'roles.jsonc'));
  expect((await run('push')).code).toBe(0);
});

test('a handler of many files is pushed once, and its failures name the files', async () => {
  writeFiles(shop, {
    'handlers/till/index.ts':
      "import { createHash } from 'node:crypto';\nimport { tax } from '../../lib/tax.ts';\nimport { percent } from './rate.json';\n\n" +
      'export default ({ net }: { net: number }) => ({\n  total: net + tax(net, percent),\n  id: createHash("md5").update(String(net)).digest("hex"),\n});\n',
    'handlers/till/rate.json': '{ "percent": 20 }\n',
    'handlers/till/till.endpoint.jsonc':
      '{ "path": "till", "access": { "level": "public" }, "parameters": [{ "name": "net", "type": "number", "required": true, "test": -1 }] }',
    'lib/tax.ts':
      "export function tax(net: number, percent: number): number {\n  if (net < 0) throw new RangeError('negative');\n  return (net * percent) / 100;\n}\n",
  });
  expect(await run('push')).toMatchObject({ code: 0, err: '' });
  const before = await entries();
  expect(await run('push')).toEqual({ code: 0, out: '✓ Nothing to do.\n', err: '' });
  expect(await entries()).toBe(before);
  expect(await run('run till net=10')).toMatchObject({ code: 0, out: expect.stringContaining('"total":12') });
  const failed = await run('run till');
  expect([failed.code, failed.out + failed.err]).toEqual([1, expect.stringMatching(/at tax \(lib\/tax\.ts:2:22\)/)]);
  edit(shop, 'lib/tax.ts', '/ 100', '/ 1000');
  expect((await portico(shop, ['diff', 'till/index.ts'], env)).out).toMatch(/\n {2}lib\/tax\.ts\n[^]*\n\+ .*\/ 1000/);
  edit(shop, 'lib/tax.ts', '/ 1000', '/ 100');
  expect((await run('types')).code).toBe(0);
});

test('pull into an empty folder gives a project that has nothing to push', async () => {
  const empty = join(home.folder, 'empty');
  mkdirSync(empty);
  cpSync(join(shop, 'portico.jsonc'), join(empty, 'portico.jsonc'));
  expect((await run('pull', empty)).code).toBe(0);
  for (const file of ['handlers/hello.ts', 'handlers/till/index.ts', 'handlers/till/rate.json', 'lib/tax.ts'])
    expect(readFileSync(join(empty, file), 'utf8')).toBe(readFileSync(join(shop, file), 'utf8'));
  const schema = '.portico/schema/endpoint.json';
  expect(readFileSync(join(empty, schema), 'utf8')).toBe(readFileSync(join(shop, schema), 'utf8'));
  expect(await run('push', empty)).toMatchObject({ code: 0, out: '✓ Nothing to do.\n' });
});

test('types from the files and from the service are equal, and the handlers compile', async () => {
  const file = join(shop, 'portico.d.ts');
  expect(await run('types --check')).toMatchObject({ code: 0, out: 'portico.d.ts is up to date.\n' });
  const made = readFileSync(file, 'utf8');
  rmSync(file);
  expect((await run('types --service')).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(made);
  expect(await run('check')).toEqual({ code: 0, out: 'No errors.\n', err: '' });
  edit(shop, 'handlers/hello.ts', '{ name }:', '{ nmae: name }:');
  expect(await run('check')).toMatchObject({ code: 1, out: expect.stringContaining('handlers/hello.ts(1,') });
  edit(shop, 'handlers/hello.ts', '{ nmae: name }:', '{ name }:');
  edit(shop, 'lib/tax.ts', 'export', "import 'left-pad';\nexport");
  expect(await run('check')).toMatchObject({
    code: 1,
    err: expect.stringContaining('lib/tax.ts:1:8  cannot find the package left-pad'),
  });
  edit(shop, 'lib/tax.ts', "import 'left-pad';\n", '');
});

test('run, runs, logs and tail show a call', async () => {
  edit(shop, 'handlers/hello.ts', '  return', "  console.log('called by', name);\n  return");
  expect((await run('push')).code).toBe(0);
  const tailed = run('tail hello --limit 1 --logs --json');
  const called = await run('run hello name=Grace');
  expect(called).toMatchObject({ code: 0, out: expect.stringContaining('Grace!') });
  await expect.poll(async () => (await run('runs hello --logs --limit 1')).out).toContain('called by');
  const { runs } = JSON.parse((await run('runs hello --json')).out) as { runs: { id: string }[] };
  expect(await run(`logs ${runs[0]!.id}`)).toMatchObject({ code: 0, out: expect.stringContaining('called by') });
  let ended = false;
  void tailed.then(() => (ended = true));
  while (!ended) await hello();
  expect(JSON.parse((await tailed).out)).toMatchObject({ endpointPath: 'hello', outcome: 'success' });
  const { id } = await admin.get<{ id: string }>('/admin/by-path/endpoints/hello');
  const schedules = [{ name: 'morning', cron: '0 8 * * *', parameters: { name: 'Ada' } }];
  await admin.patch(`/admin/endpoints/${id}`, { schedules });
  expect(await run('run hello --schedule morning')).toMatchObject({ code: 0, out: expect.stringMatching(/^200 run_/) });
  expect(await run('run hello --schedule evening')).toMatchObject({ code: 1 });
  await admin.patch(`/admin/endpoints/${id}`, { schedules: [] });
});

test('rollback serves the version before', async () => {
  const back = await run('rollback hello.ts');
  expect(back).toMatchObject({ code: 0, out: expect.stringMatching(/hello\.ts v\d+ → v\d+/) });
  expect((await run('status')).out).toContain('! handler  hello.ts  changed in the service');
  expect((await run('pull')).code).toBe(0);
  expect(readFileSync(join(shop, 'handlers/hello.ts'), 'utf8')).not.toContain('console.log');
});

test('values of secrets and keys are set as a user, and shown once', async () => {
  writeFiles(shop, { 'keys.jsonc': '{ "till": {} }', 'secrets.jsonc': '{ "TILL_KEY": {} }' });
  const pushed = await run('push');
  expect(pushed.out).toContain('portico keys issue till');
  expect(await run('secrets set TILL_KEY', shop, 'canary-value\n')).toMatchObject({ code: 5, out: '' });
  const as = { ...env, PORTICO_TOKEN: await accessToken() };
  const set = await portico(shop, ['secrets', 'set', 'TILL_KEY'], as, 'canary-value\n');
  expect(set).toEqual({ code: 0, out: `Set TILL_KEY at ${service.origin}.\n`, err: '' });
  const issued = await portico(shop, ['keys', 'issue', 'till'], as);
  expect(issued.out).toMatch(/^ptk_\w+\n$/);
  expect((await run('secrets list')).out).toContain('TILL_KEY  value 1');
  expect((await run('keys list')).out).toContain('till');
  rmSync(join(shop, 'keys.jsonc'));
  rmSync(join(shop, 'secrets.jsonc'));
  const allow = ['--allow', 'drop-secret TILL_KEY', '--allow', 'revoke-key till'];
  expect((await portico(shop, ['push', '--prune', ...allow], env)).code).toBe(0);
});

test('a personal token for a program is made, used and revoked', async () => {
  const as = { ...env, PORTICO_TOKEN: await accessToken() };
  const made = await portico(shop, ['tokens', 'create', 'ci', '--scopes', 'deploy'], as);
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^ptc_\w+\n$/) });
  const ci = { ...env, PORTICO_TOKEN: made.out.trim() };
  expect(await portico(shop, ['status'], ci)).toMatchObject({ code: 0 });
  expect(await portico(shop, ['tokens', 'list'], ci)).toMatchObject({ code: 5, out: '' });
  expect((await portico(shop, ['tokens', 'list'], as)).out).toMatch(/^ci {2}deploy {2}until 20/m);
  expect(await portico(shop, ['tokens', 'revoke', 'ci'], as)).toMatchObject({ code: 0, out: 'Revoked ci.\n' });
  expect(await portico(shop, ['status'], ci)).toMatchObject({ code: 5 });
});

test('the document, the client and the configuration for agents come from the service', async () => {
  const document = JSON.parse((await run('openapi')).out) as { paths: object };
  expect(Object.keys(document.paths)).toContain('/hello');
  expect(await run('client ts --out client.ts')).toMatchObject({ code: 0, out: 'Wrote client.ts.\n' });
  expect(readFileSync(join(shop, 'client.ts'), 'utf8')).toContain('PorticoError');
  rmSync(join(shop, 'client.ts'));
  const { mcpServers } = JSON.parse((await run('mcp shop')).out) as { mcpServers: object };
  expect(mcpServers).toMatchObject({
    shop: { url: `${service.origin}/mcp/shop`, headers: { 'x-api-key': 'API_KEY' } },
  });
});

test('an export is imported again, with a report of what is left by hand', async () => {
  const file = join(home.folder, 'all.portico.json');
  await admin.put('/admin/secrets/EXPORTED', { value: 'canary-value' });
  expect(await run(`export ${file}`)).toMatchObject({ code: 0, out: expect.stringMatching(/^Wrote \d+ objects/) });
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('canary-value');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, text.replace('/ 100', '/ 10'));
  expect(await run(`import ${file}`)).toMatchObject({ code: 1, out: '' });
  writeFileSync(file, text);
  const { id } = await admin.get<{ id: string }>('/admin/by-path/endpoints/till');
  await admin.delete(`/admin/endpoints/${id}`);
  await admin.delete('/admin/secrets/EXPORTED');
  const imported = await run(`import ${file} --project moved`);
  expect(imported.code).toBe(0);
  expect(imported.out).toContain('+ endpoint POST till');
  expect(imported.out).toContain('secret EXPORTED has no value: portico secrets set EXPORTED');
  expect((await run('run till net=10')).out).toContain('"total":12');
  expect((await run(`import ${file} --project moved`)).out).toContain('✓ Nothing to do.');
  await admin.delete('/admin/secrets/EXPORTED');
  expect(await run('push')).toMatchObject({ code: 0, out: expect.stringContaining('✓ Nothing to do.') });
});

test('dev pushes what is saved, goes on after a fault, and ends with a signal', async () => {
  const dev = startPortico(shop, ['dev'], env);
  await dev.shows('Watching ');
  edit(shop, 'handlers/hello.ts', '{ name }', '{ name ');
  await dev.shows('hello.ts');
  edit(shop, 'handlers/hello.ts', '{ name ', '{ name }');
  edit(shop, 'handlers/hello.ts', 'Welcome,', 'Saved,');
  await dev.shows('✓ generation');
  expect(await hello()).toEqual({ message: 'Saved, Ada!' });
  await dev.shows('hello  200 success');
  expect(await dev.stop()).toBe(0);
  edit(shop, 'handlers/hello.ts', 'Saved,', 'Welcome,');
  expect((await run('push')).code).toBe(0);
});

test('dev in a terminal acts on keys: test, logs, plan, docs, quit', async () => {
  const dev = inTerminal(shop, ['dev'], env);
  await dev.shows('t test · l logs · p plan · o docs · q quit');
  dev.press('t');
  await dev.shows('Save a handler or an endpoint first');
  edit(shop, 'handlers/hello.ts', 'Welcome,', 'Keyed,');
  await dev.shows('✓ generation');
  dev.press('t');
  await dev.shows('GET hello  200  {"message":"Keyed, Ada!"}');
  dev.press('lpo');
  await dev.shows('Runs are shown without their logs.');
  await dev.shows('Nothing to do.');
  await dev.shows(`${service.origin}/u/docs`);
  dev.press('q');
  expect(await dev.ended).toBe(0);
  const again = inTerminal(shop, ['dev'], env);
  await again.shows('q quit');
  again.press('\u0003');
  expect(await again.ended).toBe(0);
  edit(shop, 'handlers/hello.ts', 'Keyed,', 'Welcome,');
  expect((await run('push')).code).toBe(0);
});

test('a push that is killed halfway is finished by the next one', async () => {
  const many = Array.from({ length: 130 }, (_, i) => [`handlers/many/h${i}.js`, `export default () => ${i};\n`]);
  const folder = join(home.folder, 'many');
  const file = { project: 'many', targets: { local: { url: service.origin } } };
  writeFiles(folder, { 'portico.jsonc': JSON.stringify(file), ...Object.fromEntries(many) });
  writeFiles(folder, { 'handlers/first.js': 'export default () => 0;\n' });
  for (let i = 0; i < 130; i++) writeFiles(folder, { [`handlers/many/h${i}.endpoint.jsonc`]: `{"path":"many/${i}"}` });
  const killed = startPortico(folder, ['push'], env);
  await killed.shows('changes so far');
  await killed.kill();
  expect(await run('push', folder)).toMatchObject({ code: 0, out: expect.stringContaining('✓ ') });
  expect(await run('push', folder)).toEqual({ code: 0, out: '✓ Nothing to do.\n', err: '' });
  expect((await admin.list('/admin/handlers?prefix=many/&limit=100')).length).toBe(100);
  const served = await Promise.all(many.map((_, i) => admin.get(`/admin/by-path/endpoints/many/${i}`)));
  expect(served).toHaveLength(130);
});

test('a checkout behind the last push cannot take it back', async () => {
  const git = (folder: string, ...args: string[]): void =>
    void execFileSync('git', ['-C', folder, '-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args]);
  const other = join(home.folder, 'other');
  git(home.folder, 'init', '-q', 'shop');
  git(shop, 'add', '.');
  git(shop, 'commit', '-qm', 'one');
  cpSync(shop, other, { recursive: true });
  edit(shop, 'handlers/hello.ts', 'Welcome,', 'Hi,');
  git(shop, 'commit', '-qam', 'two');
  expect((await run('push')).code).toBe(0);
  const stale = await run('push', other);
  expect(stale.code).toBe(3);
  expect(stale.err).toContain('which is not in your history');
  expect(await hello()).toEqual({ message: 'Hi, Ada!' });
});

test('a protected target is pushed to only when it is named', async () => {
  edit(shop, 'portico.jsonc', '"url"', '"protected": true,\n      "url"');
  edit(shop, 'handlers/hello.ts', 'Hi,', 'Hey,');
  expect(await run('push --dirty')).toMatchObject({ code: 64, err: expect.stringContaining('--yes-to local') });
  expect(await run('push --yes-to local')).toMatchObject({ code: 64, err: expect.stringContaining('--dirty') });
  expect((await run('push --dirty --yes-to local')).code).toBe(0);
});

test('a first plan of more settings than one request holds is made from uploads', async () => {
  const big = join(home.folder, 'big');
  const long = {
    handler: 'big.js',
    description: 'd'.repeat(10_000),
    response: { schema: { title: 't'.repeat(16_000) } },
  };
  const listOf = (file: number): object[] =>
    Array.from({ length: 33 }, (_, i) => ({ path: `big-${file}-${i}`, methods: ['GET'], ...long }));
  const texts = Array.from({ length: 5 }, (_, file) => JSON.stringify(listOf(file)));
  writeFiles(big, {
    'portico.jsonc': JSON.stringify({ project: 'big', targets: { local: { url: service.origin } } }),
    'handlers/big.js': 'export default () => 1\n',
    ...Object.fromEntries(texts.map((text, file) => [`more/${file}.endpoint.jsonc`, text])),
  });
  expect(Buffer.byteLength(texts.join(''))).toBeGreaterThan(4 * 1_048_576);
  const planned = await portico(big, ['plan', '--json'], env);
  expect(planned.code).toBe(2);
  const { blocked, need, steps } = JSON.parse(planned.out) as { blocked: string[]; need: object; steps: object[] };
  expect([blocked, need, steps.length]).toMatchObject([[], { documents: [] }, 1 + 5 * 33]);
});

test('PORTICO_TOKEN is used before the stored token', async () => {
  const ran = await portico(shop, ['status'], { ...env, PORTICO_TOKEN: 'ptc_unknown' });
  expect(ran).toMatchObject({ code: 5, out: '' });
});

test('login shows a code, and gets the token that a user approves', async () => {
  const login = startPortico(shop, ['login', '--device'], env);
  await login.shows('and approve the code ');
  const code = await login.shown(/[A-Z]{4}-[A-Z]{4}/);
  await admin.put(`/admin/device-logins/${code}`, { approve: true });
  await login.shows('Signed in to');
  expect(await login.ended).toBe(0);
  expect(await run('status')).toMatchObject({ code: 0 });
});

test('logout removes the stored token', async () => {
  expect(await run('logout')).toMatchObject({ code: 0, out: expect.stringContaining('It stays valid until') });
  expect(await run('status')).toMatchObject({ code: 5 });
});

test('a service that is away is exit code 6', async () => {
  const away = join(home.folder, 'away');
  mkdirSync(away);
  writeFileSync(join(away, 'portico.jsonc'), '{"project":"a","targets":{"local":{"url":"http://127.0.0.1:9"}}}');
  const ran = await portico(away, ['push'], { ...env, PORTICO_TOKEN: 'ptc_any' });
  expect(ran).toMatchObject({ code: 6, err: expect.stringContaining('http://127.0.0.1:9 does not answer') });
});

test('a backup restores what was deleted, ends the sessions and reports the key that works again', async () => {
  const folder = join(home.folder, 'backup');
  const key = await admin.post<{ id: string; key: string }>('/admin/keys', { alias: 'returning' });
  const greeting = await hello();
  const taken = command('scripts/backup.ts', '--to', folder);
  expect(taken).toMatchObject({ status: 0, stderr: '' });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'backup.json')).mode & 0o777).toBe(0o600);
  expect(command('scripts/backup.ts', '--to', folder)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('exists'),
  });

  const endpoint = await admin.get<{ id: string }>('/admin/by-path/endpoints/hello');
  await admin.delete(`/admin/endpoints/${endpoint.id}`);
  await admin.delete(`/admin/keys/${key.id}`);
  const refused = command('scripts/restore.ts', folder);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('this service has handlers') });
  const restored = command('scripts/restore.ts', folder, '--replace');
  expect(restored).toMatchObject({ status: 0, stderr: '' });
  expect(restored.stdout).toContain(`key returning (${key.id}) had ended`);
  expect(await hello()).toEqual(greeting);
  await expect(admin.get('/admin/session')).rejects.toThrow('401');
  const again = await signIn(service.origin, password);
  expect(await again.get('/admin/by-path/handler-files/till/index.ts')).toMatchObject({
    files: expect.arrayContaining([{ path: 'lib/tax.ts', source: readFileSync(join(shop, 'lib/tax.ts'), 'utf8') }]),
  });
  for (const text of [taken, restored].flatMap(({ stdout }) => stdout)) {
    expect(text).not.toContain(password);
    expect(text).not.toContain(key.key);
  }

  const piece = join(folder, 'pieces/000001.gz');
  writeFileSync(piece, gzipSync('something else'));
  expect(command('scripts/restore.ts', folder, '--check')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('damaged'),
  });
});

test('an import makes all definitions in a service that has nothing, and a second one changes nothing', async () => {
  const as = async () => ({ ...env, PORTICO_TOKEN: await accessToken() });
  const [file, url] = [join(home.folder, 'moved.json'), service.origin];
  expect(await portico(home.folder, ['export', file, '--url', url], await as())).toMatchObject({ code: 0 });
  expect(command('scripts/restore.ts', bare, '--replace')).toMatchObject({ status: 0, stderr: '' });
  const moved = async (...args: string[]) => portico(home.folder, ['import', file, '--url', url, ...args], await as());
  expect(await moved('--plan')).toMatchObject({ code: 2, out: expect.not.stringContaining('in conflict') });
  expect(await moved()).toMatchObject({ code: 0, out: expect.stringMatching(/✓ \d+ changes, generation \d+\./) });
  expect(await hello()).toMatchObject({ message: expect.stringContaining('Ada') });
  expect(await moved()).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do') });
});

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { edit, portico, writeFiles } from '../support/portico.ts';
import type { Shop } from '../support/shop.ts';

/** Types, calls and their runs, versions, values and descriptions. */
export function commandsReadTheService({ shop, env, origin, admin, run, hello, accessToken }: Shop): void {
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
    const misspelled = await run('run hello nmae=Grace');
    expect(misspelled.err).toContain('hello declares no parameter nmae');
    expect(await run('lgoin')).toMatchObject({ code: 64, err: expect.stringContaining('Did you mean login?') });
    expect(await run('runs nothing')).toMatchObject({ code: 0, err: 'No runs.\n' });
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
    expect(await run('run hello --schedule morning')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^200 run_/),
    });
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
    expect(set).toEqual({ code: 0, out: `Set TILL_KEY at ${origin}.\n`, err: '' });
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
      shop: { url: `${origin}/mcp/shop`, headers: { 'x-api-key': 'API_KEY' } },
    });
  });
}

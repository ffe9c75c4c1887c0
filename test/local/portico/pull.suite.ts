import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { edit, portico, writeFiles } from '../support/portico.ts';
import type { Shop } from '../support/shop.ts';

/** Pull, into a folder that has the project and into an empty one. */
export function pullTakesChanges({ home, shop, env, admin, run, entries }: Shop): void {
  test('pull takes changes of the service into the files, and comments stay', async () => {
    const { id } = await admin.get<{ id: string }>('/admin/by-path/endpoints/hello');
    await admin.patch(`/admin/endpoints/${id}`, { title: 'From the console' });
    expect(await run('pull')).toMatchObject({
      code: 0,
      out: expect.stringContaining('~ handlers/hello.endpoint.jsonc'),
    });
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
    expect((await run('pull --theirs')).code).toBe(0);
    expect(existsSync(join(shop, `${file}.theirs`))).toBe(false);
    expect(readFileSync(join(shop, file), 'utf8')).toContain('"Theirs"');
  });

  test('pull takes deletions of several endpoints out of the file that lists them', async () => {
    const paths = ['items/a', 'items/b', 'items/c', 'items/d'];
    const list = paths.map((path) => ({ path, handler: 'hello.ts' }));
    writeFiles(shop, { 'list.endpoint.jsonc': JSON.stringify(list) });
    expect(await run('push')).toMatchObject({ code: 0 });
    for (const path of ['items/a', 'items/c'])
      await admin.delete(
        `/admin/endpoints/${(await admin.get<{ id: string }>(`/admin/by-path/endpoints/${path}`)).id}`,
      );
    expect(await run('pull')).toMatchObject({ code: 0, out: expect.stringContaining('~ list.endpoint.jsonc\n') });
    expect(JSON.parse(readFileSync(join(shop, 'list.endpoint.jsonc'), 'utf8'))).toEqual([list[1], list[3]]);
    rmSync(join(shop, 'list.endpoint.jsonc'));
    expect(await run('push --prune')).toMatchObject({ code: 0 });
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
    const empty = join(home, 'empty');
    mkdirSync(empty);
    cpSync(join(shop, 'portico.jsonc'), join(empty, 'portico.jsonc'));
    expect((await run('pull', empty)).code).toBe(0);
    for (const file of ['handlers/hello.ts', 'handlers/till/index.ts', 'handlers/till/rate.json', 'lib/tax.ts'])
      expect(readFileSync(join(empty, file), 'utf8')).toBe(readFileSync(join(shop, file), 'utf8'));
    const schema = '.portico/schema/endpoint.json';
    expect(readFileSync(join(empty, schema), 'utf8')).toBe(readFileSync(join(shop, schema), 'utf8'));
    expect(await run('push', empty)).toMatchObject({ code: 0, out: '✓ Nothing to do.\n' });
  });
}

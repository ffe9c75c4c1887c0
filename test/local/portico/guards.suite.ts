import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { edit, portico, runProgram, startPortico, writeFiles } from '../support/portico.ts';
import type { Shop } from '../support/shop.ts';

/** Pushes that are killed, behind, protected or large. */
export function pushesAreGuarded({ home, shop, env, origin, admin, run, hello }: Shop): void {
  test('a push that is killed halfway is finished by the next one', async () => {
    const many = Array.from({ length: 130 }, (_, i) => [`handlers/many/h${i}.js`, `export default () => ${i};\n`]);
    const folder = join(home, 'many');
    const file = { project: 'many', targets: { local: { url: origin } } };
    writeFiles(folder, { 'portico.jsonc': JSON.stringify(file), ...Object.fromEntries(many) });
    writeFiles(folder, { 'handlers/first.js': 'export default () => 0;\n' });
    for (let i = 0; i < 130; i++)
      writeFiles(folder, { [`handlers/many/h${i}.endpoint.jsonc`]: `{"path":"many/${i}"}` });
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
    const git = async (folder: string, ...args: string[]): Promise<void> => {
      const as = ['-C', folder, '-c', 'user.name=T', '-c', 'user.email=t@example.com'];
      expect(await runProgram('git', [...as, ...args], {})).toMatchObject({ code: 0 });
    };
    const other = join(home, 'other');
    await git(home, 'init', '-q', 'shop');
    await git(shop, 'add', '.');
    await git(shop, 'commit', '-qm', 'one');
    cpSync(shop, other, { recursive: true });
    edit(shop, 'handlers/hello.ts', 'Welcome,', 'Hi,');
    await git(shop, 'commit', '-qam', 'two');
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
    const big = join(home, 'big');
    const long = {
      handler: 'big.js',
      description: 'd'.repeat(10_000),
      response: { schema: { title: 't'.repeat(16_000) } },
    };
    const listOf = (file: number): object[] =>
      Array.from({ length: 33 }, (_, i) => ({ path: `big-${file}-${i}`, methods: ['GET'], ...long }));
    const texts = Array.from({ length: 5 }, (_, file) => JSON.stringify(listOf(file)));
    writeFiles(big, {
      'portico.jsonc': JSON.stringify({ project: 'big', targets: { local: { url: origin } } }),
      'handlers/big.js': 'export default () => 1\n',
      ...Object.fromEntries(texts.map((text, file) => [`more/${file}.endpoint.jsonc`, text])),
    });
    expect(Buffer.byteLength(texts.join(''))).toBeGreaterThan(4 * 1_048_576);
    const planned = await portico(big, ['plan', '--json'], env);
    expect(planned.code).toBe(2);
    const { blocked, need, steps } = JSON.parse(planned.out) as { blocked: string[]; need: object; steps: object[] };
    expect([blocked, need, steps.length]).toMatchObject([[], { documents: [] }, 1 + 5 * 33]);
  });
}

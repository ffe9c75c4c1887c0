import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { signIn } from '../../../scripts/admin-client.ts';
import { portico } from '../support/portico.ts';
import type { Shop } from '../support/shop.ts';

/** Folder with the backup of the service that had nothing. */
const emptyBackup = ({ home }: Shop): string => join(home, 'empty-backup');

/** Before anything is made in the service. */
export function nothingIsBackedUp(shop: Shop): void {
  test('a service that has nothing is backed up', async () => {
    expect(await shop.runScript('scripts/backup.ts', '--to', emptyBackup(shop))).toMatchObject({ code: 0, err: '' });
  });
}

/** Backup, restore, and import into a service that has nothing. */
export function backupsAreRestored(given: Shop): void {
  const { home, shop, env, origin, admin, password, hello, accessToken, runScript } = given;
  test('a backup restores what was deleted, ends the sessions and reports the key that works again', async () => {
    const folder = join(home, 'backup');
    const key = await admin.post<{ id: string; key: string }>('/admin/keys', { alias: 'returning' });
    const greeting = await hello();
    const taken = await runScript('scripts/backup.ts', '--to', folder);
    expect(taken).toMatchObject({ code: 0, err: '' });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'backup.json')).mode & 0o777).toBe(0o600);
    expect(await runScript('scripts/backup.ts', '--to', folder)).toMatchObject({
      code: 1,
      err: expect.stringContaining('exists'),
    });

    const endpoint = await admin.get<{ id: string }>('/admin/by-path/endpoints/hello');
    await admin.delete(`/admin/endpoints/${endpoint.id}`);
    await admin.delete(`/admin/keys/${key.id}`);
    const refused = await runScript('scripts/restore.ts', folder);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(/this service has handlers.* The option is --replace\./),
    });
    const restored = await runScript('scripts/restore.ts', folder, '--replace');
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.out).toContain(`key returning (${key.id}) had ended`);
    expect(await hello()).toEqual(greeting);
    await expect(admin.get('/admin/session')).rejects.toThrow('401');
    const again = await signIn(origin, password);
    expect(await again.get('/admin/by-path/handler-files/till/index.ts')).toMatchObject({
      files: expect.arrayContaining([{ path: 'lib/tax.ts', source: readFileSync(join(shop, 'lib/tax.ts'), 'utf8') }]),
    });
    for (const text of [taken, restored].flatMap(({ out }) => out)) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(key.key);
    }

    const piece = join(folder, 'pieces/000001.gz');
    writeFileSync(piece, gzipSync('something else'));
    expect(await runScript('scripts/restore.ts', folder, '--check')).toMatchObject({
      code: 1,
      err: expect.stringContaining('damaged'),
    });
  });

  test('an import makes all definitions in a service that has nothing, and a second one changes nothing', async () => {
    const as = async () => ({ ...env, PORTICO_TOKEN: await accessToken() });
    const [file, url] = [join(home, 'moved.json'), origin];
    expect(await portico(home, ['export', file, '--url', url], await as())).toMatchObject({ code: 0 });
    expect(await runScript('scripts/restore.ts', emptyBackup(given), '--replace')).toMatchObject({ code: 0, err: '' });
    const moved = async (...args: string[]) => portico(home, ['import', file, '--url', url, ...args], await as());
    expect(await moved('--plan')).toMatchObject({ code: 2, out: expect.not.stringContaining('in conflict') });
    expect(await moved()).toMatchObject({ code: 0, out: expect.stringMatching(/✓ \d+ changes, generation \d+\./) });
    expect(await hello()).toMatchObject({ message: expect.stringContaining('Ada') });
    expect(await moved()).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do') });
  });
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBookmarks, renderBookmarks } from '../../../scripts/backup/bookmarks.ts';
import { BackupWriter, openBackup } from '../../../scripts/backup/folder.ts';
import { readBackupOptions, readRestoreOptions } from '../../../scripts/backup/options.ts';
import { createCloudflare } from '../../../scripts/deploy/cloudflare.ts';
import { startFakeApi } from './fake-api.ts';

const CONFIG = {
  name: 'portico',
  d1_databases: [
    { binding: 'DB', database_name: 'portico-db' },
    { binding: 'DATA', database_name: 'portico-data' },
  ],
};
const BOOKMARK = '00000085-00000024-00004c6d-8e61117bf38d7adb71b934ebbf891683';

test('the bookmarks of all databases are read from the account, or none', async () => {
  const api = await startFakeApi({
    '/accounts/a1/d1/database/portico-db?fields=uuid%2Cname': { uuid: 'u1' },
    '/accounts/a1/d1/database/portico-data?fields=uuid%2Cname': { uuid: 'u2' },
    '/accounts/a1/d1/database/u1/time_travel/bookmark?': { bookmark: BOOKMARK },
    '/accounts/a1/d1/database/u2/time_travel/bookmark?': { bookmark: `${BOOKMARK}2` },
  });
  const cloudflare = createCloudflare(api.origin, { type: 'api_token', token: 't' });
  const bookmarks = await readBookmarks(cloudflare, 'a1', CONFIG);
  expect(bookmarks).toEqual({ 'portico-db': BOOKMARK, 'portico-data': `${BOOKMARK}2` });
  expect(renderBookmarks(bookmarks)[0]).toBe(`  npx wrangler d1 time-travel restore portico-db --bookmark=${BOOKMARK}`);
  const more = { ...CONFIG, d1_databases: [...CONFIG.d1_databases, { binding: 'X', database_name: 'other' }] };
  await expect(readBookmarks(cloudflare, 'a1', more)).rejects.toThrow('does not have all databases of portico');
  await api.stop();
});

test('a backup keeps its bookmarks, and one without is read as before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-'));
  const manifest = { id: 'bak_1', at: '2026-11-26T00:00:00.000Z', origin: 'https://a.example.com', parts: [] };
  const begun = { url: manifest.origin, manifest };
  BackupWriter.begin(join(folder, 'with'), { ...begun, bookmarks: { 'portico-db': BOOKMARK } }).close();
  BackupWriter.begin(join(folder, 'without'), { ...begun, bookmarks: null }).close();
  expect((await openBackup(join(folder, 'with'))).bookmarks).toEqual({ 'portico-db': BOOKMARK });
  expect((await openBackup(join(folder, 'without'))).bookmarks).toEqual({});
  expect(readFileSync(join(folder, 'without/backup.json'), 'utf8')).not.toContain('bookmarks');
  rmSync(folder, { recursive: true });
});

test('an environment is named to both commands', () => {
  expect(readBackupOptions(['--env', 'staging'])).toMatchObject({ env: 'staging' });
  expect(readRestoreOptions(['folder'])).toMatchObject({ env: null });
});

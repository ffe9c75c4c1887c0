/** `npm run backup [-- --url ORIGIN]`: copies everything that a service stores into a folder. */
import { askHidden } from './ask-hidden.ts';
import { readBookmarksOf, renderBookmarks } from './backup/bookmarks.ts';
import { BackupWriter, expectNew } from './backup/folder.ts';
import { BACKUP_USAGE, readBackupOptions, readPassword, type BackupOptions } from './backup/options.ts';
import { openService, readBackup, type Manifest } from './backup/service.ts';
import { reasonOf } from './deploy/reason.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function backup(options: BackupOptions): Promise<void> {
  const { origin, user, to, env } = options;
  const at = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const folder = to ?? `backups/${new URL(origin).host.replace(':', '-')}-${at}`;
  expectNew(folder);
  const password = await readPassword(options, process.env, askHidden);
  const bookmarks = env === null ? null : await readBookmarksOf(env, process.env);
  const writer = new BackupWriter(folder);
  let manifest: Manifest | undefined;
  for await (const piece of readBackup(
    openService(fetch, origin, { name: user, password }),
    (begun) => (manifest = begun),
  ))
    writer.add(piece);
  const { pieces, bytes } = writer.close(manifest!, bookmarks);
  say(`${folder} has ${origin} as it was at ${manifest!.at}: ${pieces} pieces, ${(bytes / 1e6).toFixed(1)} MB.`);
  if (bookmarks)
    say(['For 30 days, D1 can set its databases back to that time, too:', ...renderBookmarks(bookmarks)].join('\n'));
  say(
    'It has hashes of passwords and keys, sources, rows and recorded calls: keep it like the service, with KEY_PEPPER and SECRETS_KEY.',
  );
}

try {
  const options = readBackupOptions(process.argv.slice(2));
  if (options === null) say(BACKUP_USAGE);
  else await backup(options);
} catch (error) {
  process.stderr.write(`\n${reasonOf(error)}\n`);
  process.exitCode = 1;
}

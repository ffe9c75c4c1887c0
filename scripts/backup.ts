/** `npm run backup [-- --url ORIGIN]`: copies everything that a service stores into a folder. */
import { askHidden } from './ask-hidden.ts';
import { readBookmarksOf, renderBookmarks } from './backup/bookmarks.ts';
import { BackupWriter, expectNew } from './backup/folder.ts';
import { BACKUP_USAGE, readBackupOptions, readPassword, type BackupOptions } from './backup/options.ts';
import { createProgress } from './backup/progress.ts';
import { beginBackup, hasSnapshot, openService, readBackup, type BackupService } from './backup/service.ts';
import { reasonOf } from './deploy/reason.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function backup(options: BackupOptions): Promise<void> {
  const { origin, user, to } = options;
  const at = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const folder = to ?? `backups/${new URL(origin).host.replace(':', '-')}-${at}`;
  expectNew(folder);
  const password = await readPassword(options, process.env, askHidden);
  const service = openService(fetch, origin, { name: user, password });
  const writer = (await resume(service, folder, origin)) ?? (await begin(service, folder, options));
  const { manifest, bookmarks } = writer.begun;
  await copy(service, writer, folder);
  const written = `${writer.pieces} pieces, ${(writer.bytes / 1e6).toFixed(1)} MB`;
  say(`${folder} has ${origin} as it was at ${manifest.at}: ${written}.`);
  if (bookmarks)
    say(['For 30 days, D1 can set its databases back to that time, too:', ...renderBookmarks(bookmarks)].join('\n'));
  say(
    'It has hashes of passwords and keys, sources, rows and recorded calls: keep it like the service, with KEY_PEPPER and SECRETS_KEY.',
  );
}

/** Goes on with an unfinished backup of this service, while the service has its snapshot. */
async function resume(service: BackupService, folder: string, origin: string): Promise<BackupWriter | null> {
  const writer = BackupWriter.resume(folder);
  if (writer === null || writer.begun.url !== origin) return null;
  if (!(await hasSnapshot(service, writer.begun.manifest))) return null;
  say(`Going on after the ${writer.pieces} pieces that ${folder}.partial has.`);
  return writer;
}

async function begin(service: BackupService, folder: string, { env, origin }: BackupOptions): Promise<BackupWriter> {
  const bookmarks = env === null ? null : await readBookmarksOf(env, process.env);
  return BackupWriter.begin(folder, { url: origin, manifest: await beginBackup(service), bookmarks });
}

async function copy(service: BackupService, writer: BackupWriter, folder: string): Promise<void> {
  const progress = createProgress(say);
  try {
    for await (const piece of readBackup(service, writer.begun.manifest, writer.last())) {
      writer.add(piece);
      progress(piece.part, piece.bytes.length);
    }
    writer.close();
  } catch (error) {
    throw new Error(`${reasonOf(error)}\nTo go on with it: npm run backup -- --to ${folder}`, { cause: error });
  }
}

try {
  const options = readBackupOptions(process.argv.slice(2));
  if (options === null) say(BACKUP_USAGE);
  else await backup(options);
} catch (error) {
  process.stderr.write(`\n${reasonOf(error)}\n`);
  process.exitCode = 1;
}

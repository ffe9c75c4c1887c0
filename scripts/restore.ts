/** `npm run restore -- FOLDER [--url ORIGIN]`: puts a backup into a service, and ends all its sessions. */
import { askHidden } from './ask-hidden.ts';
import { readBookmarksOf, renderBookmarks } from './backup/bookmarks.ts';
import { openBackup } from './backup/folder.ts';
import { readPassword, readRestoreOptions, RESTORE_USAGE, type RestoreOptions } from './backup/options.ts';
import { createProgress } from './backup/progress.ts';
import { RestoreMark } from './backup/restore-mark.ts';
import { beginRestore, openService, ServiceError, writeBackup, type Piece, type Report } from './backup/service.ts';
import { reasonOf } from './deploy/reason.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function restore(options: RestoreOptions): Promise<void> {
  const { origin, user, folder, check, env, ...wishes } = options;
  const { manifest, bookmarks, pieces } = await openBackup(folder);
  say(`${folder} is whole: ${manifest.origin} as it was at ${manifest.at}.`);
  if (Object.keys(bookmarks).length > 0)
    say(
      [
        'D1 can set the databases of that service back to that time, for 30 days after it:',
        ...renderBookmarks(bookmarks),
      ].join('\n'),
    );
  if (check) return;
  if (env !== null)
    say(
      [
        `The way back from this restore, for 30 days: what ${origin} has in D1 now. Its objects in R2 and its runs stay as they are then.`,
        ...renderBookmarks(await readBookmarksOf(env, process.env)),
      ].join('\n'),
    );
  const password = await readPassword(options, process.env, askHidden);
  const service = openService(fetch, origin, { name: user, password });
  const mark = new RestoreMark(folder, origin);
  const progress = createProgress(say);
  const load = async (id: string, skipped: number): Promise<Report> => {
    let stored = skipped;
    mark.write(id, stored);
    const report = await writeBackup(service, id, after(pieces(), skipped), ({ part, bytes }) => {
      mark.write(id, ++stored);
      progress(part, bytes.length);
    });
    mark.remove();
    return report;
  };
  const begun = mark.read();
  const report = begun && (await goOn(() => load(begun.id, begun.pieces), begun.pieces));
  say(renderReport(origin, report ?? (await load(await beginRestore(service, manifest, wishes), 0))));
}

/** Goes on with an unfinished restore; null when the service has given it up, for another one. */
async function goOn(load: () => Promise<Report>, pieces: number): Promise<Report | null> {
  say(`Going on after the ${pieces} pieces that are loaded.`);
  try {
    return await load();
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return null;
    throw error;
  }
}

async function* after(pieces: AsyncIterable<Piece>, skipped: number): AsyncGenerator<Piece> {
  let seen = 0;
  for await (const piece of pieces) if (++seen > skipped) yield piece;
}

const WAS = { absent: 'was not there', ended: 'had ended', different: 'had other rights or another value' };

function renderReport(origin: string, { incarnation, sessionsEnded, returned, more }: Report): string {
  const back = returned.map(({ kind, name, id, was }) => `  ${kind} ${name} (${id}) ${WAS[was as keyof typeof WAS]}`);
  return [
    `${origin} is restored: incarnation ${incarnation}. ${sessionsEnded} sessions have ended; sign in with a password of the backup.`,
    ...(back.length === 0
      ? ['No credential works that did not work before.']
      : ['These work again. End those that should not:', ...back]),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}

try {
  const options = readRestoreOptions(process.argv.slice(2));
  if (options === null) say(RESTORE_USAGE);
  else await restore(options);
} catch (error) {
  process.stderr.write(`\n${reasonOf(error)}\n`);
  process.exitCode = 1;
}

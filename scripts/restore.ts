/** `npm run restore -- FOLDER [--url ORIGIN]`: puts a backup into a service, and ends all its sessions. */
import { askHidden } from './ask-hidden.ts';
import { readBookmarksOf, renderBookmarks } from './backup/bookmarks.ts';
import { openBackup } from './backup/folder.ts';
import { readPassword, readRestoreOptions, RESTORE_USAGE, type RestoreOptions } from './backup/options.ts';
import { openService, writeBackup, type Report } from './backup/service.ts';
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
  say(renderReport(origin, await writeBackup(service, manifest, wishes, pieces())));
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

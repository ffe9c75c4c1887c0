import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { foldersOf, isSkipped } from './scan.ts';

/** Milliseconds without a change before one is reported: editors write a file in several steps. */
const QUIET_MS = 50;

/**
 * Yields at once, then after each change of the files of a project, until the signal aborts. A read of the folder that begins after a value
 * sees every change before it; a change that comes later, also during the read, gives another value.
 *
 * Watches folders rather than files, because editors and Git replace a file by a new one, and a watch on the file stays with the old one.
 */
export async function* watchProject(folder: string, signal: AbortSignal): AsyncGenerator<void, void, void> {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let isChanged = true;
  let wake = (): void => undefined;
  const report = (): void => {
    isChanged = true;
    wake();
  };
  const onEvent = (at: string, type: string, name: string | null): void => {
    if (name !== null && isSkipped(name)) return;
    // A folder of that name may be another one now.
    if (type === 'rename' && name !== null) closeBelow(watchers, `${at}${name}/`);
    clearTimeout(timer);
    timer = setTimeout(report, QUIET_MS);
  };
  signal.addEventListener('abort', () => wake());
  try {
    while (!signal.aborted) {
      if (!isChanged) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return;
      isChanged = false;
      for (const at of foldersOf(folder))
        if (!watchers.has(at))
          watchers.set(
            at,
            openWatcher(join(folder, at), (...event) => onEvent(at, ...event)),
          );
      yield;
    }
  } finally {
    clearTimeout(timer);
    closeBelow(watchers, '');
  }
}

function openWatcher(path: string, onEvent: (type: string, name: string | null) => void): FSWatcher {
  try {
    // An error of a watcher is that its folder is gone, which its parent reports.
    return watch(path, onEvent).on('error', () => undefined);
  } catch (error) {
    throw new Failure(`${path} cannot be watched: ${(error as Error).message}`);
  }
}

/** Closes the watchers of a folder and those below it. */
function closeBelow(watchers: Map<string, FSWatcher>, folder: string): void {
  for (const [at, watcher] of watchers) {
    if (!at.startsWith(folder)) continue;
    watcher.close();
    watchers.delete(at);
  }
}

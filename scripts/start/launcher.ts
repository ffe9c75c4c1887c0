import { findProcess } from './processes.ts';

const LOOK_MS = 1000;

/**
 * Calls `gone` once when npm, or the shell that npm started, has ended without ending this process: a signal to one of them does not
 * reach the others. Does nothing when npm did not start this process: its parent may then end before it.
 */
export function watchLauncher(gone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const shell = findProcess(parent);
  // Some shells replace themselves with the program they start: the parent is then npm.
  const npm = shell?.command.includes('scripts/start.ts') ? shell.parent : null;
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === null || findProcess(parent)?.parent === npm)) return;
    clearInterval(timer);
    gone();
  }, LOOK_MS);
  timer.unref();
}

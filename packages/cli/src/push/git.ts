import { execFileSync, spawnSync } from 'node:child_process';
import { PROJECT_FILE } from '../project/find-project.ts';

const git = (folder: string, ...args: string[]) =>
  spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8', env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' } });

export interface Commit {
  /** null: the project is in no commit, as in a repository of another project, so none names what is pushed. */
  id: string | null;
  /** There are changes after it in the folder of the project. */
  isDirty: boolean;
}

/** Returns the commit of a folder; null without Git, or before the first commit. */
export function commitOf(folder: string): Commit | null {
  const head = git(folder, 'rev-parse', '--verify', '--quiet', 'HEAD');
  if (head.error !== undefined || head.status !== 0) return null;
  const changes = execFileSync('git', ['-C', folder, 'status', '--porcelain', '--', '.'], { encoding: 'utf8' });
  const isIn = git(folder, 'cat-file', '-e', `HEAD:./${PROJECT_FILE}`).status === 0;
  return { id: isIn ? head.stdout.trim() : null, isDirty: changes !== '' };
}

/** Returns whether a commit, as `push` named it, is in the history of a folder. */
export const isInHistory = (folder: string, commit: string): boolean =>
  git(folder, 'merge-base', '--is-ancestor', commit.replace(/\+dirty$/, ''), 'HEAD').status === 0;

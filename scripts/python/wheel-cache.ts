/** Wheels on this machine, by their hash: outside of the repository, shared by all of its copies. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { downloadWithPip } from './pip.ts';
import type { LockedWheel } from './lock.ts';
import type { FetchWheel } from './package-sets.ts';
import { sha256 } from './sha256.ts';

export const defaultCache = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'portico/wheels');

/** Returns a function that takes wheels from the cache, and downloads missing ones. `root`: the folder of the lock file. */
export function wheelCache(
  root: string,
  cache: string = defaultCache(),
  say: (line: string) => void = console.log,
): FetchWheel {
  return async (wheel) => {
    const path = join(cache, `${wheel.sha256}.whl`);
    if (!existsSync(path)) {
      say(`downloading ${wheel.file}`);
      keep(path, await download(wheel, root));
    }
    const bytes = readFileSync(path);
    if (sha256(bytes) === wheel.sha256) return bytes;
    rmSync(path);
    throw new Error(`${path} was damaged, and is deleted now: start again`);
  };
}

async function download(wheel: LockedWheel, root: string): Promise<Uint8Array> {
  const bytes = await readFrom(wheel, root);
  const found = sha256(bytes);
  if (found === wheel.sha256) return bytes;
  throw new Error(`${wheel.file} is not the locked file: its SHA-256 is ${found}, the lock has ${wheel.sha256}`);
}

async function readFrom(wheel: LockedWheel, root: string): Promise<Uint8Array> {
  if (wheel.from === 'folder') return readFileSync(resolve(root, wheel.url));
  if (wheel.from === 'index') return downloadWithPip(wheel);
  const response = await fetch(wheel.url).catch((error: unknown) => {
    throw new Error(`${wheel.url} cannot be reached`, { cause: error });
  });
  if (!response.ok) throw new Error(`${wheel.url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Writes a file in one step: another build may read it. */
function keep(path: string, bytes: Uint8Array): void {
  mkdirSync(join(path, '..'), { recursive: true });
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, bytes);
  renameSync(partial, path);
}

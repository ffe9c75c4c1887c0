import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StartOptions } from './options.ts';
import { freePortAfter } from './ports.ts';
import { writePrivately } from '../private-file.ts';
import { endGroup, membersOf } from './process-group.ts';

/** The process that uses a state folder. */
interface Owner {
  /** The process of `npm start`. */
  pid: number;
  url: string;
  /** Time of its start, ISO 8601. */
  since: string;
  /** The process group of the service that it started; null until then. */
  group: number | null;
}

/** A state folder that is locked by this process until it ends. */
export interface StateLock {
  /** Records the process group of a started program: if this process is killed and the group survives, a later start ends it. */
  noteGroup: (group: number) => void;
  release: () => void;
}

/**
 * Locks a state folder: two services on one folder would be two writers of one database. The lock is the operating system's, on an SQLite
 * file, and ends with this process. While another process has it, throws an Error with instructions. First ends the processes that a killed
 * start left running.
 */
export async function lockState({ persistTo, port }: Pick<StartOptions, 'persistTo' | 'port'>): Promise<StateLock> {
  mkdirSync(persistTo, { recursive: true });
  const file = join(persistTo, 'portico-owner.json');
  const database = new DatabaseSync(join(persistTo, 'portico-lock.sqlite'), { timeout: 0 });
  try {
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new Error(await inUse(persistTo, port, readOwner(file)));
  }
  const left = readOwner(file);
  if (left?.group) await endLeftovers(left.group);
  const owner: Owner = {
    pid: process.pid,
    url: `http://127.0.0.1:${port}`,
    since: new Date().toISOString(),
    group: null,
  };
  const write = (): void => writePrivately(file, `${JSON.stringify(owner)}\n`);
  write();
  return {
    noteGroup: (group) => {
      owner.group = group;
      write();
    },
    release: () => {
      rmSync(file, { force: true });
      database.close();
    },
  };
}

/** Returns the message for a second start on one folder. `owner` is null when the other has not yet recorded itself. */
async function inUse(persistTo: string, port: number, owner: Owner | null): Promise<string> {
  const where = owner ? `at ${owner.url} (process ${owner.pid}, since ${owner.since})` : 'and is still starting';
  const next = await freePortAfter(port);
  const own = `.wrangler/${next}`;
  return [
    `Portico is already running ${where} and uses ${persistTo}.`,
    'Two services cannot use one folder. To start a second one, give it its own port and files:',
    `  npm start -- --port ${next} --persist-to ${own}/state --vars ${own}/dev.vars --notes ${own}/local.json`,
  ].join('\n');
}

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === SQLITE_BUSY;

function readOwner(file: string): Owner | null {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return null;
  }
}

const END_MS = 5000;

/** The number of a group may have been reused since: only one that runs programs of this folder is ended. */
async function endLeftovers(group: number): Promise<void> {
  const isOurs = membersOf(group).some(({ command }) => command.includes(`${process.cwd()}/`));
  if (isOurs) await endGroup(group, END_MS);
}

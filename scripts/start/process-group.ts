import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, type Process } from './processes.ts';

const LOOK_MS = 50;

/**
 * wrangler asks no questions and reports nothing. It also keeps a trace of every request beside the local databases, with its full URL:
 * there a key in the query would outlive the redaction of run records, so the trace is off. So is its explorer, which opens
 * the databases without a credential, to every program and to pages of every other local service.
 */
const ENV = {
  ...process.env,
  CI: 'true',
  WRANGLER_SEND_METRICS: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
  X_LOCAL_EXPLORER: 'false',
};

/**
 * Starts Node in a process group of its own, whose number is the child's pid: Ctrl-C in the terminal reaches this process alone, which
 * ends the group. However this process exits, the group is ended.
 */
export function spawnGroup(args: string[], stdio: StdioOptions): ChildProcess {
  const child = spawn(process.execPath, args, { env: ENV, stdio, detached: true });
  const end = (): void => signalGroup(child.pid!, 'SIGTERM');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  return child;
}

/** Resolves with the exit code of a child; 1 when a signal ended it. */
export const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)));

/** Returns the processes of a group that are alive. */
export const membersOf = (group: number): Process[] => listProcesses().filter((process) => process.group === group);

/** Ends a group with SIGTERM, and after `graceMs` with SIGKILL. Resolves when all its processes have ended. */
export async function endGroup(group: number, graceMs: number): Promise<void> {
  signalGroup(group, 'SIGTERM');
  const until = Date.now() + graceMs;
  while (membersOf(group).length > 0) {
    if (Date.now() > until) signalGroup(group, 'SIGKILL');
    await sleep(LOOK_MS);
  }
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has already ended.
  }
}

/** API keys and JWTs. wrangler's lines have the path of each request, and terminals keep their output. */
const CREDENTIAL = /\bptk_[0-9A-Za-z]{8}_[0-9A-Za-z]{20,}|\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g;

/** Passes each line that a child writes to `each`, without credentials. */
export function readLines(child: ChildProcess, each: (line: string) => void): void {
  for (const stream of [child.stdout!, child.stderr!])
    createInterface({ input: stream }).on('line', (line) => each(line.replace(CREDENTIAL, '[redacted]')));
}

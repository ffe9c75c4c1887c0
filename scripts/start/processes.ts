import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A running process of this machine. */
export interface Process {
  pid: number;
  parent: number;
  group: number;
  /** Bytes of memory it occupies (resident set). */
  bytes: number;
  command: string;
}

/** Small images have no `ps`, macOS has no /proc. */
const hasProc = existsSync('/proc/self/stat');

/** Returns all processes of this machine. */
export const listProcesses = (): Process[] =>
  hasProc ? readdirSync('/proc').flatMap((name) => (/^[0-9]+$/.test(name) ? readProc(name) : [])) : ps('-ax');

/** Returns the process with this pid, or undefined when it does not exist. */
export const findProcess = (pid: number): Process | undefined =>
  (hasProc ? readProc(String(pid)) : ps('-p', String(pid)))[0];

/** The state of a process that has ended and whose parent has not yet read its status. */
const ZOMBIE = 'Z';

function readProc(pid: string): Process[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before them is in brackets and may itself contain spaces and brackets.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === ZOMBIE) return [];
    const kilobytes = /^VmRSS:\s*([0-9]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return [
      { pid: Number(pid), parent: Number(parent), group: Number(group), bytes: Number(kilobytes) * 1024, command },
    ];
  } catch (error) {
    // It ended before it was read, or belongs to another user on a machine that hides such processes.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function ps(...which: string[]): Process[] {
  const { stdout } = spawnSync('ps', [...which, '-wwo', 'pid=,ppid=,pgid=,rss=,state=,command='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*([0-9]+)\s+([0-9]+)\s+([0-9]+)\s+([0-9]+)\s+(\S+)\s+(.*)$/.exec(line);
    if (!match || match[5]!.startsWith(ZOMBIE)) return [];
    const [pid, parent, group, kilobytes] = match.slice(1, 5).map(Number) as [number, number, number, number];
    return [{ pid, parent, group, bytes: kilobytes * 1024, command: match[6]! }];
  });
}

import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second that /proc/stat counts in: 100 on every Linux. */
const TICKS = 100;
const NS_PER_MS = 1e6;

/** Pids of the workerds that this process has started; none on a system without /proc. */
export function workerdPids(): number[] {
  const children = parsePids(readProc(`self/task/${process.pid}/children`) ?? '');
  return children.filter((pid) => readProc(`${pid}/comm`)?.trim() === 'workerd');
}

/** Returns a process and all its descendants. */
export function processTree(pid: number): number[] {
  const threads = listProc(`${pid}/task`);
  const children = threads.flatMap((thread) => parsePids(readProc(`${pid}/task/${thread}/children`) ?? ''));
  return [pid, ...children.flatMap(processTree)];
}

/**
 * Returns a function that reads the processor time of processes since their start, in ms, all threads. The kernel's scheduler counts it in
 * nanoseconds per thread, so a thread that has ended keeps its last value. Null where it is not available.
 */
export function processorClock(pids: () => number[]): () => number | null {
  const threads = new Map<string, number>();
  return () => {
    for (const pid of pids()) {
      for (const thread of listProc(`${pid}/task`)) {
        const text = readProc(`${pid}/task/${thread}/schedstat`);
        if (text !== null) threads.set(thread, parseSchedstat(text));
      }
    }
    return threads.size === 0 ? null : [...threads.values()].reduce((sum, ms) => sum + ms, 0);
  };
}

/** Returns the numbers of a list such as /proc/<pid>/task/<tid>/children, separated by spaces. */
export const parsePids = (text: string): number[] =>
  text
    .split(' ')
    .filter((one) => one.trim() !== '')
    .map(Number);

/** Returns the milliseconds that a thread has run: the first number of its `schedstat`, which is in nanoseconds. */
export const parseSchedstat = (text: string): number => Number(text.split(' ', 1)[0]) / NS_PER_MS;

/** Milliseconds that all processors of the machine have worked; null where it is not available. */
export function machineMs(): number | null {
  const text = readProc('stat');
  return text === null ? null : parseMachineStat(text);
}

/** Returns the milliseconds of work in /proc/stat: user, nice, system, irq, softirq and steal, without idle and iowait. */
export function parseMachineStat(text: string): number {
  const [user, nice, system, , , irq, softirq, steal] = text.split('\n', 1)[0]!.split(/ +/).slice(1).map(Number);
  return ((user! + nice! + system! + irq! + softirq! + steal!) / TICKS) * 1000;
}

/** Bytes that a process holds in memory; null where it is not available. */
export function memoryBytes(pid: number | null): number | null {
  const text = readProc(`${pid}/status`);
  return text === null ? null : parseMemory(text);
}

/** Returns the bytes of `VmRSS` in /proc/<pid>/status, which is in KiB. */
export const parseMemory = (text: string): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]) * 1024;

/** Reads a file of /proc. Null without /proc, and when the process or thread has ended. */
function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return null;
  }
}

function listProc(path: string): string[] {
  try {
    return readdirSync(`/proc/${path}`);
  } catch {
    return [];
  }
}

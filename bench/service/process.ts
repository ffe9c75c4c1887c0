import { readFileSync } from 'node:fs';

/** Clock ticks per second that /proc counts in: 100 on every Linux. */
const TICKS = 100;

/** Pids of the workerds that this process has started; none on a system without /proc. */
export function workerdPids(): number[] {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').map(Number);
    return children.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'workerd');
  } catch {
    return [];
  }
}

/** Seconds of processor time that a process has used, user and system, all threads; null where it is not available. */
export function cpuSeconds(pid: number | null): number | null {
  const fields = pid === null ? null : statFields(pid);
  return fields === null ? null : (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Seconds of processor time that the whole machine has used, in all its processors; null where it is not available. */
export function machineSeconds(): number | null {
  try {
    const [, user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
      .split('\n', 1)[0]!
      .split(/ +/)
      .map(Number);
    return (user! + nice! + system! + irq! + softirq! + steal!) / TICKS;
  } catch {
    return null;
  }
}

/** Bytes that a process holds in memory; null where it is not available. */
export function memoryBytes(pid: number | null): number | null {
  const fields = pid === null ? null : statFields(pid);
  return fields === null ? null : Number(fields[21]) * 4096;
}

/** The fields of /proc/<pid>/stat after the name, which may hold spaces. */
function statFields(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOrder } from './load/types.ts';
import type { Bench } from './scenarios/scenario.ts';
import { cpuSeconds, machineSeconds } from './service/process.ts';

/**
 * One measurement. `cpuUs`: workerd's processor time per request, null if unknown. `others`: share of the machine's time, in processors,
 * of processes outside of the bench; 0 if unknown.
 */
export interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  cpuUs: number | null;
  others: number;
}

/** Fires one order and reads the clocks around it. `settle`: waits for the work after the responses, and counts its processor time. */
export async function measure({ served, generator }: Bench, order: LoadOrder, settle: boolean): Promise<Figures> {
  const pids = [served.pid, generator.pid, process.pid];
  const ours = (): number => pids.reduce<number>((sum, pid) => sum + (cpuSeconds(pid) ?? 0), 0);
  const others = (): number => (machineSeconds() ?? 0) - ours();
  const [startedAt, othersBefore, cpuBefore] = [performance.now(), others(), cpuSeconds(served.pid)];
  const sample = await generator.fire(order);
  const othersShare = ((others() - othersBefore) / (performance.now() - startedAt)) * 1000;
  if (Object.keys(sample.unexpected).length > 0) {
    throw new Error(`${order.target.url} did not return ${order.target.status}: ${JSON.stringify(sample.unexpected)}`);
  }
  if (settle) await idle(served.pid);
  const cpuAfter = cpuSeconds(served.pid);
  const cpuUs = cpuBefore === null || cpuAfter === null ? null : ((cpuAfter - cpuBefore) / sample.total) * 1e6;
  const { perSecond, p50, p99 } = sample;
  return { perSecond, p50, p99, cpuUs, others: machineSeconds() === null ? 0 : Math.max(0, othersShare) };
}

/**
 * Waits for the work that a load left (queued runs, mostly), so that the next subject does not pay for it. At most 10 s. Idle means 1.6 s
 * with almost no work: a buffer of runs is sent half a second after its first, and a queue's batch waits for up to one second more.
 */
async function idle(pid: number | null): Promise<void> {
  let quiet = 0;
  for (let i = 0; i < 50 && quiet < 8; i++) {
    const before = cpuSeconds(pid);
    await sleep(200);
    const after = cpuSeconds(pid);
    if (before === null || after === null) return sleep(2000);
    quiet = after - before < 0.03 ? quiet + 1 : 0;
  }
}

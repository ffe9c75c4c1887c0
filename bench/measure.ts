import { setTimeout as sleep } from 'node:timers/promises';
import type { Generator } from './load/generator.ts';
import type { LoadOrder } from './load/types.ts';
import { machineMs } from './service/process.ts';

/** One measurement: requests per second, and latencies in ms. */
export interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  /** The service's processor time per request; null if unknown. */
  cpuUs: number | null;
  /** Processors that the load generator used on average. */
  generator: number;
  /** Processors that other processes than the bench used on average; 0 if unknown. */
  others: number;
}

/** A service: reads its processor time in ms; null where it is not available. */
export interface Clocked {
  cpuMs: () => number | null;
}

/** Fires one order and reads the clocks around it. `settle`: waits for the work after the responses, and counts its processor time. */
export async function measure(
  { served, generator }: { served: Clocked; generator: Generator },
  order: LoadOrder,
  settle: boolean,
): Promise<Figures> {
  const [startedAt, machineBefore, cpuBefore, ownBefore] = [performance.now(), machineMs(), served.cpuMs(), ownMs()];
  const sample = await generator.fire(order);
  const tookMs = performance.now() - startedAt;
  if (Object.keys(sample.unexpected).length > 0) {
    throw new Error(`${order.target.url} did not return ${order.target.status}: ${JSON.stringify(sample.unexpected)}`);
  }
  const [machineAfter, firstCpu] = [machineMs(), served.cpuMs()];
  const oursMs = (firstCpu ?? 0) - (cpuBefore ?? 0) + sample.cpuMs + ownMs() - ownBefore;
  if (settle) await idle(served);
  const cpuAfter = served.cpuMs();
  const { perSecond, p50, p99 } = sample;
  return {
    perSecond,
    p50,
    p99,
    cpuUs: cpuBefore === null || cpuAfter === null ? null : ((cpuAfter - cpuBefore) / sample.total) * 1000,
    generator: sample.cpuMs / tookMs,
    others:
      machineBefore === null || machineAfter === null
        ? 0
        : Math.max(0, (machineAfter - machineBefore - oursMs) / tookMs),
  };
}

const ownMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Milliseconds between two looks at the clock, processor time in them that still counts as idle, and looks in a row that must be idle. */
const LOOK_MS = 200;
const IDLE_MS = 30;
const IDLE_LOOKS = 5;

/**
 * Waits for the work that a load left (run records, mostly), so that the next subject does not pay for it. At most 10 s. Idle means 1 s
 * with almost no work: longer than an isolate gathers records (RUN_BATCH_MS).
 */
export async function idle({ cpuMs }: Clocked): Promise<void> {
  let quiet = 0;
  for (let look = 0; look < 50 && quiet < IDLE_LOOKS; look++) {
    const before = cpuMs();
    await sleep(LOOK_MS);
    const after = cpuMs();
    if (before === null || after === null) return sleep(LOOK_MS * IDLE_LOOKS);
    quiet = after - before < IDLE_MS ? quiet + 1 : 0;
  }
}

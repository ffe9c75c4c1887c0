import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './service.ts';

/*
 * A local workerd never frees the isolates of handlers: about 100 MB for each called version of a Python handler. On Cloudflare the
 * platform evicts them. So the service is restarted before it fills the machine, when it is idle.
 */

const LOOK_MS = 5000;
const ASK_MS = 1000;
/** Run records are stored half a second after their call; a restart before that loses them. */
const QUIET_MS = 2000;
/** Milliseconds without an idle moment after which requests are refused until there is one. */
const PATIENCE_MS = 60_000;
const MB = 1_048_576;
/** A restart must free more than this, or it is pointless: the limit is below the need of an idle service. */
const MIN_GAIN = 100 * MB;

/**
 * Restarts the service whenever it is idle and uses more than `limit` bytes, and reports that through `say`. Requests are refused when
 * it was not idle for `patienceMs`. Ends with `stopped`.
 */
export async function watchMemory(
  service: Service,
  limit: number,
  say: (text: string) => void,
  stopped: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  let idleBytes = 0;
  while (await waited(LOOK_MS, stopped)) {
    const bytes = service.memory();
    if (bytes <= Math.max(limit, idleBytes + MIN_GAIN)) continue;
    try {
      if (!(await becomesIdle(service, bytes, say, stopped, patienceMs))) return;
      const startedAt = Date.now();
      await service.restart();
      idleBytes = service.memory();
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      say(
        `Restarted in ${seconds} s: the service used ${inMB(bytes)}, now ${inMB(idleBytes)} (--max-memory ${limit / MB}).`,
      );
    } catch (error) {
      if (stopped.aborted) return;
      say(
        `The service uses ${inMB(bytes)} of memory and was not restarted. ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** Waits until the service is idle. Returns false when `stopped` came first. Never ends a graph run; requests are completed. */
async function becomesIdle(
  service: Service,
  bytes: number,
  say: (text: string) => void,
  stopped: AbortSignal,
  patienceMs: number,
): Promise<boolean> {
  const since = Date.now();
  let isDraining = false;
  let isReported = false;
  do {
    const { busy, graphs, quietMs } = await service.activity(isDraining);
    if (busy === 0 && graphs === 0 && quietMs >= QUIET_MS) return true;
    if (Date.now() - since < patienceMs) continue;
    isDraining = graphs === 0;
    if (!isReported) say(`The service uses ${inMB(bytes)}. ${isDraining ? DRAINS : WAITS}`);
    isReported = true;
  } while (await waited(ASK_MS, stopped));
  return false;
}

const DRAINS = 'It returns 503 until the running requests have ended, and then restarts.';
const WAITS = 'It restarts when the running graph has ended.';

const inMB = (bytes: number): string => `${Math.round(bytes / MB)} MB`;

/** Resolves to true after a while, or to false as soon as `stopped` comes. */
const waited = (ms: number, stopped: AbortSignal): Promise<boolean> =>
  sleep(ms, true, { signal: stopped, ref: false }).catch(() => false);

import type { Context } from '../access/context';
import { removeDiscarded, sweepGraphs } from '../../plynx/run/sweep-graphs';

const DAY_MS = 86_400_000;
/** Rows a statement deletes: D1 holds up other writes while one runs. */
const CHUNK = 1000;
/** Chunks a turn; the next turn is five minutes away. */
const MAX_CHUNKS = 50;
/** An audited call that has not reported its end after this long never will: a run lasts at most 5 minutes and 30 seconds. */
const INTERRUPTED_AFTER_MS = 15 * 60_000;

export interface Swept {
  runs: number;
  sessions: number;
  idempotency: number;
  interrupted: number;
  /** Graphs that calls made. */
  callGraphs: number;
  cachedNodes: number;
  /** Objects of deleted graphs that were looked at: removed, or still needed. */
  blobs: number;
}

/**
 * Deletes run records, graphs that calls made and unused results of nodes older than the retention setting, ended sessions and old
 * idempotency answers, in chunks. Never a run still going.
 */
export async function enforceRetention(ctx: Pick<Context, 'store' | 'settings' | 'now'>): Promise<Swept> {
  const now = ctx.now();
  const { runs, sessions, idempotency, rowAnswers, graphRetention } = ctx.store;
  const over = now - ctx.settings.retentionDays * DAY_MS;
  // First, so that a record is never swept as if it had ended.
  const interrupted = await runs.interrupt(now - INTERRUPTED_AFTER_MS);
  return {
    interrupted,
    runs: await sweep((limit) => runs.sweep(over, limit)),
    sessions: await sweep((limit) => sessions.sweep(now - DAY_MS, limit)),
    idempotency:
      (await sweep((limit) => idempotency.sweep(now - DAY_MS, limit))) +
      (await sweep((limit) => rowAnswers.sweep(now - DAY_MS, limit))),
    // The cache before the files that it names.
    cachedNodes: await sweep((limit) => graphRetention.expireCache(over, limit)),
    callGraphs: await sweepGraphs(ctx, over),
    blobs: await sweep((limit) => removeDiscarded(ctx, limit)),
  };
}

async function sweep(chunk: (limit: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (let i = 0; i < MAX_CHUNKS; i++) {
    const count = await chunk(CHUNK);
    total += count;
    if (count < CHUNK) break;
  }
  return total;
}

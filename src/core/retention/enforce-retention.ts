import type { Context } from '../access/context';
import { removeDiscarded, sweepGraphs } from '../../plynx/run/sweep-graphs';
import { DAY_MS } from '../../kernel/clock';

/** Rows deleted by one statement, which blocks other writes of D1. */
const CHUNK = 1000;
/** Chunks in one run; the next run is in five minutes. */
const MAX_CHUNKS = 50;

export interface Swept {
  runs: number;
  sessions: number;
  idempotency: number;
  deviceLogins: number;
  /** Graphs that calls created. */
  callGraphs: number;
  cachedNodes: number;
  /** Contents that were uploaded for a push. */
  uploads: number;
  /** Objects of deleted graphs that were checked: removed, or still needed. */
  blobs: number;
}

/**
 * Deletes days of the run log, graphs that calls created and unused results of nodes older than the retention setting, ended sessions and
 * old idempotency records, these in chunks.
 */
export async function enforceRetention(ctx: Pick<Context, 'store' | 'settings' | 'now' | 'runLog'>): Promise<Swept> {
  const now = ctx.now();
  const { sessions, deviceLogins, idempotency, rowAnswers, uploads, graphRetention } = ctx.store;
  const over = now - ctx.settings.retentionDays * DAY_MS;
  return {
    runs: await ctx.runLog.tend({
      now,
      before: over,
      maxBytes: ctx.settings.runLogBytes,
      countsBefore: now - ctx.settings.runStatsDays * DAY_MS,
    }),
    sessions: await sweep((limit) => sessions.sweep(now - DAY_MS, limit)),
    deviceLogins: await sweep((limit) => deviceLogins.sweep(now, limit)),
    idempotency:
      (await sweep((limit) => idempotency.sweep(now - DAY_MS, limit))) +
      (await sweep((limit) => rowAnswers.sweep(now - DAY_MS, limit))),
    // The cache before the files to which it refers.
    cachedNodes: await sweep((limit) => graphRetention.expireCache(over, limit)),
    callGraphs: await sweepGraphs(ctx, over),
    uploads: await sweep((limit) => uploads.sweep(now - DAY_MS, limit)),
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

import type { Context } from '../access/context';

/** Batches handed over in one run of the cron: a request may use 1,000 subrequests, and each batch needs five or more. */
const MAX_BATCHES = 100;

/**
 * Hands runs that were set aside to the run log. Goes on after a batch that fails, which stays for the next time, and throws an
 * AggregateError in the end. Returns the number of runs.
 */
export async function recoverLostRuns({ store, runLog }: Pick<Context, 'store' | 'runLog'>): Promise<number> {
  const failures: unknown[] = [];
  let count = 0;
  for (const name of await store.lostRuns.list(MAX_BATCHES)) {
    try {
      const runs = await store.lostRuns.read(name);
      await runLog.append(runs, true);
      await store.lostRuns.remove(name);
      count += runs.length;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} batches of lost runs were not stored`);
  return count;
}

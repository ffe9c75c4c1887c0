import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import { recoverLostRuns } from '../../../src/core/retention/recover-lost-runs';
import { deleteRun } from '../../../src/core/runs/delete-run';
import { createRunRecorder } from '../../../src/core/runs/run-recorder';
import type { RunLog, StoredRun } from '../../../src/core/runs/run-log';
import { onSchedule } from '../../../src/entrypoints/retention.cron';
import { testContext } from '../../support/context';
import { endpointId, record, stored } from '../../support/runs';
import { noWaits } from '../../support/no-waits';

const ctx = testContext();
const away: Pick<RunLog, 'append'> = { append: () => Promise.reject(new Error('the object is away')) };

/** Sends runs through a recorder whose waits pass at once. */
async function send(
  runLog: Pick<RunLog, 'append'>,
  runs: readonly StoredRun[],
  lostRuns = ctx.store.lostRuns,
): Promise<void> {
  const deferred: Promise<unknown>[] = [];
  const recorder = createRunRecorder(runLog, lostRuns, 500, noWaits);
  for (const run of runs) recorder.record({ make: () => run, size: 0 }, 0, (work) => void deferred.push(work));
  await Promise.all(deferred);
}

const listed = async (endpoint: string): Promise<string[]> =>
  (await ctx.runLog.list({ endpointId: endpoint }, null, 1000)).entries.map(({ id }) => id).toSorted();

test('runs of a time without the run log are in R2, and the cron brings them in: all of them, once', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const endpoint = endpointId();
  const runs = stored(...Array.from({ length: 730 }, (_, n) => record(endpoint, { startedAt: Date.now() - n })));
  await send(away, runs);
  expect((await env.FILES.list({ prefix: 'lost-runs/' })).objects).toHaveLength(2);
  expect(await listed(endpoint)).toEqual([]);
  // As after an attempt whose answer was lost.
  await ctx.runLog.append(runs.slice(0, 50), false);
  expect(await recoverLostRuns(ctx)).toBe(730);
  expect(await listed(endpoint)).toEqual(runs.map(({ entry }) => entry.id).toSorted());
  expect(await recoverLostRuns(ctx)).toBe(0);
  expect((await env.FILES.list({ prefix: 'lost-runs/' })).objects).toEqual([]);
  error.mockRestore();
  warn.mockRestore();
});

/** Waits that end when the test moves its clock: each as late as it asked for. */
function createClock() {
  let now = 0;
  const waits: { at: number; end: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms: number) => new Promise<void>((end) => waits.push({ at: now + ms, end })),
    /** Moves the clock to `at`, from one end of a wait to the next. */
    moveTo: async (at: number): Promise<void> => {
      for (;;) {
        // A wait that has just ended may start another.
        await new Promise((resolve) => setTimeout(resolve, 0));
        const next = waits.filter((wait) => wait.at <= at).toSorted((a, b) => a.at - b.at)[0];
        now = next?.at ?? at;
        if (next === undefined) return;
        waits.splice(waits.indexOf(next), 1);
        next.end();
      }
    },
  };
}

test('60 s without the object, of which the answers of some writes are lost: every run is stored once', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const clock = createClock();
  const deferred: Promise<unknown>[] = [];
  let attempts = 0;
  const flaky: Pick<RunLog, 'append'> = {
    append: async (runs, isRepeat) => {
      if (clock.now() < 60_000 && attempts++ % 3 !== 0) throw new Error('the object is away');
      await ctx.runLog.append(runs, isRepeat);
      if (clock.now() < 60_000) throw new Error('the answer is lost');
    },
  };
  const recorder = createRunRecorder(flaky, ctx.store.lostRuns, 500, clock.sleep);
  const endpoint = endpointId();
  const ids: string[] = [];
  for (let at = 0; at < 65_000; at += 1000) {
    await clock.moveTo(at);
    for (const run of stored(...Array.from({ length: 10 }, () => record(endpoint)))) {
      ids.push(run.entry.id);
      recorder.record({ make: () => run, size: 0 }, at, (work) => void deferred.push(work));
    }
  }
  await clock.moveTo(200_000);
  await Promise.all(deferred);
  await recoverLostRuns(ctx);
  expect(ids).toHaveLength(650);
  const { entries } = await ctx.runLog.list({ endpointId: endpoint }, null, 2000);
  expect(entries.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  const tallies = await ctx.runLog.stats({ since: 0, until: 1e14, stepMs: 86_400_000, by: null, endpointId: endpoint });
  expect(tallies.reduce((sum, { calls }) => sum + calls, 0)).toBe(650);
  expect(error.mock.calls.some(([line]) => String(line).includes('run_record.lost'))).toBe(false);
  error.mockRestore();
  warn.mockRestore();
});

test('without R2 as well, each lost run is counted and logged', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const refusing = { ...ctx.store.lostRuns, put: () => Promise.reject(new Error('no R2')) };
  await send(away, stored(...Array.from({ length: 250 }, () => record(endpointId()))), refusing);
  const counts = error.mock.calls.map(([line]) => JSON.parse(String(line)) as { event: string; count: number });
  expect(counts.every(({ event }) => event === 'run_record.lost')).toBe(true);
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(250);
  error.mockRestore();
  warn.mockRestore();
});

test('what the run log still refuses stays in R2, and the task of the cron fails', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const endpoint = endpointId();
  const runs = stored(record(endpoint));
  await ctx.store.lostRuns.put(runs);
  await expect(onSchedule({ ...ctx, runLog: { ...ctx.runLog, ...away } })).rejects.toThrow('1 retention tasks failed');
  await onSchedule(ctx);
  expect(await listed(endpoint)).toEqual([runs[0]!.entry.id]);
  expect(info).toHaveBeenLastCalledWith(expect.stringContaining('"recoveredRuns":1'));
  error.mockRestore();
  info.mockRestore();
});

test('a run that was deleted stays so, when its batch was stored and set aside as well', async () => {
  const endpoint = endpointId();
  const runs = stored(record(endpoint), record(endpoint));
  await ctx.runLog.append(runs, false);
  await ctx.store.lostRuns.put(runs);
  await deleteRun(ctx, runs[0]!.entry.id);
  await recoverLostRuns(ctx);
  expect(await listed(endpoint)).toEqual([runs[1]!.entry.id]);
  const [tally] = await ctx.runLog.stats({ since: 0, until: 1e14, stepMs: 86_400_000, by: null, endpointId: endpoint });
  expect(tally?.calls).toBe(2);
});

test('batches that cannot be stored do not hold back newer ones: the oldest and the newest are tried', async () => {
  const { lostRuns } = ctx.store;
  const at = Date.now() - 10_000;
  const runs = Array.from({ length: 6 }, (_, n) => stored(record(endpointId(), { startedAt: at + n * 1000 })));
  for (const batch of runs) await lostRuns.put(batch);
  const names = await lostRuns.list(6);
  expect(await lostRuns.list(4)).toEqual([names[0], names[1], names[4], names[5]]);
  await Promise.all(names.map((name) => lostRuns.remove(name)));
});

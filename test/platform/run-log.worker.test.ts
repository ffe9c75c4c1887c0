import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { newRunId, shardsOf } from '../../src/core/runs/run-id';
import { toStoredRun } from '../../src/core/runs/stored-run.rules';
import { createRunLog } from '../../src/platform/run-log';
import { IndexStore } from '../../src/storage/run-log/index-store';
import { endpointId, record, stored } from '../support/runs';
import { describeRunLog, idsOf } from './run-log.contract';
import { openContext } from '../../src/context';
import type { StreamedRun } from '../../src/platform/run-stream';

describe('Durable Objects', () => describeRunLog(() => createRunLog(env, 8e9)));

describe('runs that arrive alone', () => {
  const startedAt = Date.parse('2024-10-01T12:00:00Z');
  const rowsOf = (day: string): Promise<number> =>
    runInDurableObject(
      env.RUN_DAY.getByName(`runs/${day}/0`),
      (_, { storage }) => storage.sql.exec<{ rows: number }>('select count(*) as rows from batches').one().rows,
    );

  test('from many isolates at once are one row, each run once, and all are there when any is', async () => {
    const endpoint = endpointId();
    const runs = Array.from({ length: 40 }, (_, n) => record(endpoint, { startedAt: startedAt + n }));
    const begun = record(endpoint, { startedAt: startedAt + 50 });
    await createRunLog(env, 8e9).begin(toStoredRun({ ...begun, outcome: 'running', status: null }));
    const isolates = [...runs.map((run) => stored(run)), [toStoredRun(begun, true)], stored(runs[0]!)];
    await Promise.any(isolates.map((own) => createRunLog(env, 8e9, 1000).append(own, own === isolates.at(-1))));
    const log = createRunLog(env, 8e9);
    expect(await idsOf(log, { endpointId: endpoint }, 100)).toEqual([begun, ...runs.toReversed()].map(({ id }) => id));
    for (const run of [runs[0]!, runs[39]!, begun]) expect(await log.get(run.id)).toEqual(run);
    const [tally] = await log.stats({ since: 0, until: 1e14, stepMs: 86_400_000, by: null, endpointId: endpoint });
    expect(tally?.calls).toBe(41);
    expect(await rowsOf('2024-10-01')).toBe(1);
  });

  test('a hundred wait for no more, and a large batch waits for none', async () => {
    const endpoint = endpointId();
    const log = createRunLog(env, 8e9, 1e9);
    const small = Array.from({ length: 5 }, () =>
      Array.from({ length: 20 }, (_, n) => record(endpoint, { startedAt: startedAt - n })),
    );
    const large = Array.from({ length: 50 }, (_, n) => record(endpoint, { startedAt: startedAt - n }));
    await Promise.all([...small, large].map((runs) => log.append(stored(...runs), false)));
    expect(await idsOf(log, { endpointId: endpoint }, 200)).toHaveLength(150);
  });
});

describe('shards and parts', () => {
  test('the runs of an endpoint that is spread over shards are one list', async () => {
    const log = createRunLog(env, 8e9);
    const endpoint = endpointId();
    const shards = shardsOf(endpoint, { runShards: 16, runShardsPerEndpoint: 4 });
    expect(new Set(shards).size).toBe(4);
    const at = Date.parse('2024-07-01T12:00:00Z');
    const runs = Array.from({ length: 30 }, (_, n) =>
      record(endpoint, { id: newRunId(at + n, shards), startedAt: at + n }),
    );
    await log.append(stored(...runs), false);
    for (const limit of [4, 100])
      expect(await idsOf(log, { endpointId: endpoint }, limit)).toEqual(runs.map(({ id }) => id).toReversed());
    for (const run of runs.slice(0, 4)) expect(await log.get(run.id)).toEqual(run);
  });

  test('a full object takes no more: the next part does, every run is listed and read, and a start finds its end', async () => {
    const startedAt = Date.parse('2024-08-01T12:00:00Z');
    const endpoint = endpointId();
    const begun = record(endpoint, { startedAt });
    await createRunLog(env, 8e9).begin(toStoredRun({ ...begun, outcome: 'running', status: null }));
    const runs = Array.from({ length: 12 }, (_, n) => record(endpoint, { startedAt: startedAt + n + 1 }));
    // Each isolate learns for itself which parts are full.
    for (const [n, run] of runs.entries()) await createRunLog(env, 20_000 + n).append(stored(run), false);
    const log = createRunLog(env, 1);
    await expect(log.append(stored(record(endpoint, { startedAt })), false)).rejects.toThrow('full');
    await createRunLog(env, 30_000).append([toStoredRun(begun, true)], false);
    const all = [...runs.toReversed(), begun].map(({ id }) => id);
    expect(await idsOf(log, { endpointId: endpoint }, 5)).toEqual(all);
    for (const run of [...runs, begun]) expect(await log.get(run.id)).toEqual(run);
    expect(await idsOf(log, { endpointId: endpoint, outcomes: ['interrupted', 'running'] })).toEqual([]);
  });

  test('a batch that is sent again to an object that is full by then is stored once', async () => {
    const endpoint = endpointId();
    const startedAt = Date.parse('2024-08-02T12:00:00Z');
    const runs = Array.from({ length: 3 }, (_, n) => record(endpoint, { startedAt: startedAt + n }));
    const late = record(endpoint, { startedAt: startedAt + 3 });
    await createRunLog(env, 8e9).append(stored(...runs), false);
    const full = createRunLog(env, 1);
    await expect(full.append(stored(late), false)).rejects.toThrow('are full');
    await full.append(stored(...runs), true);
    const log = createRunLog(env, 8e9);
    expect(await idsOf(log, { endpointId: endpoint }, 10)).toEqual(runs.map(({ id }) => id).toReversed());
    const [tally] = await log.stats({ since: 0, until: 1e14, stepMs: 86_400_000, by: null, endpointId: endpoint });
    expect(tally?.calls).toBe(3);
  });

  test('a batch that is sent again, with more, after the size of full objects was raised is stored once', async () => {
    const endpoint = endpointId();
    const startedAt = Date.parse('2024-08-03T12:00:00Z');
    const [other, begun, ...runs] = Array.from({ length: 5 }, (_, n) => record(endpoint, { startedAt: startedAt + n }));
    const more = record(endpoint, { startedAt: startedAt + 9 });
    // An object is full after one batch.
    const open = () => createRunLog(env, 20_000);
    await open().append(stored(other!), false);
    await open().begin(toStoredRun({ ...begun!, outcome: 'running', status: null }));
    const batch = [toStoredRun(begun!, true), ...stored(...runs)];
    await open().append(batch, false);
    const log = createRunLog(env, 8e9);
    await log.append([...batch, ...stored(more)], true);
    const all = [other!, begun!, ...runs, more].toReversed();
    expect(await idsOf(log, { endpointId: endpoint }, 10)).toEqual(all.map(({ id }) => id));
    const tallies = await log.stats({ since: 0, until: 1e14, stepMs: 86_400_000, by: null, endpointId: endpoint });
    expect(tallies.map(({ outcome, calls }) => [outcome, calls])).toEqual([['success', 6]]);
  });
});

describe('the index', () => {
  const day = '2022-03-01';
  const startedAt = Date.parse(`${day}T12:00:00Z`);
  const query = { since: 0, until: 1e14, stepMs: 86_400_000, by: 'endpoint' as const };
  const retention = { now: startedAt + 40 * 86_400_000, before: 0, maxBytes: Infinity, countsBefore: 0 };

  test('asks the object of a day whose counts it has in part only, as long as there is one', async () => {
    const log = createRunLog(env, 8e9);
    const endpoint = endpointId();
    await log.append(stored(record(endpoint, { startedAt })), false);
    await log.tend(retention);
    const place = { day, shard: '0', part: 0 };
    const folded = await env.RUN_DAY.getByName(`runs/${day}/0`).fold();
    const others = folded.rows.map((row) => ({ ...row, endpoint: '', key: '' }));
    await env.RUN_INDEX.getByName('index').fold(place, { rows: others, isWhole: false });
    const of = { ...query, endpointId: endpoint };
    expect(await log.stats(of)).toMatchObject([{ group: endpoint, calls: 1 }]);
    await log.tend({ ...retention, before: startedAt + 86_400_000 });
    expect(await log.stats(of)).toEqual([]);
    expect(await log.stats({ ...query, since: Date.parse(day), until: startedAt + 43_200_000 })).toMatchObject([
      { group: '', calls: 1 },
    ]);
  });

  test('drops the counts of the oldest day when it is full, and takes those of a new one', () =>
    runInDurableObject(env.RUN_INDEX.getByName('full'), (_, { storage }) => {
      const store = new IndexStore(storage, 1);
      const fold = (on: string): void => {
        const rows = [{ hour: Date.parse(on) / 3_600_000, endpoint: 'e', key: '', total: '[["live","s",1,[]]]' }];
        store.fold({ day: on, shard: '0', part: 0 }, { rows, isWhole: true });
      };
      for (const on of ['2023-01-01', '2023-01-02', '2023-01-03']) fold(on);
      expect(store.stats(query).tallies?.map(({ at }) => at)).toEqual([Date.parse('2023-01-03')]);
    }));

  test('a run that waits for others when its day is folded is counted, and one that comes after is counted later', async () => {
    const endpoint = endpointId();
    const at = startedAt + 20 * 86_400_000;
    const [first, waiting, late] = [0, 1, 2].map((n) => record(endpoint, { startedAt: at + n }));
    const log = createRunLog(env, 8e9);
    await log.append(stored(first!), false);
    const place = { day: '2022-03-21', shard: '0', part: 0 };
    const [object, index] = [env.RUN_DAY.getByName('runs/2022-03-21/0'), env.RUN_INDEX.getByName('index')];
    let isStored = false;
    const appended = createRunLog(env, 8e9, 1e9)
      .append(stored(waiting!), false)
      .then(() => (isStored = true));
    const fold = async () => {
      await index.beginFold(place);
      return object.fold();
    };
    let folded = await fold();
    while (!isStored) folded = await fold();
    await appended;
    await log.append(stored(late!), false);
    await index.fold(place, folded);
    const calls = async (): Promise<number | undefined> =>
      (await log.stats({ ...query, endpointId: endpoint }))[0]?.calls;
    expect(await calls()).toBe(3);
    await log.tend({ ...retention, before: startedAt + 30 * 86_400_000 });
    expect(await calls()).toBe(3);
  });

  test('a run that comes after the runs of its day were deleted is listed, and leaves the counts of the day', async () => {
    const endpoint = endpointId();
    const at = startedAt + 24 * 86_400_000;
    const log = createRunLog(env, 8e9);
    await log.append(stored(record(endpoint, { startedAt: at }), record(endpoint, { startedAt: at })), false);
    const forgets = { ...retention, before: startedAt + 30 * 86_400_000 };
    await log.tend(forgets);
    const late = record(endpoint, { startedAt: at });
    const calls = async (): Promise<number | undefined> =>
      (await log.stats({ ...query, endpointId: endpoint }))[0]?.calls;
    for (const run of [late, record(endpoint, { startedAt: at })]) {
      await log.append(stored(run), false);
      expect(await calls()).toBe(2);
    }
    await log.tend(retention);
    expect(await idsOf(log, { endpointId: endpoint })).toContain(late.id);
    expect(await calls()).toBe(2);
    await log.tend(forgets);
    expect([await idsOf(log, { endpointId: endpoint }), await calls()]).toEqual([[], 2]);
  });

  test('counts a run once when its day is folded, or opened again, between the questions of one statistic', async () => {
    const endpoint = endpointId();
    const log = createRunLog(env, 8e9);
    const at = startedAt + 27 * 86_400_000;
    const calls = { ...query, since: at, until: at + 86_400_000, stepMs: 3_600_000, endpointId: endpoint };
    let meanwhile = async (): Promise<unknown> => undefined;
    const index = env.RUN_INDEX.getByName('index');
    const asked = {
      places: (from: string, to: string) => index.places(from, to).finally(() => meanwhile()),
      stats: (of: typeof calls) => index.stats(of).finally(() => meanwhile()),
    };
    const namespace = { getByName: () => asked } as unknown as typeof env.RUN_INDEX;
    const interrupted = createRunLog({ ...env, RUN_INDEX: namespace }, 8e9);
    await log.append(stored(record(endpoint, { startedAt: at })), false);
    meanwhile = () => log.tend(retention);
    expect(await interrupted.stats(calls)).toMatchObject([{ calls: 1 }]);
    meanwhile = () => log.append(stored(record(endpoint, { startedAt: at })), false);
    expect(await interrupted.stats(calls)).toMatchObject([{ calls: 1 }]);
  });

  test('a run that comes while the runs of its day are deleted is listed', async () => {
    const endpoint = endpointId();
    const at = startedAt + 26 * 86_400_000;
    const log = createRunLog(env, 8e9);
    await log.append(stored(record(endpoint, { startedAt: at })), false);
    const late = record(endpoint, { startedAt: at });
    // After the object has deleted its runs, and before the index forgets it.
    const forgetting = {
      ...env,
      RUN_DAY: {
        getByName: (name: string) => {
          const day = env.RUN_DAY.getByName(name);
          const forget = async () => {
            const runs = await day.forget();
            await log.append(stored(late), false);
            return runs;
          };
          return name === 'runs/2022-03-27/0' ? { bytes: day.bytes, fold: () => day.fold(), forget } : day;
        },
      } as unknown as typeof env.RUN_DAY,
    };
    const forgets = { ...retention, before: startedAt + 30 * 86_400_000 };
    await createRunLog(forgetting, 8e9).tend(forgets);
    expect(await idsOf(log, { endpointId: endpoint })).toEqual([late.id]);
    const of = { ...query, endpointId: endpoint };
    expect(await log.stats(of)).toMatchObject([{ calls: 1 }]);
    await log.tend(forgets);
    expect(await idsOf(log, { endpointId: endpoint })).toEqual([]);
    expect(await log.stats(of)).toMatchObject([{ calls: 1 }]);
  });

  test('a day that cannot be folded keeps no other from its end: the task fails after it', async () => {
    const log = createRunLog(env, 8e9);
    const [broken, good] = [endpointId(), endpointId()];
    await log.append(stored(record(broken, { startedAt: startedAt + 5 * 86_400_000 })), false);
    await log.append(stored(record(good, { startedAt })), false);
    await runInDurableObject(env.RUN_DAY.getByName('runs/2022-03-06/0'), (_, { storage }) => {
      storage.sql.exec("update batches set counts = 'no JSON'");
    });
    const forgets = { ...retention, before: startedAt + 86_400_000 };
    await expect(log.tend(forgets)).rejects.toThrow('tending failed');
    expect(await idsOf(log, { endpointId: good })).toEqual([]);
    expect(await idsOf(log, { endpointId: broken })).toHaveLength(1);
    // So that other tests are not held up by it.
    await env.RUN_DAY.getByName('runs/2022-03-06/0').forget();
    const index = env.RUN_INDEX.getByName('index');
    const place = { day: '2022-03-06', shard: '0', part: 0 };
    await index.beginLeave(place);
    await index.leave(place);
  });
});

test('a deploy with a stream sends stored runs there as well', async () => {
  const streamed: string[] = [];
  const RUN_STREAM = { send: async (runs: StreamedRun[]) => void streamed.push(...runs.map(({ id }) => id)) };
  const request = new Request('https://portico.test/');
  const { runLog } = openContext(request, { ...env, RUN_STREAM }, { waitUntil: () => undefined });
  const run = record(endpointId());
  await runLog.append(stored(run), false);
  expect([streamed, await runLog.get(run.id)]).toEqual([[run.id], run]);
});

import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { packRuns, unpackEntries } from '../../../src/storage/run-log/batch';
import { DayStore } from '../../../src/storage/run-log/day-store';
import { record, stored } from '../../support/runs';

test('batches that arrive when the clock of the object was set back come after those before', () =>
  runInDurableObject(env.RUN_DAY.getByName('a clock that is set back'), (_, { storage }) => {
    const store = new DayStore(storage);
    const runs = Array.from({ length: 6 }, () => record('ep_back'));
    for (const [n, now] of [5000, 9000, 1000, 2000, 3000, 9001].entries())
      store.append(
        stored(runs[n]!).flatMap((run) => packRuns([run]).map((batch) => ({ batch, isRepeat: false }))),
        now,
      );
    const since = (at: number): string[] =>
      new DayStore(storage).arrivedSince(at).flatMap(({ entries }) => unpackEntries(entries).map(({ id }) => id));
    expect(since(9000)).toEqual(runs.slice(1).map(({ id }) => id));
    expect(since(9001)).toEqual([runs[5]!.id]);
  }));

import { expect, test } from 'vitest';
import { listDays } from '../../src/platform/run-log-list';
import type { RunPlace } from '../../src/storage/run-log/place.rules';

/** Ten days of one shard, newest first. */
const DAYS: RunPlace[] = Array.from({ length: 10 }, (_, n) => ({ day: `2024-05-${20 - n}`, shard: '0', part: 0 }));

/** Lists days without a fitting run, each of which takes `batches` to look at. Returns the answer and the number of days. */
async function look(batches: number, budget: number) {
  let days = 0;
  const list = await listDays(DAYS, 50, budget, () => {
    days += 1;
    return Promise.resolve({ entries: [], next: null, batches });
  });
  return { list, days };
}

test('a list that finds nothing stops after its budget of batches, and the next page continues with the next day', async () => {
  expect(await look(90, 200)).toEqual({
    days: 3,
    list: { entries: [], next: { at: Date.parse('2024-05-18T00:00:00Z') - 1, id: '~' } },
  });
});

test('a list within its budget looks at every day', async () => {
  expect(await look(20, 200)).toEqual({ days: 10, list: { entries: [], next: null } });
});

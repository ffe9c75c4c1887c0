import { expect, test } from 'vitest';
import { mergeTallies, Tallies } from '../../../src/storage/run-log/tallies';

/** Returns the tallies of one call at each of `endpoints` endpoints, of which a store gives three. */
function tallied(endpoints: number, by: 'endpoint' | null) {
  const tallies = new Tallies({ since: 0, until: 10, stepMs: 10, by }, 3);
  for (let n = 0; n < endpoints; n++)
    tallies.add(1, `ep_${n}`, '', { kind: 'live', code: 's', calls: 1, histogram: [], length: 0 });
  return tallies.values();
}

test('a store gives as many tallies as an answer may have, and null for more', () => {
  expect(tallied(3, 'endpoint')).toHaveLength(3);
  expect(tallied(4, 'endpoint')).toBeNull();
  expect(tallied(4, null)).toMatchObject([{ group: '', calls: 4 }]);
});

test('an answer has null for null of any store, and the sums of all else', () => {
  expect(mergeTallies([tallied(2, null), tallied(3, null)])).toMatchObject([{ calls: 5 }]);
  expect(mergeTallies([tallied(2, null), null])).toBeNull();
});

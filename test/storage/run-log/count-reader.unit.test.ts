import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CountReader } from '../../../src/storage/run-log/count-reader';

const number = fc.integer({ min: 0, max: 30_000_000 });
const histogram = fc.array(fc.tuple(fc.nat(90), number)).map((pairs) => pairs.flat());
/** Ids as they are, and any other text that an id might be. */
const id = fc.oneof(fc.constantFrom('', 'ep_1', 'ep_12'), fc.string({ unit: 'binary' }));

function read(list: unknown[], texts: 2 | 4): unknown[] {
  const counts = new CountReader(JSON.stringify(list), texts);
  const found: unknown[] = [];
  while (counts.next()) {
    const { minute, endpointId, keyId, kind, code, calls } = counts;
    const ids = texts === 4 ? [endpointId, keyId] : [];
    found.push([minute, ...ids, kind, code, calls, counts.histogram.slice(0, counts.length)]);
  }
  return found;
}

test('counts of batches are read as they were written', () => {
  const count = fc.tuple(number, id, id, fc.constantFrom('live', 'test'), fc.constantFrom('s', 'f'), number, histogram);
  fc.assert(
    fc.property(fc.array(count), (list) => {
      expect(read(list, 4)).toEqual(list);
    }),
  );
});

test('counts of hours are read as they were written, with minutes and without', () => {
  const inHour = fc.tuple(id, fc.constantFrom('s', 'f', 'a'), number, histogram);
  const inMinute = fc.tuple(fc.nat(59), id, fc.constantFrom('s', 'f'), number, histogram);
  fc.assert(
    fc.property(fc.array(inHour), fc.array(inMinute), (ofHours, ofMinutes) => {
      expect(read(ofHours, 2)).toEqual(ofHours.map((each) => [0, ...each]));
      expect(read(ofMinutes, 2)).toEqual(ofMinutes);
    }),
  );
});

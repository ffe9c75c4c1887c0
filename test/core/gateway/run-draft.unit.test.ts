import { expect, test } from 'vitest';
import { heldBy, sizeDraft } from '../../../src/core/gateway/run-draft';
import { NO_REPORT } from '../../../src/core/code/no-report';
import { toStoredRun } from '../../../src/core/runs/stored-run.rules';
import type { Report } from '../../../src/runtime/types';
import { record } from '../../support/runs';

const stored = toStoredRun(record('ep_1', { id: 'run_1' }));
const report = (chars: number): Report => ({ ...NO_REPORT, chars });
const call = (more: Partial<Parameters<typeof heldBy>[0]> = {}): Parameters<typeof heldBy>[0] => ({
  body: null,
  request: { method: 'GET', path: '/u/a', query: '', headers: new Headers(), origin: '' },
  reports: [],
  middlewareResults: [],
  outlet: null,
  ...more,
});

test('the record of a call that holds little is made when its batch leaves', () => {
  let made = 0;
  const { make, size } = sizeDraft(() => (made++, stored), 8192);
  expect([made, size]).toEqual([0, 8192]);
  expect([make(), made]).toEqual([stored, 1]);
});

test('that of a call that holds more is made at once, and then holds only its details', () => {
  let made = 0;
  const { make, size } = sizeDraft(() => (made++, stored), 8193);
  expect([made, size]).toEqual([1, stored.detail.length]);
  expect([make(), made]).toEqual([stored, 1]);
});

test('a record that cannot be made is left to the recorder, with all that it holds', () => {
  const make = (): never => {
    throw new Error('cyclic');
  };
  expect(sizeDraft(make, 9000)).toEqual({ make, size: 9000 });
});

test('a call holds its URL, headers and bodies, and the reports of all code that it ran', () => {
  const request = { method: 'GET', path: '/u/abc', query: 'x=1', headers: new Headers({ host: 'b.test' }), origin: '' };
  expect(heldBy(call(), '', NO_REPORT)).toBe(4);
  expect(heldBy(call({ body: new ArrayBuffer(10) }), 'abc', NO_REPORT)).toBe(17);
  expect(heldBy(call({ request }), '', NO_REPORT)).toBe(19);
  expect(heldBy(call({ reports: [report(300)] }), '', report(4000))).toBe(4304);
});

test('nothing measures the results of middleware', () => {
  expect(heldBy(call({ middlewareResults: [{ user: 1 }] }), '', NO_REPORT)).toBe(Infinity);
});

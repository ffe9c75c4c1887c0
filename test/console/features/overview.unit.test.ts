import { expect, test } from 'vitest';
import {
  expiresAround,
  expiring,
  failingEndpoints,
  loudAlerts,
  startOfDay,
  usedQuotas,
} from '../../../console/src/features/overview/attention.rules';
import { compareRuns } from '../../../console/src/features/run/compare.rules';
import { barAt } from '../../../console/src/features/run/run-chart.rules';
import type { Run } from '../../../src/core/runs/run.schema';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const key = (id: string, expiresAt: string | null, perDay: number | null = null, active = true) => ({
  id,
  alias: id,
  active,
  expiresAt,
  quota: { perDay },
});

test('alerts that fire need attention, and those whose message did not arrive', () => {
  const alert = (id: string, since: string | null, lastResult: string | null) => ({
    endpoint: { id, path: id },
    since,
    lastResult,
  });
  const since = '2026-11-26T11:00:00.000Z';
  const alerts = [alert('a', since, 'delivered'), alert('b', null, 'status 500'), alert('c', null, 'delivered')];
  expect(loudAlerts([...alerts, alert('d', null, null)]).map(({ id, since: at }) => [id, at])).toEqual([
    ['a', since],
    ['b', null],
  ]);
});

test('endpoints with failures come first by their number, at most five, also without a path', () => {
  const groups = [1, 9, 0, 3, 4, 5, 6].map((failed, at) => ({
    group: `ep${at}`,
    calls: 10,
    outcomes: { failed, timeout: at === 2 ? 2 : 0, rejected: 5, success: 1 },
  }));
  expect(
    failingEndpoints(groups, [{ id: 'ep1', path: 'orders' }]).map(({ id, path, failed }) => [id, path, failed]),
  ).toEqual([
    ['ep1', 'orders', 9],
    ['ep6', null, 6],
    ['ep5', null, 5],
    ['ep4', null, 4],
    ['ep3', null, 3],
  ]);
  expect(failingEndpoints([{ group: 'ep', calls: 5, outcomes: { rejected: 5 } }], [])).toEqual([]);
});

test('active keys and tokens that expire are shown, the first one first, and quotas that are nearly used', () => {
  const keys = [
    key('soon', '2026-12-01T00:00:00Z'),
    key('over', '2026-11-26T11:00:00Z'),
    key('off', '2026-11-27T00:00:00Z', null, false),
    key('never', null, 10),
    key('half', null, 20),
  ];
  const tokens = [{ id: 'token', name: 'crm', expiresAt: '2026-11-28T00:00:00Z' }];
  expect(expiring(keys, tokens, NOW).map(({ noun, name, isExpired }) => [noun, name, isExpired])).toEqual([
    ['key', 'over', true],
    ['token', 'crm', false],
    ['key', 'soon', false],
  ]);
  expect(expiresAround(NOW)).toEqual({
    expiresAfter: '2026-11-12T12:00:00.000Z',
    expiresBefore: '2026-12-10T12:00:00.000Z',
  });
  const groups = ['never', 'half', 'soon'].map((group) => ({ group, calls: 8, outcomes: {} }));
  expect(usedQuotas(keys, groups)).toEqual([{ kind: 'quota', id: 'never', alias: 'never', calls: 8, perDay: 10 }]);
  const refused = [{ group: 'never', calls: 12, outcomes: { rejected: 2 } }];
  expect(usedQuotas(keys, refused)).toMatchObject([{ calls: 10, perDay: 10 }]);
  expect(startOfDay(NOW)).toBe('2026-11-26T00:00:00.000Z');
});

test('a place in the chart is that of a bar, also beyond its edges', () => {
  expect([-5, 0, 49, 50, 100, 999].map((x) => barAt(x, 100, 2))).toEqual([0, 0, 0, 1, 1, 1]);
});

const run = (over: Partial<Run>): Run =>
  ({
    endpointPath: 'order',
    handlerPath: 'order.js',
    handlerVersion: 1,
    outcome: 'success',
    status: 200,
    caller: { kind: 'key', id: 'key_1' },
    executor: 'ada',
    error: null,
    durationMs: 10.4,
    request: {
      method: 'POST',
      path: '/u/order',
      query: '',
      headers: { 'x-a': '1' },
      body: '{"n":1,"deep":{"a":[1,2]}}',
      bytes: 26,
    },
    response: { status: 200, headers: {}, body: '{"total":12}' },
    steps: [],
    logs: [],
    ...over,
  }) as unknown as Run;

test('two runs differ in parts of their bodies, in steps by id, and in nothing else', () => {
  const a = run({ steps: [{ id: 's', outcome: 'success', durationMs: 1 }] as Run['steps'] });
  expect(compareRuns(a, a)).toEqual([]);
  const b = run({
    handlerVersion: 2,
    request: { ...a.request, headers: {}, body: '{"n":2,"deep":{"a":[1,3]}}' },
    response: { ...a.response!, body: 'not json' },
    steps: [
      { id: 's', outcome: 'success', durationMs: 31 },
      { id: 's', outcome: 'failed', durationMs: 0 },
    ] as Run['steps'],
  });
  expect(compareRuns(a, b).map((one) => [one.part, one.name, one.a, one.b])).toEqual([
    ['call', 'Version', '1', '2'],
    ['request', 'Header x-a', '1', undefined],
    ['request', 'Body /n', '1', '2'],
    ['request', 'Body /deep/a/1', '2', '3'],
    ['steps', 's', 'success, 1 ms', 'success, 31 ms'],
    ['steps', 's (2)', undefined, 'failed, 0 ms'],
    ['response', 'Body /total', '12', undefined],
    ['response', 'Body', undefined, 'not json'],
  ]);
  const huge = JSON.stringify(Array.from({ length: 5000 }, (_, n) => n));
  expect(compareRuns(a, run({ request: { ...a.request, body: huge } })).length).toBe(200);
});

import { fromFilter, proposeName, toFilter } from '../../../console/src/features/run/run-search.rules';
import { spawnSync } from 'node:child_process';
import { describe, expect, it, test } from 'vitest';
import {
  curlOf,
  headersOf,
  issuesOf,
  namesOfQuery,
  testRequestOf,
  whyNotWhole,
} from '../../../console/src/features/run/replay.rules';
import { toBars } from '../../../console/src/features/run/run-chart.rules';
import {
  leftOutOfStats,
  stepFor,
  toListQuery,
  toStatsQuery,
  toTailQuery,
  whyNotLive,
} from '../../../console/src/features/run/run-filter.rules';
import { fromLocalField, instantOf, time, toLocalField } from '../../../console/src/kit/time-range.rules';
import { groupFailures, mergeRuns, newsText, PAGE_ROWS } from '../../../console/src/features/run/run-list.rules';
import { countErrors, countText, followsDefault } from '../../../console/src/features/run/same-error.rules';
import { spanOf, wholeMs } from '../../../console/src/features/run/timeline.rules';
import { posixQuoted } from '../../../console/src/kit/shell-quote.rules';
import { clockTime } from '../../../console/src/kit/time.rules';
import type { RunSummary } from '../../../src/core/runs/run.schema';

const NOW = Date.parse('2026-11-26T12:00:00Z');

describe('times of an address', () => {
  it.each([
    ['-15m', '2026-11-26T11:45:00.000Z'],
    ['-24h', '2026-11-25T12:00:00.000Z'],
    ['-7d', '2026-11-19T12:00:00.000Z'],
    ['2026-11-25T10:00Z', '2026-11-25T10:00:00.000Z'],
    ['2026-11-25T10:00:00+02:00', '2026-11-25T08:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(time(text)).toBe(text);
    expect(new Date(instantOf(text, NOW)).toISOString()).toBe(iso);
  });

  it.each(['24h', '-0h', '-1w', '-999999h', '2026-11-25', '2026-11-25T10:00', '2026-13-40T10:00Z', 'now', ''])(
    'drops %s',
    (text) => expect(time(text)).toBeUndefined(),
  );

  it('become local fields and come back to the minute', () => {
    expect(fromLocalField(toLocalField(NOW))).toBe('2026-11-26T12:00:00.000Z');
    expect(fromLocalField('2026-11')).toBe('2026-11-01T00:00:00.000Z');
    expect(fromLocalField('')).toBeUndefined();
  });

  it('are shown with their day when it is another one', () => {
    expect(clockTime(NOW - 1000, NOW, 'en', 'UTC')).toBe('11:59:59');
    expect(clockTime(NOW - 86_400_000, NOW, 'en', 'UTC')).toBe('Nov 25, 2026, 12:00:00');
  });
});

describe('the queries of a filter', () => {
  const filter = { endpoint: 'quote', outcome: ['failed', 'timeout'], minMs: 20, since: '-1h', q: 'x' } as const;

  it('have absolute times and outcomes with commas', () => {
    expect(toListQuery(filter, NOW)).toEqual({
      endpoint: 'quote',
      outcome: 'failed,timeout',
      minMs: 20,
      since: '2026-11-26T11:00:00.000Z',
      until: undefined,
      q: 'x',
    });
    expect(toTailQuery(filter)).toEqual({ endpoint: 'quote', outcome: 'failed,timeout', minMs: 20 });
  });

  it('count 24 hours without a range, and name what is not counted', () => {
    const { since: _since, ...open } = filter;
    expect(toStatsQuery(open, NOW)).toMatchObject({
      since: '2026-11-25T12:00:00.000Z',
      step: 'hour',
      endpoint: 'quote',
    });
    expect(toStatsQuery({ caller: 'key_1', endpointId: 'ep_1' }, NOW)).toMatchObject({
      key: 'key_1',
      endpoint: 'ep_1',
    });
    expect(toStatsQuery({ caller: 'usr_1' }, NOW).key).toBeUndefined();
    expect(leftOutOfStats(filter)).toEqual(['outcome', 'duration', 'text']);
    expect(leftOutOfStats({ caller: 'key_1' })).toEqual([]);
    expect(leftOutOfStats({ caller: 'usr_1' })).toEqual(['caller']);
  });

  it.each([
    [60_000, 'minute'],
    [3 * 3_600_000, 'minute'],
    [86_400_000, 'hour'],
    [30 * 86_400_000, 'day'],
  ])('count %d ms by %s', (ms, step) => expect(stepFor(ms)).toBe(step));

  it('follow new runs only where the tail can answer', () => {
    expect(whyNotLive({ since: '-1h', status: 500 }, undefined)).toBeNull();
    expect(whyNotLive({}, '1.run_1')).toContain('newest');
    expect(whyNotLive({ until: '-1h' }, undefined)).toContain('end');
    expect(whyNotLive({ q: 'x' }, undefined)).toContain('text');
  });
});

const run = (id: string, part: Partial<RunSummary> = {}): RunSummary => ({
  id,
  endpointId: 'ep_1',
  endpointPath: 'quote',
  handlerPath: 'a.js',
  handlerVersion: 1,
  kind: 'live',
  outcome: 'success',
  status: 200,
  errorCode: null,
  failedStep: null,
  calls: 1,
  startedAt: '2026-11-26T12:00:00.000Z',
  durationMs: 1,
  caller: { kind: 'anonymous', id: null },
  executor: 'usr_1',
  ...part,
});

describe('the rows of the list', () => {
  it('have each run once, newest first, and at most a page', () => {
    const many = Array.from({ length: 2 * PAGE_ROWS }, (_, n) => run(`run_${100 + n}`));
    expect(mergeRuns(many, many.slice(10))).toHaveLength(PAGE_ROWS);
    expect(mergeRuns([run('run_3'), run('run_2')], [run('run_2'), run('run_1')]).map(({ id }) => id)).toEqual([
      'run_3',
      'run_2',
      'run_1',
    ]);
    expect(mergeRuns([run('a', { startedAt: '2026-11-26T12:00:01.000Z' })], [run('b')])[0]!.id).toBe('a');
  });

  it('have the end of a run that was followed, in whichever order it came', () => {
    const [begun, ended] = [run('a', { outcome: 'running' }), run('a')];
    expect(mergeRuns([begun], [ended])[0]!.outcome).toBe('success');
    expect(mergeRuns([ended], [begun])[0]!.outcome).toBe('success');
  });

  it('are grouped by endpoint, step and error, counted refusals included', () => {
    const failed = { outcome: 'failed', errorCode: 'handler_failed', failedStep: 'total' } as const;
    const groups = groupFailures([
      run('1'),
      run('2', failed),
      run('3', { ...failed, failedStep: 'other' }),
      run('4', failed),
      run('5', { outcome: 'rejected', errorCode: 'rate_limited', calls: 40 }),
    ]);
    expect(groups.map(({ errorCode, failedStep, calls }) => [errorCode, failedStep, calls])).toEqual([
      ['rate_limited', null, 40],
      ['handler_failed', 'total', 2],
      ['handler_failed', 'other', 1],
    ]);
  });

  it('are announced in one sentence', () => {
    expect(newsText([run('1')])).toBe('1 new run');
    expect(newsText([run('1'), run('2', { outcome: 'timeout' })])).toBe('2 new runs, 1 failed');
  });
});

test('toBars has a bar for each step, also for those without calls', () => {
  const figures = { calls: 5, outcomes: { success: 2, timeout: 1, rejected: 2 }, p50Ms: 1, p95Ms: 9, p99Ms: 9 };
  const items = [{ group: '', ...figures, steps: [{ at: '2026-11-26T11:00:00.000Z', ...figures }] }];
  const stats = { since: '2026-11-26T10:00:00.000Z', until: '2026-11-26T12:00:00.000Z', items };
  expect(toBars(stats, 3_600_000).map(({ calls, failed, refused }) => [calls, failed, refused])).toEqual([
    [0, 0, 0],
    [5, 1, 2],
  ]);
  expect(toBars({ ...stats, items: [] }, 3_600_000)).toHaveLength(2);
});

test('the timeline stays within 0 and 100 %, whatever the clock of a handler says', () => {
  const step = { id: 'a', action: 'sleep', outcome: 'success', startedMs: 90, durationMs: 20 } as const;
  const timing = { authMs: 5, runMs: 50, afterMs: 0 };
  expect(wholeMs({ durationMs: 60, timing, steps: [step] })).toBe(115);
  expect(wholeMs({ durationMs: null, timing: { authMs: 0, runMs: 0, afterMs: 0 }, steps: [] })).toBe(1);
  expect(spanOf(25, 50, 100)).toEqual({ from: 25, width: 50 });
  expect(spanOf(-10, 500, 100)).toEqual({ from: 0, width: 100 });
  expect(spanOf(500, 10, 100)).toEqual({ from: 100, width: 0 });
});

const called = (request: object = {}, part: object = {}): Parameters<typeof curlOf>[0] => ({
  kind: 'live',
  endpointPath: 'quote',
  caller: { kind: 'key', id: 'key_1' },
  truncated: false,
  request: {
    method: 'POST',
    path: '/u/quote',
    query: 'a=1',
    headers: { 'content-type': 'application/json', 'x-api-key': '[redacted]', cookie: 'a=b', host: 'x' },
    body: '{"amount":1}',
    bytes: 12,
    ...request,
  },
  ...part,
});

/** Texts that try to leave their quotes, to end a paste, or to hide. */
const HOSTILE = [
  "it's",
  '$(touch /tmp/x) `id` $HOME "\\" !! *',
  "'; rm -rf / #",
  '\u001b[201~rm\r\u0003',
  'a\u202eb \u00e9 漢',
  "tab\tline\n\\'\u0007",
  '@/etc/passwd',
];

describe('a call as curl', () => {
  it('has no credential, and nothing of the connection', () => {
    expect(curlOf(called(), 'https://p.example')).toBe(
      `curl --globoff 'https://p.example/u/quote?a=1' -H "x-api-key: $PORTICO_KEY" -H 'content-type: application/json' --data-raw '{"amount":1}'`,
    );
    expect(curlOf(called({ body: null, bytes: 0 }, { caller: { kind: 'user', id: 'usr_1' } }), '')).toContain(
      `-X 'POST' '/u/quote?a=1' -H "authorization: Bearer $PORTICO_TOKEN"`,
    );
  });

  it.each(HOSTILE)('gives a shell %j as it is, and shows no control character', (text) => {
    const command = curlOf(called({ body: text, headers: { 'x-note': text } }), '')!;
    // oxlint-disable-next-line no-control-regex
    expect(command).not.toMatch(/[\u0001-\u0008\u000b-\u001f\u007f\u202e]/);
    const { stdout } = spawnSync('bash', ['-c', command.replace('curl', String.raw`printf '%s\0'`)], {
      encoding: 'utf8',
    });
    expect(stdout.split('\0').slice(-3, -1)).toEqual(['--data-raw', text]);
    expect(stdout.split('\0')).toContain(`x-note: ${text}`);
  });

  it('is not offered where the record is not the request', () => {
    expect(whyNotWhole(called({ body: null }))).toContain('metadata');
    expect(whyNotWhole(called({ query: 'token=[redacted]' }))).toContain('Sensitive');
    expect(whyNotWhole(called({ bytes: 9000 }, { truncated: true }))).toContain('longer');
    expect(whyNotWhole(called({ body: 'a\0b' }))).toContain('text');
    expect(curlOf(called({ body: 'a\0b' }), '')).toBeNull();
    expect(() => posixQuoted('a\0b')).toThrow('NUL');
  });
});

describe('a run again', () => {
  it('sends what came, below the path of the endpoint', () => {
    expect(testRequestOf(called({ path: '/u/quote/7', query: '?a=1' }))).toEqual({
      method: 'POST',
      path: '/7',
      query: 'a=1',
      headers: { 'content-type': 'application/json' },
      body: '{"amount":1}',
    });
    expect(headersOf(called({ headers: { a: 'x [redacted]', b: '1' } }))).toEqual([['b', '1']]);
  });

  it('says why it cannot', () => {
    expect(testRequestOf(called({}, { endpointPath: null }))).toContain('Only');
    expect(testRequestOf(called({}, { endpointPath: 'orders/:id' }))).toContain('parameters');
    expect(testRequestOf(called({ method: 'TRACE' }))).toContain('method');
  });
});

test('names of a query are shown once, and issues are read from a problem document only', () => {
  expect(namesOfQuery('a=1&b=2&a=3')).toEqual(['a', 'b']);
  const response = (body: string) => ({ response: { status: 422, headers: {}, body, bytes: 1 } });
  expect(
    issuesOf(response('{"errors":[{"pointer":"#/amount","message":"must be a number"},{"pointer":1}, null]}')),
  ).toEqual([{ pointer: '#/amount', message: 'must be a number' }]);
  for (const body of ['{"errors":3}', 'null', '[]', 'no json']) expect(issuesOf(response(body))).toEqual([]);
});

test('a pinned view is one text for the same filters, without the page and what is unknown', () => {
  const filter = { since: '-24h', outcome: ['failed', 'timeout'], endpoint: 'a/b', q: 'ä & b' } as const;
  const text = fromFilter(filter);
  expect(text).toBe('endpoint=a/b&outcome=failed,timeout&q=%C3%A4+%26+b&since=-24h');
  expect(toFilter(text)).toEqual(filter);
  expect(fromFilter(toFilter('live=1&cursor=1.x&unknown=1&since=-24h&outcome=timeout,failed'))).toBe(
    'outcome=failed,timeout&since=-24h',
  );
  expect(proposeName(filter)).toBe('failed, timed out, /u/a/b, -24h, ä & b');
  expect(proposeName({ q: 'x'.repeat(90) })).toHaveLength(60);
});

describe('the count of an error', () => {
  const run = (id: string, minutesAgo: number, handlerVersion: number | null = 3, calls = 1) => ({
    id,
    calls,
    handlerVersion,
    startedAt: new Date(NOW - minutesAgo * 60_000).toISOString(),
  });
  const failed = run('a', 1);
  const clock = (minutesAgo: number): string => clockTime(Date.parse(run('', minutesAgo).startedAt), NOW);
  const textOf = (items: ReturnType<typeof run>[], searchedTo: string | null = null, of = failed): string =>
    countText(countErrors(of, { items, searchedTo }, NOW), NOW);

  it('has the calls of all runs, the first of them and its version', () => {
    expect(textOf([failed, run('b', 2), run('c', 9, 2, 29)])).toBe(`31 times since ${clock(9)}, first with v2`);
    expect(textOf([failed, run('b', 2, null)])).toBe(`2 times since ${clock(2)}`);
    expect(textOf([failed])).toBe(`once at ${clock(1)}, with v3`);
  });

  it('has a run that is not listed yet, and none that is older than a day', () => {
    expect(textOf([run('b', 2)])).toBe(`2 times since ${clock(2)}, first with v3`);
    expect(textOf([], null, run('old', 1441))).toBe('none');
  });

  it('is a least one without a first where the search ended early', () => {
    expect(textOf([failed], run('', 5).startedAt)).toBe(`at least once, searched back to ${clock(5)}`);
  });
});

test('a run has the default version of its endpoint unless that is pinned, or serves another handler now', () => {
  const follows = (handlerVersion: number | null, version: number | null, path = 'a.js'): boolean =>
    followsDefault({ handlerPath: 'a.js', handlerVersion }, { handler: { path, version } });
  expect(follows(3, null)).toBe(true);
  expect([follows(null, null), follows(3, 3), follows(3, null, 'b.js')]).toEqual([false, false, false]);
});

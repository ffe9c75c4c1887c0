import { describe, expect, test } from 'vitest';
import { toRecord, toStoredRun } from '../../src/core/runs/stored-run.rules';
import type { RunFilter, RunLog, RunRecord, RunRetention, RunStatsQuery } from '../../src/core/runs/run-log';
import { newRunId } from '../../src/core/runs/run-id';
import { percentile } from '../../src/kernel/histogram.rules';
import type { Position } from '../../src/kernel/page';
import { detail, endpointId, record, stored } from '../support/runs';

const DAY_MS = 86_400_000;
/** Keeps everything. */
export const KEEP: RunRetention = { now: Date.now(), before: 0, maxBytes: Infinity, countsBefore: 0 };
const NOON = Date.parse('2024-05-01T12:00:00Z');

/** The ids of all pages of a list. */
export async function idsOf(log: RunLog, filter: RunFilter, limit = 100): Promise<string[]> {
  const ids: string[] = [];
  let before: Position | null = null;
  do {
    const { entries, next }: Awaited<ReturnType<RunLog['list']>> = await log.list(filter, before, limit);
    ids.push(...entries.map(({ id }) => id));
    before = next;
  } while (before !== null);
  return ids;
}
const idOf = ({ id }: RunRecord): string => id;

/** Contract of every engine of the run log. `open` returns the log of one isolate; all of them share their runs. */
export function describeRunLog(open: () => RunLog): void {
  const log = open();

  describe('records arrive at least once, in any order', () => {
    test('a record is read as it was written, at once', async () => {
      const line = { at: new Date(0).toISOString(), level: 'info' as const, message: `'"\\ \u0000 € 😀 \n` };
      const run = record(endpointId(), { detail: detail({ logs: [line] }), status: null, handlerPath: null });
      await log.append(stored(run), false);
      expect(await open().get(run.id)).toEqual(run);
      expect(await log.get(newRunId(run.startedAt))).toBeNull();
    });

    test('a record that arrives again is there once, as it was first', async () => {
      const endpoint = endpointId();
      const [a, b, c] = [record(endpoint), record(endpoint), record(endpoint)];
      await log.append(stored(a, b), false);
      await open().append(stored(b, { ...a, status: 500 }, c), true);
      await log.append(stored(c, a), false);
      expect((await idsOf(log, { endpointId: endpoint })).toSorted()).toEqual([a, b, c].map(idOf).toSorted());
      expect((await log.get(a.id))?.status).toBe(200);
    });

    test('an end replaces a start; a start that comes again or late does not replace an end', async () => {
      const run = record(endpointId(), { outcome: 'failed', status: 500, durationMs: 9 });
      const start = toStoredRun({ ...run, outcome: 'running', status: null, durationMs: null });
      await log.begin(start);
      await log.begin(start);
      expect(await log.get(run.id)).toMatchObject({ outcome: 'running', status: null });
      expect(await idsOf(log, { endpointId: run.endpointId, outcomes: ['running'] })).toEqual([run.id]);
      await log.append([toStoredRun(run, true)], false);
      await log.begin(start);
      expect(await log.get(run.id)).toEqual(run);
      expect(await idsOf(log, { endpointId: run.endpointId })).toEqual([run.id]);
    });

    test('a start without an end is interrupted after 15 minutes, until its end arrives', async () => {
      const run = record(endpointId(), { startedAt: Date.now() - 16 * 60_000 });
      await log.begin(toStoredRun({ ...run, outcome: 'running', status: null, durationMs: null }));
      expect((await log.get(run.id))?.outcome).toBe('interrupted');
      expect(await idsOf(log, { endpointId: run.endpointId, outcomes: ['interrupted'] })).toEqual([run.id]);
      await log.append([toStoredRun(run, true)], false);
      expect(await log.get(run.id)).toEqual(run);
    });

    test('zero runs, and a thousand of 60 KB that nothing compresses, are stored', async () => {
      await log.append([], false);
      const endpoint = endpointId();
      const noise = Array.from(crypto.getRandomValues(new Uint32Array(6000)), (each) => each.toString(36)).join('');
      const runs = Array.from({ length: 100 }, (_, n) =>
        record(endpoint, {
          detail: detail({ request: { ...detail().request, body: noise.slice(n) + noise.slice(0, n) } }),
        }),
      );
      await log.append(stored(...runs), false);
      expect(await idsOf(log, { endpointId: endpoint })).toHaveLength(100);
      expect(await log.get(runs[99]!.id)).toEqual(runs[99]);
    });

    test('a run whose id has no time is found, listed and stored once', async () => {
      const id = `run_${'0123456789abcdef'.repeat(2).slice(0, 24)}`;
      const run = record(endpointId(), { id, kind: 'graph' });
      await log.append(stored(run), true);
      await log.append(stored({ ...run, status: 500 }), true);
      expect(await log.get(id)).toEqual(run);
      expect(await idsOf(log, { endpointId: run.endpointId, kind: 'graph' })).toEqual([id]);
      await log.remove(id);
      expect(await log.get(id)).toBeNull();
    });
  });

  describe('history', () => {
    test('every filter, and all of them together', async () => {
      const endpoint = endpointId();
      const error = { code: 'handler_error', name: 'E', message: 'no such quantity', stack: '', step: 'tooMuch' };
      const wanted = record(endpoint, {
        kind: 'test',
        outcome: 'failed',
        status: 500,
        startedAt: NOON,
        durationMs: 700,
        callerId: 'key_1',
        callerKind: 'key',
        errorCode: 'handler_error',
        failedStep: 'tooMuch',
        endpointPath: 'order',
        detail: detail({ error }),
      });
      const others = [
        record(endpoint),
        record(endpoint, { startedAt: NOON - 1 }),
        record(endpointId(), { startedAt: NOON }),
      ];
      await log.append(stored(wanted, ...others), false);
      const filters: RunFilter = {
        endpointPath: 'order',
        kind: 'test',
        outcomes: ['failed', 'timeout'],
        status: 500,
        callerId: 'key_1',
        minMs: 700,
        errorCode: 'handler_error',
        failedStep: 'tooMuch',
        since: NOON,
        until: NOON + 1,
        text: 'NO SUCH',
      };
      for (const [name, value] of Object.entries(filters)) {
        const found = await idsOf(log, { endpointId: endpoint, [name]: value });
        expect(found, name).toContain(wanted.id);
        expect(found.length, name).toBeLessThan(3);
      }
      expect(await idsOf(log, { endpointId: endpoint, ...filters })).toEqual([wanted.id]);
      expect(await idsOf(log, { endpointId: endpoint, until: NOON })).toEqual([others[1]!.id]);
      expect(await idsOf(log, { endpointId: endpoint, minMs: 701 })).toEqual([]);
    });

    test('pages are newest first, without a gap or a double: within one millisecond, over midnight, from late batches', async () => {
      const endpoint = endpointId();
      const at = Date.parse('2024-06-01T23:59:59.990Z');
      const runs = Array.from({ length: 40 }, (_, n) => record(endpoint, { startedAt: at + Math.floor(n / 3) * 2 }));
      const shuffled = runs.toSorted((a, b) => (a.id.slice(-3) < b.id.slice(-3) ? 1 : -1));
      for (let i = 0; i < shuffled.length; i += 7) await log.append(stored(...shuffled.slice(i, i + 7)), false);
      const newest = runs.toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1)).map(idOf);
      for (const limit of [1, 3, 39, 40, 41])
        expect(await idsOf(log, { endpointId: endpoint }, limit), `${limit}`).toEqual(newest);
      const until = Date.parse('9999-12-31T23:00:00-12:00');
      expect(await idsOf(log, { endpointId: endpoint, until }), 'until the year 10000').toEqual(newest);
    });

    test('a run that is deleted is gone, and the others of its batch stay', async () => {
      const endpoint = endpointId();
      const [a, b] = [record(endpoint), record(endpoint)];
      await log.append(stored(a, b), false);
      await log.remove(a.id);
      expect([await log.get(a.id), await log.get(b.id)]).toEqual([null, b]);
      await log.remove(b.id);
      expect(await idsOf(log, { endpointId: endpoint })).toEqual([]);
      await log.remove(newRunId(Date.now()));
    });

    test('a run that is deleted stays so when its batch is sent again, and is counted once', async () => {
      const endpoint = endpointId();
      const unnamed = `run_${'fedcba9876543210'.repeat(2).slice(0, 24)}`;
      const begun = { startedAt: NOON, outcome: 'running', status: null, durationMs: null } as const;
      const [a, b, c, lost] = [
        record(endpoint),
        record(endpoint),
        record(endpoint, { id: unnamed }),
        record(endpoint, begun),
      ];
      const batch = [...stored(a, b, c), toStoredRun({ ...lost, outcome: 'success' }, true)];
      await log.begin(toStoredRun(lost));
      await log.append(batch.slice(0, 3), false);
      for (const { id } of [a, c, lost]) await log.remove(id);
      for (let attempt = 0; attempt < 2; attempt++) await log.append(batch, true);
      expect(await idsOf(log, { endpointId: endpoint })).toEqual([b.id]);
      for (const { id } of [a, c, lost]) expect(await log.get(id)).toBeNull();
      const tallies = await log.stats({ since: 0, until: 1e14, stepMs: DAY_MS, by: null, endpointId: endpoint });
      expect(tallies.reduce((sum, { calls }) => sum + calls, 0)).toBe(4);
    });
  });

  describe('search', () => {
    const endpoint = endpointId();
    const texts = [
      '100%_off',
      "it's",
      'say "hi"',
      `' OR 1=1 --`,
      'back\\slash',
      'line\nbreak',
      'Straße €',
      '%_%',
      'error',
    ];
    test.each(texts)('%j is found exactly, in any case, and only where it occurs', async (text) => {
      const mine = endpointId();
      const places = [
        detail({ request: { ...detail().request, body: `{"a":${JSON.stringify(text)}} ${text}` } }),
        detail({ response: { status: 200, headers: {}, body: text, bytes: 1 } }),
        detail({ error: { code: 'handler_error', name: 'E', message: `x${text}x`, stack: '' } }),
        detail({ logs: [{ at: new Date(0).toISOString(), level: 'info', message: text }] }),
      ].map((each) => record(mine, { detail: each }));
      await log.append(stored(record(mine), ...places), false);
      for (const q of [text, text.toLowerCase()])
        expect((await idsOf(log, { endpointId: mine, text: q })).toSorted()).toEqual(places.map(idOf).toSorted());
    });

    test.each([
      ['ΟΔΟΣ', 'η ΟΔΟΣΑ και'],
      ['οδός', 'Οδόσ'],
      ['caf\u00e9', 'Cafe\u0301 noir'],
      ['CAFE\u0301', 'un caf\u00e9'],
      ['İstanbul', 'İSTANBUL'],
    ])('%j is found in %j: case and the form of a letter do not matter', async (text, message) => {
      const mine = endpointId();
      const run = record(mine, {
        detail: detail({ logs: [{ at: new Date(0).toISOString(), level: 'info', message }] }),
      });
      await log.append(stored(run), false);
      expect(await idsOf(log, { endpointId: mine, text })).toEqual([run.id]);
    });

    test('names of headers are found, also in steps; names of the record’s own fields find nothing', async () => {
      const run = record(endpoint, {
        detail: detail({ request: { ...detail().request, headers: { 'x-campaign': 'spring' } } }),
      });
      await log.append(stored(run), false);
      expect(await idsOf(log, { endpointId: endpoint, text: 'x-campaign' })).toEqual([run.id]);
      const step = { id: 'get', action: 'http', outcome: 'success' as const, startedMs: 0, durationMs: 1 };
      const output = { headers: { 'X-Region': 'eu' } };
      const inStep = record(endpoint, { detail: detail({ steps: [{ ...step, output }] }) });
      await log.append(stored(inStep), false);
      expect(await idsOf(log, { endpointId: endpoint, text: 'x-region' })).toEqual([inStep.id]);
      for (const text of ['headers', 'truncated', 'null', '":', 'timing', '%', '\u0000x'])
        expect(await idsOf(log, { endpointId: endpoint, text }), text).toEqual([]);
    });
  });

  test('whole days are forgotten, with starts that never ended; the next day stays, and the day can be written again', async () => {
    const endpoint = endpointId();
    const at = Date.parse('2023-03-01T00:00:00Z');
    const runs = [at - 1, at, at + DAY_MS - 1, at + DAY_MS].map((startedAt) => record(endpoint, { startedAt }));
    await log.append(stored(...runs), false);
    await log.begin(toStoredRun(record(endpoint, { startedAt: at, outcome: 'running' })));
    expect(await log.tend({ ...KEEP, before: at + DAY_MS + 5 })).toBe(3);
    expect(await idsOf(log, { endpointId: endpoint })).toEqual([runs[3]!.id]);
    expect(await log.get(runs[1]!.id)).toBeNull();
    await log.append(stored(runs[1]!), false);
    expect(await idsOf(log, { endpointId: endpoint })).toEqual([runs[3]!.id, runs[1]!.id]);
  });

  describe('counts', () => {
    const hour = Date.parse('2024-09-10T10:00:00Z');
    const day = hour - 10 * 3_600_000;
    const [a, b] = [endpointId(), endpointId()];
    const key = { callerKind: 'key', callerId: 'key_1' };
    const runs = [
      record(a, { startedAt: hour, durationMs: 10, ...key }),
      record(a, { startedAt: hour + 59_000, durationMs: 1000, ...key }),
      record(a, { startedAt: hour + 60_000, durationMs: 5, outcome: 'failed' }),
      record(b, { startedAt: hour + 3_600_000, durationMs: 0, outcome: 'rejected', calls: 480 }),
      record(b, { startedAt: day - 1, kind: 'test' }),
    ];
    const query = (changes: Partial<RunStatsQuery> = {}): RunStatsQuery => ({
      since: day - DAY_MS,
      until: day + DAY_MS,
      stepMs: DAY_MS,
      by: null,
      ...changes,
    });
    const countsOf = async (changes: Partial<RunStatsQuery>) =>
      (await log.stats(query(changes)))
        .map(({ at, group, outcome, calls }) => [new Date(at).toISOString().slice(0, 16), group, outcome, calls])
        .toSorted();
    const wanted = [
      ['2024-09-09T00:00', b, 'success', 1],
      ['2024-09-10T00:00', a, 'failed', 1],
      ['2024-09-10T00:00', a, 'success', 2],
      ['2024-09-10T00:00', b, 'rejected', 480],
    ].toSorted();

    test('each run is counted once, by step, endpoint, key, kind and outcome, with its duration', async () => {
      await log.append(stored(...runs), false);
      await log.append(stored(...runs.slice(1)), true);
      expect(await countsOf({ by: 'endpoint' })).toEqual(wanted);
      expect(await countsOf({ by: 'key', endpointId: a })).toEqual([
        ['2024-09-10T00:00', '', 'failed', 1],
        ['2024-09-10T00:00', 'key_1', 'success', 2],
      ]);
      expect(await countsOf({ kind: 'test' })).toEqual([['2024-09-09T00:00', '', 'success', 1]]);
      expect(await countsOf({ keyId: 'key_1', since: hour, until: hour + 120_000, stepMs: 60_000 })).toEqual([
        ['2024-09-10T10:00', '', 'success', 2],
      ]);
      const [success] = await log.stats(query({ keyId: 'key_1' }));
      expect([0.01, 0.5, 0.51, 1].map((share) => percentile(success!.histogram, share))).toEqual([10, 10, 939, 939]);
    });

    test('the counts of a day that is over outlive its runs by hour, and a run that comes late is counted as well', async () => {
      expect(await log.tend({ ...KEEP, now: day + DAY_MS })).toBe(0);
      expect(await countsOf({ by: 'endpoint' })).toEqual(wanted);
      await log.tend(KEEP);
      expect(await countsOf({ by: 'endpoint' })).toEqual(wanted);
      await log.append(stored(record(a, { startedAt: hour, outcome: 'failed' })), false);
      const more = wanted.map(([at, group, outcome, calls]) => [at, group, outcome, outcome === 'failed' ? 2 : calls]);
      expect(await countsOf({ by: 'endpoint' })).toEqual(more);
      expect(await log.tend({ ...KEEP, before: day + DAY_MS })).toBeGreaterThanOrEqual(6);
      expect(await idsOf(log, { endpointId: a })).toEqual([]);
      expect(await countsOf({ by: 'endpoint' })).toEqual(more);
      expect(await countsOf({ by: 'endpoint', since: hour, until: hour + 3_600_000, stepMs: 3_600_000 })).toEqual([
        ['2024-09-10T10:00', a, 'failed', 2],
        ['2024-09-10T10:00', a, 'success', 2],
      ]);
      await log.tend({ ...KEEP, countsBefore: day + DAY_MS });
      expect(await countsOf({})).toEqual([]);
    });

    test('more batches than one read of counters takes are folded, and counted once', async () => {
      const endpoint = endpointId();
      const many = Array.from({ length: 520 }, (_, n) => record(endpoint, { startedAt: day + n * 1000 }));
      await Promise.all(many.map((run) => log.append(stored(run), false)));
      expect(await countsOf({ endpointId: endpoint })).toEqual([['2024-09-10T00:00', '', 'success', 520]]);
      expect(await idsOf(log, { endpointId: endpoint, outcomes: ['failed'] })).toEqual([]);
      expect(await idsOf(log, { endpointId: endpoint, outcomes: ['success'] })).toHaveLength(520);
      const minutes = await log.stats(query({ endpointId: endpoint, stepMs: 60_000 }));
      expect(minutes.map(({ calls }) => calls)).toEqual([60, 60, 60, 60, 60, 60, 60, 60, 40]);
    });

    test('a call that never ended is counted as interrupted, also when its runs are deleted, until its end arrives', async () => {
      const [endpoint, other] = [endpointId(), endpointId()];
      const begun = { startedAt: hour, outcome: 'running', status: null, durationMs: null } as const;
      const [run, lost] = [record(endpoint, begun), record(other, begun)];
      await log.append(stored(record(other, { startedAt: hour })), false);
      for (const start of [run, lost]) await log.begin(toStoredRun(start));
      const interrupted = [['2024-09-10T00:00', '', 'interrupted', 1]];
      expect(await countsOf({ endpointId: endpoint })).toEqual(interrupted);
      await log.tend(KEEP);
      expect(await countsOf({ endpointId: endpoint })).toEqual(interrupted);
      await log.remove(lost.id);
      expect(await countsOf({ endpointId: other, stepMs: 60_000 })).toEqual([
        ['2024-09-10T10:00', '', 'interrupted', 1],
        ['2024-09-10T10:00', '', 'success', 1],
      ]);
      expect(await log.get(lost.id)).toBeNull();
      await log.append([toStoredRun({ ...run, outcome: 'success' }, true)], false);
      expect(await countsOf({ endpointId: endpoint })).toEqual([['2024-09-10T00:00', '', 'success', 1]]);
      await log.tend({ ...KEEP, before: day + DAY_MS });
      expect(await countsOf({ endpointId: endpoint })).toEqual([['2024-09-10T00:00', '', 'success', 1]]);
      expect(await countsOf({ endpointId: other })).toEqual([...interrupted, ['2024-09-10T00:00', '', 'success', 1]]);
    });
  });

  test('the oldest days are deleted while all are larger than the limit, but never the current one', async () => {
    const endpoint = endpointId();
    // Of one day, even if midnight comes during the test.
    const now = Date.now();
    const [old, newer] = [NOON - 9 * DAY_MS, now].map((startedAt) => record(endpoint, { startedAt }));
    await log.append(stored(old!, newer!), false);
    expect(await log.tend({ ...KEEP, now, maxBytes: 1 })).toBeGreaterThan(0);
    expect(await idsOf(log, { endpointId: endpoint })).toEqual([newer!.id]);
  });

  test('a record is what was stored of it', () => {
    const run = record(endpointId());
    expect(toRecord(toStoredRun(run))).toEqual(run);
  });
}

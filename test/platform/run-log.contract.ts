import { describe, expect, test } from 'vitest';
import { toRecord, toStoredRun } from '../../src/core/runs/stored-run.rules';
import type { RunFilter, RunLog, RunRecord } from '../../src/core/runs/run-log';
import { newRunId } from '../../src/core/runs/run-id';
import type { Position } from '../../src/kernel/page';
import { detail, endpointId, record, stored } from '../support/runs';

const DAY_MS = 86_400_000;
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

/** What every engine of the run log does. `open` returns the log of one isolate; all of them share their runs. */
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

    test('names of headers are found; names of the record’s own fields find nothing', async () => {
      const run = record(endpoint, {
        detail: detail({ request: { ...detail().request, headers: { 'x-campaign': 'spring' } } }),
      });
      await log.append(stored(run), false);
      expect(await idsOf(log, { endpointId: endpoint, text: 'x-campaign' })).toEqual([run.id]);
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
    expect(await log.forgetBefore(at + DAY_MS + 5)).toBe(3);
    expect(await idsOf(log, { endpointId: endpoint })).toEqual([runs[3]!.id]);
    expect(await log.get(runs[1]!.id)).toBeNull();
    await log.append(stored(runs[1]!), false);
    expect(await idsOf(log, { endpointId: endpoint })).toEqual([runs[3]!.id, runs[1]!.id]);
  });

  test('a record is what was stored of it', () => {
    const run = record(endpointId());
    expect(toRecord(toStoredRun(run))).toEqual(run);
  });
}

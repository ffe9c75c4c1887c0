import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { listRuns } from '../../src/core/runs/get-run';
import { ListRunsQuery } from '../../src/core/runs/run.schema';
import { drizzle } from 'drizzle-orm/d1';
import { createStore } from '../../src/storage/store';
import { toRowText } from '../../src/core/runs/fit-row.rules';
import { createRunQueries, type RunRow } from '../../src/storage/runs';
import { testContext } from '../support/context';
import { enforceRetention } from '../../src/core/retention/enforce-retention';
import { unique } from '../support/publish';

const { runs } = createStore(env);
const ctx = testContext();
const detail = (changes: Partial<RunRow['detail']> = {}): RunRow['detail'] => ({
  timing: { authMs: 0, runMs: 1, afterMs: 0 },
  instance: { mode: 'pooled', cold: false },
  request: { method: 'POST', path: '/u/x', query: '', headers: {}, body: null, bytes: 0 },
  response: { status: 200, headers: {}, body: null, bytes: 0 },
  error: null,
  logs: [],
  steps: [],
  outbound: [],
  truncated: false,
  ...changes,
});
const row = (endpointId: string, changes: Partial<RunRow> = {}): RunRow => ({
  id: unique('run'),
  endpointId,
  handlerVersion: 1,
  kind: 'live',
  outcome: 'success',
  status: 200,
  startedAt: Date.now(),
  durationMs: 1,
  callerKind: 'anonymous',
  callerId: null,
  executorId: 'usr_1',
  detail: detail(),
  ...changes,
});
const save = (...rows: RunRow[]): Promise<void> => runs.save(`[${rows.map(toRowText).join(',')}]`);
const find = async (query: Record<string, string>): Promise<string[]> =>
  (await listRuns(ctx, ListRunsQuery.parse(query))).items.map(({ id }) => id);

describe('records arrive at least once, in any order', () => {
  test('delivered twice, a record is there once, unchanged', async () => {
    const [a, b] = [
      row('ep_twice'),
      row('ep_twice', {
        detail: detail({
          logs: [{ at: new Date(0).toISOString(), level: 'info', message: `'"\\ \u0000 € 😀 \ud800` }],
        }),
      }),
    ];
    await save(a, b);
    await save(b, a, { ...a, status: 500 });
    expect(await runs.get(a.id)).toEqual(a);
    expect((await runs.get(b.id))?.detail.logs[0]!.message.slice(0, 7)).toBe(`'"\\ \u0000 €`);
    expect((await find({ endpoint: 'ep_twice' })).length).toBe(2);
  });

  test('an end replaces a start; a start that comes late, or again, does not replace an end', async () => {
    const started = row('ep_started', { outcome: 'running', status: null, durationMs: null });
    const finished = { ...started, outcome: 'failed' as const, status: 500, durationMs: 9 };
    await runs.insertStarted(started);
    await runs.insertStarted(started);
    expect((await runs.get(started.id))?.outcome).toBe('running');
    await save(finished);
    await runs.insertStarted(started);
    await save(started);
    expect(await runs.get(started.id)).toEqual(finished);
    const late = row('ep_started');
    await save(late);
    await runs.insertStarted({ ...late, outcome: 'running', status: null });
    expect((await runs.get(late.id))?.outcome).toBe('success');
  });

  test('an end that comes after the sweeper gave up is kept', async () => {
    const started = row('ep_swept', { outcome: 'running', status: null, startedAt: Date.now() - 20 * 60_000 });
    await runs.insertStarted(started);
    expect(await runs.interrupt(Date.now() - 15 * 60_000)).toBeGreaterThanOrEqual(1);
    expect((await runs.get(started.id))?.outcome).toBe('interrupted');
    await save({ ...started, outcome: 'success', status: 200 });
    expect((await runs.get(started.id))?.outcome).toBe('success');
  });

  test('zero and a thousand records are saved in one statement each', async () => {
    await save();
    await save(...Array.from({ length: 1000 }, () => row('ep_many')));
    const { results } = await env.DB.prepare(`select count(*) as n from runs where endpoint_id = 'ep_many'`).all<{
      n: number;
    }>();
    expect(results[0]!.n).toBe(1000);
  });
});

describe('history', () => {
  test('every filter, and all of them together', async () => {
    const endpoint = unique('ep');
    const at = Date.parse('2024-05-01T00:00:00Z');
    const wanted = row(endpoint, {
      kind: 'test',
      outcome: 'failed',
      status: 500,
      startedAt: at,
      callerId: 'key_1',
      callerKind: 'key',
    });
    await save(wanted, row(endpoint), row(endpoint, { startedAt: at - 1 }), row(unique('ep'), { startedAt: at }));
    const filters = {
      kind: 'test',
      outcome: 'failed',
      status: '500',
      caller: 'key_1',
      since: '2024-05-01T02:00:00+02:00',
      until: '2024-05-01T00:00:01Z',
    };
    for (const [name, value] of Object.entries(filters)) {
      const found = await find({ endpoint, [name]: value });
      expect(found, name).toContain(wanted.id);
      expect(found.length, name).toBeLessThan(3);
    }
    expect(await find({ endpoint, ...filters })).toEqual([wanted.id]);
    expect(await find({ endpoint, until: '2024-05-01T00:00:00Z' })).toHaveLength(1);
  });

  test('pages are newest first, without a gap or a double, also within one millisecond', async () => {
    const endpoint = unique('ep');
    const made = Array.from({ length: 7 }, (_, n) => row(endpoint, { startedAt: 1_700_000_000_000 + (n > 4 ? 1 : 0) }));
    await save(...made);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listRuns(
        ctx,
        ListRunsQuery.parse({ endpoint, limit: '3', ...(cursor === null ? {} : { cursor }) }),
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(7);
    expect(seen.slice(0, 2).toSorted()).toEqual(
      made
        .slice(5)
        .map(({ id }) => id)
        .toSorted(),
    );
  });
});

test.each([
  ['failed', 'runs_outcome'],
  ['running', 'runs_outcome'],
  ['success', 'runs_started'],
] as const)('the runs that are %s are found by the index %s, without a sort', async (outcome, index) => {
  const statements: string[] = [];
  const db = drizzle(env.DB, { logger: { logQuery: (text) => void statements.push(text) } });
  await createRunQueries(db).list({ outcome }, null, 10);
  const plan = await env.DB.prepare(`explain query plan ${statements[0]}`).bind(outcome, 10).all<{ detail: string }>();
  const steps = plan.results.map(({ detail: step }) => step).join('; ');
  expect(steps).toContain(index);
  expect(steps).not.toContain('TEMP B-TREE');
});

describe('search', () => {
  const endpoint = unique('ep');
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
  test.each(texts)('%j is found exactly, and only where it occurs', async (text) => {
    const mine = unique('ep');
    const other = row(mine);
    const places = [
      row(mine, {
        detail: detail({ request: { ...detail().request, body: `{"a":${JSON.stringify(text)}} ${text}` } }),
      }),
      row(mine, { detail: detail({ response: { status: 200, headers: {}, body: text, bytes: 1 } }) }),
      row(mine, { detail: detail({ error: { code: 'handler_error', name: 'E', message: `x${text}x`, stack: '' } }) }),
      row(mine, { detail: detail({ logs: [{ at: new Date(0).toISOString(), level: 'info', message: text }] }) }),
    ];
    await save(other, ...places);
    expect((await find({ endpoint: mine, q: text })).toSorted()).toEqual(places.map(({ id }) => id).toSorted());
    expect((await find({ endpoint: mine, q: text.toUpperCase() })).length).toBeGreaterThanOrEqual(
      /[ß]/.test(text) ? 0 : 4,
    );
  });
  test('names of headers are found; names of the record’s own fields find nothing', async () => {
    const run = row(endpoint, {
      detail: detail({ request: { ...detail().request, headers: { 'x-campaign': 'spring' } } }),
    });
    await save(run);
    expect(await find({ endpoint, q: 'x-campaign' })).toEqual([run.id]);
    for (const q of ['headers', 'truncated', 'null', '":', 'timing', '%', '_', '\u0000x'])
      expect(await find({ endpoint, q }), q).toEqual([]);
  });
  test('a text of 10 KB is refused', () => {
    expect(ListRunsQuery.safeParse({ q: 'x'.repeat(10_240) }).success).toBe(false);
  });
});

test('retention deletes in chunks what is over its time, and nothing that is still going', async () => {
  const day = 86_400_000;
  const now = Date.now();
  const endpoint = unique('ep');
  const old = Array.from({ length: 2300 }, (_, n) => row(endpoint, { startedAt: now - 31 * day - n }));
  const going = row(endpoint, { outcome: 'running', status: null, startedAt: now - 60_000 });
  const kept = row(endpoint, { startedAt: now - 29 * day });
  for (let i = 0; i < old.length; i += 500) await save(...old.slice(i, i + 500));
  await save(kept);
  await runs.insertStarted(going);
  const chunks: number[] = [];
  const store = {
    ...ctx.store,
    runs: {
      ...runs,
      sweep: async (before: number, limit: number) => {
        const count = await runs.sweep(before, limit);
        chunks.push(count);
        return count;
      },
    },
  };
  const swept = await enforceRetention({ ...ctx, store, now: () => now });
  expect(swept.runs).toBeGreaterThanOrEqual(2300);
  expect(Math.max(...chunks)).toBeLessThanOrEqual(1000);
  expect((await find({ endpoint })).toSorted()).toEqual([going.id, kept.id].toSorted());
  expect((await runs.get(going.id))?.outcome).toBe('running');
});

import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newRunId, shardsOf } from '../../src/core/runs/run-id';
import type { RunFilter, RunLog, RunRecord, RunStatsQuery } from '../../src/core/runs/run-log';
import { RUN_KINDS, RUN_OUTCOMES } from '../../src/core/runs/run.schema';
import { toStoredRun } from '../../src/core/runs/stored-run.rules';
import { createRunLog } from '../../src/platform/run-log';
import { detail, record } from '../support/runs';
import { idsOf, KEEP } from './run-log.contract';

const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000];
const ENDPOINTS = ['ep_a', 'ep_b', 'ep_c'];
const KEYS = ['key_1', 'key_2'];
const TEXTS = ['alpha', 'Beta "x"', 'γάμμα'];

/** A time in three days, most often near a midnight or the start of an hour or a minute. */
const offset = fc.oneof(
  fc.nat(3 * DAY_MS - 1),
  fc
    .tuple(fc.constantFrom(DAY_MS, 2 * DAY_MS, DAY_MS + HOUR_MS, DAY_MS + MINUTE_MS), fc.integer({ min: -2, max: 2 }))
    .map(([at, more]) => at + more),
);

const run = fc.record({
  offset,
  endpointId: fc.constantFrom(...ENDPOINTS),
  key: fc.constantFrom(null, ...KEYS),
  kind: fc.constantFrom(...RUN_KINDS),
  outcome: fc.constantFrom(...RUN_OUTCOMES.filter((each) => each !== 'running')),
  status: fc.constantFrom(null, 200, 404, 500),
  durationMs: fc.oneof(fc.nat(3), fc.nat(100_000)),
  failedStep: fc.constantFrom(null, 'one', 'two'),
  errorCode: fc.constantFrom(null, 'forbidden', 'handler_error'),
  calls: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 5000 })),
  text: fc.constantFrom(...TEXTS),
  /** The batch in which it is sent, which others come with it. */
  batch: fc.nat(12),
  isBegun: fc.boolean(),
  isSentTwice: fc.boolean(),
  isRemoved: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 });

const filter = fc.record({
  endpointId: some(fc.constantFrom(...ENDPOINTS)),
  endpointPath: some(fc.constantFrom('path-0', 'path-1')),
  kind: some(fc.constantFrom(...RUN_KINDS)),
  outcomes: some(fc.uniqueArray(fc.constantFrom(...RUN_OUTCOMES), { minLength: 1 })),
  status: some(fc.constantFrom(200, 404, 500)),
  since: offset,
  until: offset.map((at) => at + 1),
  callerId: some(fc.constantFrom(...KEYS)),
  minMs: some(fc.nat(10_000)),
  failedStep: some(fc.constantFrom('one', 'two')),
  errorCode: some(fc.constantFrom('forbidden', 'handler_error')),
  text: some(fc.constantFrom(...TEXTS, 'BETA', 'ΓΆΜΜΑ', 'nowhere')),
});

const query = fc.record({
  since: fc.nat(72),
  hours: fc.integer({ min: 0, max: 40 }),
  stepMs: fc.constantFrom(MINUTE_MS, HOUR_MS, DAY_MS),
  by: fc.constantFrom(null, 'endpoint' as const, 'key' as const),
  endpointId: some(fc.constantFrom(...ENDPOINTS)),
  keyId: some(fc.constantFrom(...KEYS)),
  kind: some(fc.constantFrom(...RUN_KINDS)),
});

/** Text that hardly compresses, so that objects become full. */
const noise = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(36)).join('');

type Made = RunRecord & { batch: number; isBegun: boolean; isSentTwice: boolean; isRemoved: boolean; text: string };

function make(base: number, drawn: (typeof run extends fc.Arbitrary<infer R> ? R : never)[]): Made[] {
  return drawn.map(({ offset: at, key, text, ...rest }, n) => {
    const shards = shardsOf(rest.endpointId, { runShards: 3, runShardsPerEndpoint: 2 });
    const log = { at: new Date(0).toISOString(), level: 'info' as const, message: text };
    return {
      ...record(rest.endpointId, {
        startedAt: base + at,
        id: newRunId(base + at, shards),
        endpointPath: `path-${n % 2}`,
        callerKind: key === null ? 'anonymous' : 'key',
        callerId: key,
        detail: detail({ logs: [log], request: { ...detail().request, body: noise(2000) } }),
      }),
      ...rest,
      text,
    };
  });
}

const entryOf = ({ batch: _b, isBegun: _i, isSentTwice: _s, isRemoved: _r, text: _t, ...entry }: Made): RunRecord =>
  entry;

/** Stores runs in their batches, by isolates with different sizes of a full object. */
async function store(runs: readonly Made[]): Promise<void> {
  for (const each of runs.filter(({ isBegun }) => isBegun))
    await createRunLog(env, 8e9).begin(
      toStoredRun({ ...entryOf(each), outcome: 'running', status: null, durationMs: null }),
    );
  for (const batch of new Set(runs.map((each) => each.batch))) {
    const own = runs.filter((each) => each.batch === batch);
    const log = createRunLog(env, 24_000 + 4000 * batch);
    await log.append(
      own.map((each) => toStoredRun(entryOf(each), each.isBegun)),
      false,
    );
    const again = own.filter(({ isSentTwice }) => isSentTwice);
    // The setting may have changed since.
    const changed = createRunLog(env, 24_000 + 4000 * ((batch * 5) % 13));
    await changed.append(
      again.map((each) => toStoredRun(entryOf(each), each.isBegun)),
      true,
    );
  }
  for (const { id } of runs.filter(({ isRemoved }) => isRemoved)) await createRunLog(env, 8e9).remove(id);
}

const fits = (own: Made, wanted: RunFilter): boolean =>
  Object.entries(wanted).every(([name, value]) => {
    if (value === undefined) return true;
    if (name === 'outcomes') return (value as string[]).includes(own.outcome);
    if (name === 'minMs') return own.durationMs! >= (value as number);
    if (name === 'since') return own.startedAt >= (value as number);
    if (name === 'until') return own.startedAt < (value as number);
    if (name === 'text') return own.text.toLowerCase().includes((value as string).toLowerCase());
    return own[name as keyof Made] === value;
  });

function modelIds(runs: readonly Made[], wanted: RunFilter): string[] {
  const kept = runs.filter((each) => !each.isRemoved && fits(each, wanted));
  return kept.toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
}

type Sums = Record<string, number>;
const addTo = (sums: Sums, name: string, calls: number): void => void (sums[name] = (sums[name] ?? 0) + calls);

function modelStats(runs: readonly Made[], { since, until, stepMs, by, endpointId, keyId, kind }: RunStatsQuery): Sums {
  const sums: Sums = {};
  for (const own of runs) {
    const key = own.callerId ?? '';
    if (own.startedAt < since || own.startedAt >= until) continue;
    if ((endpointId ?? own.endpointId) !== own.endpointId || (keyId ?? key) !== key || (kind ?? own.kind) !== own.kind)
      continue;
    const group = by === 'endpoint' ? own.endpointId : by === 'key' ? key : '';
    addTo(sums, `${own.startedAt - (own.startedAt % stepMs)} ${group} ${own.outcome}`, own.calls);
  }
  return sums;
}

async function statsOf(log: RunLog, asked: RunStatsQuery): Promise<Sums> {
  const sums: Sums = {};
  for (const { at, group, outcome, calls, histogram } of await log.stats(asked)) {
    addTo(sums, `${at} ${group} ${outcome}`, calls);
    expect(histogram.reduce((sum, times, n) => sum + (n % 2 === 1 ? times : 0), 0)).toBe(calls);
  }
  return sums;
}

test('lists and statistics are those of a plain list of all runs, for every filter, before and after the end of the day', async () => {
  let base = Date.parse('2012-01-01T00:00:00Z');
  const asked = fc.array(fc.tuple(filter, query, fc.integer({ min: 1, max: 9 })), { minLength: 8, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(run, { maxLength: 60 }), asked, async (drawn, questions) => {
      base += 10 * DAY_MS;
      const runs = make(base, drawn);
      await store(runs);
      const log = createRunLog(env, 8e9);
      for (const isOver of [false, true]) {
        if (isOver) await log.tend(KEEP);
        for (const [{ since, until, ...rest }, { since: hour, hours, ...how }, limit] of questions) {
          const wanted = { ...rest, since: base + since, until: base + until };
          expect(await idsOf(log, wanted, limit)).toEqual(modelIds(runs, wanted));
          const start = base + hour * HOUR_MS;
          const from = start - (start % how.stepMs);
          const end = Math.ceil((start + hours * HOUR_MS) / how.stepMs) * how.stepMs;
          const question = { ...how, since: from, until: end };
          expect(await statsOf(log, question)).toEqual(modelStats(runs, question));
        }
      }
    }),
    { numRuns: 15, endOnFailure: true },
  );
});

/** Fails some calls of objects: before they arrive, or after they are done. `roll` returns a number below 30. */
function failing<N extends typeof env.RUN_DAY | typeof env.RUN_INDEX>(namespace: N, roll: () => number): N {
  type Method = (...args: unknown[]) => Promise<unknown>;
  const getByName = (name: string): unknown =>
    new Proxy(namespace.getByName(name), {
      get: (stub, method) => {
        const own = stub[method as keyof typeof stub] as unknown;
        if (method === 'bytes') return own;
        return async (...args: unknown[]): Promise<unknown> => {
          const rolled = roll();
          if (rolled === 0) throw new Error('away');
          if (rolled === 1) await evictDurableObject(stub as DurableObjectStub);
          const answer = await (stub[method as keyof typeof stub] as Method)(...args);
          if (rolled === 2) throw new Error('the answer is lost');
          return answer;
        };
      },
    });
  return { getByName } as unknown as N;
}

async function untilDone(work: (isRepeat: boolean) => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++)
    if (
      await work(tries > 0).then(
        () => true,
        () => false,
      )
    )
      return;
  throw new Error('never done');
}

test('each run is listed and counted once when calls of the objects fail, and objects are evicted', async () => {
  let base = Date.parse('2032-01-01T00:00:00Z');
  const rolls = fc.infiniteStream(fc.nat(29));
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 10, maxLength: 40 }), rolls, async (drawn, stream) => {
      base += 10 * DAY_MS;
      const roll = (): number => stream.next().value;
      const runs = make(base, drawn);
      const open = (bytes: number): RunLog =>
        createRunLog({ RUN_DAY: failing(env.RUN_DAY, roll), RUN_INDEX: failing(env.RUN_INDEX, roll) }, bytes, 5);
      for (const each of runs.filter(({ isBegun }) => isBegun))
        await open(8e9)
          .begin(toStoredRun({ ...entryOf(each), outcome: 'running', status: null, durationMs: null }))
          .catch(() => undefined);
      const batches = [...new Set(runs.map((each) => each.batch))].map(async (batch) => {
        const own = runs.filter((each) => each.batch === batch);
        const sent = own.map((each) => toStoredRun(entryOf(each), each.isBegun));
        const log = open(24_000 + 4000 * batch);
        await untilDone((isRepeat) => log.append(sent, isRepeat));
        if (batch % 4 === 0) await untilDone(() => log.tend(KEEP));
      });
      await Promise.all(batches);
      for (const { id } of runs.filter(({ isRemoved }) => isRemoved)) await untilDone(() => open(8e9).remove(id));
      const log = createRunLog(env, 8e9);
      const wanted = { since: base, until: base + 3 * DAY_MS };
      const question = { ...wanted, stepMs: DAY_MS, by: 'endpoint' as const };
      for (const isOver of [false, true]) {
        if (isOver) await untilDone(() => open(8e9).tend(KEEP));
        expect(await idsOf(log, wanted, 7)).toEqual(modelIds(runs, wanted));
        expect(await statsOf(log, question)).toEqual(modelStats(runs, question));
      }
      await untilDone(() => open(8e9).tend({ ...KEEP, before: base + 3 * DAY_MS }));
      expect(await idsOf(log, wanted, 7)).toEqual([]);
      expect(await statsOf(log, question)).toEqual(modelStats(runs, question));
    }),
    { numRuns: 6, endOnFailure: true },
  );
});

import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runDueSchedules } from '../../../../src/core/gateway/schedules/run-due-schedules';
import { listAllSchedules, listSchedules, runScheduleNow } from '../../../../src/core/gateway/schedules/get-schedules';
import { deleteEndpoint } from '../../../../src/core/publishing/endpoints/delete-endpoint';
import { updateEndpoint } from '../../../../src/core/publishing/endpoints/update-endpoint';
import { UpdateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { toIso } from '../../../../src/kernel/clock';
import { newRunId } from '../../../../src/core/runs/run-id';
import { toRun } from '../../../../src/core/runs/get-run';
import { drain, testContext } from '../../../support/context';
import { ensureAdmin, publish, type EndpointOptions } from '../../../support/publish';

const clock = { now: Date.parse('2030-06-01T12:00:00Z') };
const ctx = testContext(undefined, { now: () => clock.now });
const HOUR = 3_600_000;
const HOURLY = { name: 'hourly', cron: '0 * * * *' };

const scheduled = async (
  options: EndpointOptions,
  source = 'export default (params, ctx) => ({ ...params, caller: ctx.caller })',
) => {
  const { endpoint } = await publish(source, { access: { level: 'key' }, ...options, schedules: [] });
  const set = (input: object) => updateEndpoint(ctx, endpoint.id, UpdateEndpointInput.parse(input), null);
  await set({ schedules: options.schedules });
  return { id: endpoint.id, set };
};
const rows = async (id: string) =>
  (await ctx.store.schedules.list(id)).map(({ nextAt }) => new Date(nextAt!).toISOString());
/** Runs what is due after `ms`, and returns the runs of an endpoint, oldest first. */
const after = async (ms: number, id: string) => {
  clock.now += ms;
  await runDueSchedules(ctx);
  await drain();
  const { entries } = await ctx.runLog.list({ endpointId: id }, null, 50);
  return Promise.all(entries.toReversed().map(async (entry) => toRun((await ctx.runLog.get(entry.id))!)));
};

beforeAll(ensureAdmin);
beforeEach(() => env.DB.exec('delete from schedules'));

describe('a schedule', () => {
  test('runs the endpoint at its time, as its executor, with its parameters and no key', async () => {
    const { id } = await scheduled({
      parameters: [{ name: 'amount', type: 'integer', required: true }],
      schedules: [{ ...HOURLY, parameters: { amount: 5, note: 'x' } }],
      log: 'audited',
    });
    expect(await after(HOUR / 2, id)).toEqual([]);
    const [run] = await after(HOUR / 2 + 1000, id);
    expect(run).toMatchObject({ kind: 'schedule', outcome: 'success', caller: { kind: 'schedule', id: 'hourly' } });
    expect(JSON.parse(run!.response!.body!)).toEqual({
      amount: 5,
      note: 'x',
      caller: { kind: 'schedule', id: 'hourly', name: 'hourly', roles: [], due: '2030-06-01T13:00:00.000Z', missed: 0 },
    });
    expect(await rows(id)).toEqual(['2030-06-01T14:00:00.000Z']);
    expect((await after(1000, id)).length).toBe(1);
  });

  test('that was missed runs once, with the number of times before it, and not after more than a day', async () => {
    const { id } = await scheduled({ schedules: [HOURLY, { name: 'monthly', cron: '0 0 1 * *' }] });
    const runs = await after(5 * HOUR, id);
    expect(runs.map(({ response }) => (JSON.parse(response!.body!) as { caller: object }).caller)).toMatchObject([
      { id: 'hourly', missed: 4 },
    ]);
    clock.now = Date.parse('2030-07-02T00:01:00Z');
    const late = await after(0, id);
    // Both were due at once: none comes before the other.
    expect(late.map(({ caller, outcome, errorCode }) => `${caller.id} ${outcome} ${errorCode}`).toSorted()).toEqual([
      'hourly success null',
      'hourly success null',
      'monthly rejected schedule_skipped',
    ]);
  });

  test('is claimed by one of two isolates', async () => {
    const { id } = await scheduled({ schedules: [HOURLY] });
    clock.now += HOUR;
    await Promise.all([runDueSchedules(ctx), runDueSchedules(ctx)]);
    expect((await after(0, id)).length).toBe(1);
  });

  test('is skipped while the run before has not ended, unless it may overlap', async () => {
    const { id } = await scheduled({ schedules: [HOURLY, { ...HOURLY, name: 'many', overlap: 'allow' }] });
    await env.DB.prepare('update schedules set busy_until = ?')
      .bind(clock.now + 3 * HOUR)
      .run();
    const runs = await after(HOUR, id);
    expect(new Map(runs.map(({ caller, outcome }) => [caller.id, outcome]))).toEqual(
      new Map([
        ['hourly', 'rejected'],
        ['many', 'success'],
      ]),
    );
    await env.DB.prepare('update schedules set busy_until = ?').bind(clock.now).run();
    expect((await after(HOUR, id)).slice(2).map(({ outcome }) => outcome)).toEqual(['success', 'success']);
  });

  test('leaves a rejected run while the endpoint is not active, and the failure of the handler in its run', async () => {
    const { id, set } = await scheduled({ schedules: [HOURLY] }, 'export default () => { throw new Error("no") }');
    await set({ active: false });
    expect(await after(HOUR, id)).toMatchObject([{ outcome: 'rejected', errorCode: 'schedule_skipped' }]);
    await set({ active: true });
    expect((await after(HOUR, id))[1]).toMatchObject({ outcome: 'failed', errorCode: 'handler_error' });
  });

  test('ends when the response of its handler is cut', async () => {
    const source =
      'export const handler = () => new Response(new ReadableStream({ pull() { throw new Error("no"); } }));';
    const options = { schedules: [HOURLY], response: { types: ['application/octet-stream'] } };
    const { id } = await scheduled(options, source);
    const [run] = await after(HOUR, id);
    expect(run).toMatchObject({ outcome: 'failed' });
    expect(await ctx.store.schedules.list(id)).toMatchObject([{ lastRunId: run!.id, busyUntil: null }]);
  });

  test('starts over when its time changes, keeps its time when its parameters do, and ends with its endpoint', async () => {
    const { id, set } = await scheduled({ schedules: [{ name: 'daily', cron: '@daily' }, HOURLY] });
    const before = await rows(id);
    clock.now += 3 * HOUR;
    await set({ schedules: [{ name: 'daily', cron: '@daily', zone: 'UTC', parameters: { a: 1 }, overlap: 'skip' }] });
    expect(await rows(id)).toEqual([before[0]]);
    await set({ schedules: [{ name: 'daily', cron: '@daily', zone: 'Asia/Tokyo', parameters: {}, overlap: 'skip' }] });
    expect(await rows(id)).not.toEqual([before[0]]);
    await deleteEndpoint(ctx, id, null);
    expect(await rows(id)).toEqual([]);
  });

  test('waits for the end of the run before, one at most, and then begins before a newer time', async () => {
    const { id } = await scheduled({ schedules: [{ ...HOURLY, overlap: 'queue' }] });
    const busyFor = (ms: number) =>
      env.DB.prepare('update schedules set busy_until = ?')
        .bind(clock.now + ms)
        .run();
    await busyFor(3 * HOUR);
    expect(await after(HOUR, id)).toEqual([]);
    const { schedules } = await listSchedules(ctx, id);
    const due = toIso(schedules[0]!.lastAt === null ? 0 : Date.parse(schedules[0]!.lastAt));
    expect(schedules[0]!.waiting).toEqual({ at: toIso(clock.now), due, attempt: 1 });
    const full = await after(HOUR, id);
    expect(full.map(({ outcome, errorCode }) => [outcome, errorCode])).toEqual([['rejected', 'schedule_skipped']]);
    await busyFor(0);
    const [, queued] = await after(60_000, id);
    expect(JSON.parse(queued!.response!.body!)).toMatchObject({ caller: { due, missed: 0 } });
    expect((await listSchedules(ctx, id)).schedules[0]!.waiting).toBeNull();
    // A queued run and a new time at once: the queued one begins, and the time waits.
    await busyFor(2 * HOUR);
    await after(HOUR, id);
    await busyFor(0);
    expect(await after(HOUR, id)).toHaveLength(3);
    expect(await after(60_000, id)).toHaveLength(4);
    expect(await after(60_000, id)).toHaveLength(4);
  });

  test('is tried again after a failure, later each time, as often as it says', async () => {
    const source = `export default (params, ctx) => {
      if ((ctx.caller.attempt ?? 1) < 3) throw new Error('not yet');
      return ctx.caller.due;
    }`;
    const { id } = await scheduled({ schedules: [{ name: 'daily', cron: '@daily', retry: { times: 5 } }] }, source);
    const due = Date.parse(await rows(id).then(([first]) => first!));
    clock.now = due;
    expect(await after(0, id)).toMatchObject([{ outcome: 'failed' }]);
    expect((await listSchedules(ctx, id)).schedules[0]!.waiting).toEqual({
      at: toIso(clock.now + 60_000),
      due: toIso(due),
      attempt: 2,
    });
    expect(await after(59_000, id)).toHaveLength(1);
    expect((await after(1000, id))[1]).toMatchObject({ outcome: 'failed', attempt: 2 });
    expect(await after(240_000, id)).toHaveLength(2);
    const [, , third] = await after(60_000, id);
    expect(third).toMatchObject({ outcome: 'success', attempt: 3 });
    expect(third!.response!.body).toContain(toIso(due));
    expect((await listSchedules(ctx, id)).schedules[0]!.waiting).toBeNull();
  });

  test('gives way to a newer time, is not tried beyond its number, and not where it was refused', async () => {
    const failing = 'export default () => { throw new Error("no") }';
    const { id, set } = await scheduled({ schedules: [{ ...HOURLY, retry: { times: 1 } }] }, failing);
    expect(await after(HOUR, id)).toHaveLength(1);
    expect(await after(HOUR, id)).toHaveLength(2);
    expect((await after(60_000, id))[2]).toMatchObject({ attempt: 2 });
    expect((await listSchedules(ctx, id)).schedules[0]!.waiting).toBeNull();
    await set({ active: false });
    await after(HOUR, id);
    expect((await listSchedules(ctx, id)).schedules[0]!.waiting).toBeNull();
  });

  test('that is paused keeps its last run and has no time until it goes on', async () => {
    const { id, set } = await scheduled({ schedules: [HOURLY, { name: 'daily', cron: '@daily' }] });
    const [run] = await after(HOUR, id);
    const hourly = async () => (await listSchedules(ctx, id)).schedules[0]!;
    const due = (await hourly()).next[0];
    await set({
      schedules: [
        { ...HOURLY, paused: true },
        { name: 'daily', cron: '@daily' },
      ],
    });
    expect(await hourly()).toMatchObject({ paused: true, next: [], lastRunId: run!.id, lastStatus: 200 });
    expect((await after(2 * HOUR, id)).length).toBe(1);
    const names = async (cursor?: string) => {
      const { items, nextCursor } = await listAllSchedules(ctx, { limit: 1, cursor });
      return [items.map(({ name, endpoint }) => `${name} ${endpoint.id}`), nextCursor] as const;
    };
    const [first, next] = await names();
    const [second, end] = await names(next!);
    expect([...first, ...second, end]).toEqual([`daily ${id}`, `hourly ${id}`, null]);
    await set({ schedules: [HOURLY] });
    expect(await hourly()).toMatchObject({ paused: false, lastRunId: run!.id });
    expect((await hourly()).next[0]).not.toBe(due);
    expect((await after(HOUR, id)).length).toBe(2);
  });

  test('runs now, and shows its times', async () => {
    const { id } = await scheduled({ schedules: [HOURLY] });
    const { runId, status } = await runScheduleNow(ctx, id, 'hourly');
    expect([status, (await after(0, id)).map((run) => run.id)]).toEqual([200, [runId]]);
    await expect(runScheduleNow(ctx, id, 'none')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('shows its last run with its cause, whichever it was', async () => {
    const { id } = await scheduled({ schedules: [HOURLY] });
    const last = async () => {
      const { schedules } = await listSchedules(ctx, id);
      const { lastAt, lastCause, lastRunId, lastStatus } = schedules[0]!;
      return { lastAt, lastCause, lastRunId, lastStatus };
    };
    expect(await last()).toEqual({ lastAt: null, lastCause: null, lastRunId: null, lastStatus: null });
    const { runId } = await runScheduleNow(ctx, id, 'hourly');
    const byRequest = { lastAt: toIso(clock.now), lastCause: 'request', lastRunId: runId, lastStatus: 200 };
    expect(await last()).toEqual(byRequest);
    const runs = await after(HOUR, id);
    expect(await last()).toMatchObject({ lastCause: 'time', lastRunId: runs.at(-1)!.id, lastStatus: 200 });
    expect(runs).toHaveLength(2);
  });

  test('keeps the later of two runs as its last, whichever ends first', async () => {
    const { id } = await scheduled({ schedules: [HOURLY] });
    const { schedules } = ctx.store;
    const [earlier, later] = [newRunId(clock.now), newRunId(clock.now + 1)];
    await schedules.end(id, 'hourly', { at: clock.now + 1, cause: 'request', runId: later, status: 200 });
    await schedules.claim((await schedules.list(id))[0]!, { busyUntil: clock.now + HOUR });
    await schedules.end(id, 'hourly', { at: clock.now, cause: 'time', runId: earlier, status: 500 });
    expect(await schedules.list(id)).toMatchObject([{ lastRunId: later, lastStatus: 200, busyUntil: null }]);
  });

  test('goes on with a run of its time while one on request ends', async () => {
    const { id } = await scheduled({ schedules: [HOURLY] });
    const busyUntil = clock.now + HOUR;
    await ctx.store.schedules.claim((await ctx.store.schedules.list(id))[0]!, { busyUntil });
    await runScheduleNow(ctx, id, 'hourly');
    expect(await ctx.store.schedules.list(id)).toMatchObject([{ busyUntil, lastCause: 'request' }]);
  });
});

test('a save refuses wrong times and parameters', async () => {
  // No value is given for it: that of every object is none.
  const inherited = [{ name: 'constructor', type: 'text' as const }];
  await publish('export default () => 1', { parameters: inherited, schedules: [HOURLY] });
  const parameters = [{ name: 'amount', type: 'integer' as const, required: true }];
  const schedules = [{ ...HOURLY, parameters: { amount: 'x' } }, HOURLY];
  await expect(publish('export default () => 1', { parameters, schedules })).rejects.toMatchObject({
    extra: {
      issues: [
        { pointer: '#/schedules/0/parameters/amount', code: 'invalid_parameter' },
        { pointer: '#/schedules/1/name', code: 'duplicate' },
        { pointer: '#/schedules/1/parameters/amount', code: 'missing_parameter' },
      ],
    },
  });
});

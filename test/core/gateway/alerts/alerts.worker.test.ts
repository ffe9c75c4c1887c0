import { createHmac } from 'node:crypto';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkAlerts } from '../../../../src/core/gateway/alerts/check-alerts';
import { countFailures, eventOf, nextAttempt } from '../../../../src/core/gateway/alerts/alert.rules';
import { getAlert, listAlerts, testAlert } from '../../../../src/core/gateway/alerts/get-alert';
import { deleteEndpoint } from '../../../../src/core/publishing/endpoints/delete-endpoint';
import { UpdateEndpointInput } from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { updateEndpoint } from '../../../../src/core/publishing/endpoints/update-endpoint';
import { putSecret } from '../../../../src/core/publishing/secrets/put-secret';
import { compileSignature } from '../../../../src/core/gateway/signature.rules';
import { testContext } from '../../../support/context';
import { call, ensureAdmin, publish, runOf } from '../../../support/publish';

const SECRET = `whsec_${btoa('a secret of 24 bytes and more')}`;
const MINUTE = 60_000;
const state = { now: 0, status: 200, got: [] as { url: string; body: string; headers: Headers }[] };
const ctx = testContext(undefined, {
  now: () => state.now,
  fetchUpstream: (url, init) => {
    state.got.push({ url: url.href, body: String(init.body), headers: new Headers(init.headers) });
    return Promise.resolve(new Response('', { status: state.status }));
  },
});
const ALERT = { url: 'https://hooks.portico-upstream.dev/alert', secret: 'ALERTS', failures: 1, minutes: 10 };

const failing = async (alert: object = ALERT) => {
  const { endpoint } = await publish('export default ({ ok }) => { if (!ok) throw new Error("secret text"); }', {
    secrets: ['ALERTS'],
    alert: alert as typeof ALERT,
  });
  const fail = async (body = '{}'): Promise<void> => {
    const { startedAt } = await runOf(await call(`/u/${endpoint.path}`, { method: 'POST', body }));
    // A run of the next minute would be in the future, where no alert looks.
    state.now = Math.max(state.now, Date.parse(startedAt));
  };
  /** Messages of the minutes that pass. */
  const after = async (minutes: number) => {
    state.now += minutes * MINUTE;
    state.got = [];
    await checkAlerts(ctx);
    return state.got.map(({ body }) => JSON.parse(body) as { type: string; data: { failures: number } });
  };
  return { id: endpoint.id, fail, after };
};

beforeAll(async () => {
  await ensureAdmin();
  await putSecret(testContext(), 'ALERTS', { value: SECRET, description: '', roles: [] });
});
beforeEach(async () => {
  state.now = Date.now();
  state.status = 200;
  await env.DB.exec('delete from alerts');
});

describe('an alert', () => {
  test('is sent when more runs fail than allowed, once, and again when that is over', async () => {
    const { id, fail, after } = await failing();
    await fail();
    await fail('{"ok": true}');
    expect(await after(0)).toEqual([]);
    expect(await getAlert(ctx, id)).toMatchObject({ state: 'ok', lastResult: null });
    await fail();
    expect(await after(0)).toMatchObject([
      { type: 'endpoint.failing', data: { endpoint: id, failures: 2, minutes: 10 } },
    ]);
    expect(await getAlert(ctx, id)).toMatchObject({ state: 'firing', waiting: null, lastResult: 'delivered' });
    expect(await after(1)).toEqual([]);
    expect(await after(11)).toMatchObject([{ type: 'endpoint.recovered', data: { failures: 0 } }]);
    expect(await after(1)).toEqual([]);
    expect((await getAlert(ctx, id)).state).toBe('ok');
  });

  test('is signed as Standard Webhooks have it, without what callers or handlers said', async () => {
    const { fail, after } = await failing({ ...ALERT, failures: 0 });
    await fail();
    await after(0);
    const [{ url, body, headers }] = state.got as [(typeof state.got)[0]];
    expect([url, body.includes('secret text')]).toEqual([ALERT.url, false]);
    const verify = compileSignature({ kind: 'standard', secret: 'S', toleranceSeconds: 300 }, SECRET);
    const header = (name: string) => headers.get(name);
    if (typeof verify !== 'function') throw new Error(verify.unusable);
    expect(verify({ url, header, body: new TextEncoder().encode(body), now: state.now })).toEqual({
      event: headers.get('webhook-id'),
    });
    const signed = `${headers.get('webhook-id')}.${headers.get('webhook-timestamp')}.${body}`;
    const mac = createHmac('sha256', 'a secret of 24 bytes and more').update(signed).digest('base64');
    expect(headers.get('webhook-signature')).toBe(`v1,${mac}`);
  });

  test('is sent although another cannot be', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { id, fail } = await failing({ ...ALERT, failures: 0 });
      await fail();
      ids.push(id);
    }
    const { alerts } = ctx.store;
    const claim: typeof alerts.claim = async (row, next) => {
      if (row.endpointId === ids[0]) throw new Error('lost');
      return alerts.claim(row, next);
    };
    state.got = [];
    const log = vi.spyOn(console, 'error').mockReturnValue(undefined);
    await expect(checkAlerts({ ...ctx, store: { ...ctx.store, alerts: { ...alerts, claim } } })).rejects.toThrow(
      'messages of them not sent',
    );
    expect(log.mock.calls.map(([line]) => JSON.parse(String(line)) as object)).toMatchObject([
      { event: 'alert.delivery_failed', component: 'alerts', endpointId: ids[0], error: { message: 'lost' } },
    ]);
    expect(state.got.map(({ body }) => (JSON.parse(body) as { data: { endpoint: string } }).data.endpoint)).toEqual([
      ids[1],
    ]);
    expect((await getAlert(ctx, ids[1]!)).lastResult).toBe('delivered');
  });

  test('that cannot be checked is logged, and messages that wait are sent', async () => {
    const { id, fail, after } = await failing({ ...ALERT, failures: 0 });
    await fail();
    state.status = 500;
    await after(0);
    state.now += 2 * MINUTE;
    [state.status, state.got] = [200, []];
    const log = vi.spyOn(console, 'error').mockReturnValue(undefined);
    const runLog = { ...ctx.runLog, stats: () => Promise.reject(new Error('lost')) };
    await expect(checkAlerts({ ...ctx, runLog })).rejects.toThrow('alerts were not checked');
    expect(log.mock.calls.map(([line]) => JSON.parse(String(line)) as object)).toMatchObject([
      { level: 'error', event: 'alert.check_failed', component: 'alerts', error: { message: 'lost' } },
    ]);
    expect([state.got.length, (await getAlert(ctx, id)).lastResult]).toEqual([1, 'delivered']);

    const due = () => Promise.reject(new Error('lost too'));
    const store = { ...ctx.store, alerts: { ...ctx.store.alerts, due } };
    await expect(checkAlerts({ ...ctx, store })).rejects.toThrow('alerts were not checked');
    expect(JSON.parse(String(log.mock.calls.at(-1)))).toMatchObject({
      event: 'alert.check_failed',
      error: { message: 'lost too' },
    });
  });

  test('is tried again later and later with the same id, and then given up', async () => {
    const { id, fail, after } = await failing({ ...ALERT, failures: 0, minutes: 1 });
    await fail();
    state.status = 500;
    const ids = new Set<string | null>();
    let tries = 0;
    for (const minutes of [0, 2, 6, 40, 140, 340, 670, 670, 670]) {
      await after(minutes);
      tries += state.got.length;
      for (const { headers } of state.got) ids.add(headers.get('webhook-id'));
      // It counts as recovered and told, so that no newer message replaces the one that waits.
      await env.DB.exec('update alerts set firing_since = null, notified_at = 1');
    }
    expect([tries, ids.size]).toEqual([8, 1]);
    const { attempts, ...given } = await getAlert(ctx, id);
    expect(given).toMatchObject({ waiting: null, lastResult: 'status 500' });
    expect(attempts.length).toBe(8);
    expect(attempts[0]).toMatchObject({ type: 'endpoint.failing', result: 'status 500' });
    expect(attempts.map(({ at }) => at)).toEqual(
      attempts
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
  });

  test('is looked at on whatever page it is', async () => {
    for (let i = 0; i < 3; i++) await (await failing({ ...ALERT, failures: 0 })).fail();
    const { alerts } = ctx.store;
    const list: typeof alerts.list = (after) => alerts.list(after, 1);
    state.got = [];
    await checkAlerts({ ...ctx, store: { ...ctx.store, alerts: { ...alerts, list } } });
    expect(state.got).toHaveLength(3);
  });

  test('gives a message up when the isolate of its last attempt notes no result', async () => {
    const { id, fail, after } = await failing({ ...ALERT, failures: 0, minutes: 60 });
    await fail();
    state.status = 500;
    await after(0);
    await env.DB.exec('update alerts set attempts = 7, attempt_at = 0');
    const { alerts } = ctx.store;
    const note: typeof alerts.note = () => Promise.reject(new Error('lost'));
    state.got = [];
    await expect(checkAlerts({ ...ctx, store: { ...ctx.store, alerts: { ...alerts, note } } })).rejects.toThrow();
    expect([state.got.length, await after(9)]).toEqual([1, []]);
    expect(await getAlert(ctx, id)).toMatchObject({ waiting: { attempts: 8 }, lastResult: 'status 500' });
    expect(await after(1)).toEqual([]);
    expect(await getAlert(ctx, id)).toMatchObject({ waiting: null, lastResult: 'the last attempt was interrupted' });
  });

  test('is listed, those that fire first, and sends a test message that changes nothing', async () => {
    const calm = await failing();
    const { id, fail, after } = await failing({ ...ALERT, failures: 0 });
    await fail();
    await after(0);
    const page = async (cursor?: string) => {
      const { items, nextCursor } = await listAlerts(ctx, { limit: 1, cursor });
      return [...items.map(({ endpoint, state: found }) => [endpoint.id, found]), nextCursor] as const;
    };
    const [first, next] = await page();
    expect([first, await page(next as string)]).toEqual([
      [id, 'firing'],
      [[calm.id, 'ok'], null],
    ]);
    state.got = [];
    state.status = 500;
    expect(await testAlert(ctx, calm.id)).toEqual({ result: 'status 500' });
    expect(JSON.parse(state.got[0]!.body)).toMatchObject({ type: 'endpoint.test', data: { endpoint: calm.id } });
    expect(await getAlert(ctx, calm.id)).toMatchObject({ lastResult: null, attempts: [] });
    const { endpoint } = await publish('export default () => 1');
    await expect(testAlert(ctx, endpoint.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('ends when its receiver is gone, and begins again when it is set again', async () => {
    const { id, fail, after } = await failing({ ...ALERT, failures: 0 });
    await fail();
    state.status = 410;
    expect((await after(0)).length).toBe(1);
    expect(await after(20)).toEqual([]);
    await updateEndpoint(ctx, id, UpdateEndpointInput.parse({ alert: { ...ALERT, failures: 2 } }), null);
    expect(await getAlert(ctx, id)).toMatchObject({ state: 'ok', lastResult: null });
    await deleteEndpoint(ctx, id, null);
    expect(await ctx.store.alerts.list('', 10)).toEqual([]);
  });
});

test('a message is due when an alert begins, once a day while it lasts, and when it ends', () => {
  const day = 86_400_000;
  expect([
    eventOf({ firingSince: null, notifiedAt: null }, false, 5),
    eventOf({ firingSince: null, notifiedAt: null }, true, 5),
    eventOf({ firingSince: 5, notifiedAt: 5 }, true, day),
    eventOf({ firingSince: 5, notifiedAt: 5 }, true, day + 5),
    eventOf({ firingSince: 5, notifiedAt: 5 }, false, 6),
  ]).toEqual([null, 'endpoint.failing', null, 'endpoint.failing', 'endpoint.recovered']);
  expect([1, 7, 8].map((tries) => nextAttempt(tries, 0, 1))).toEqual([66_000, 39_600_000, null]);
  const tally = (at: number, outcome: 'failed' | 'timeout' | 'rejected') => ({
    at,
    group: 'e',
    outcome,
    calls: 2,
    histogram: [],
  });
  const tallies = [
    tally(0, 'failed'),
    tally(MINUTE, 'timeout'),
    tally(2 * MINUTE, 'failed'),
    tally(2 * MINUTE, 'rejected'),
  ];
  expect([countFailures(tallies, 2, 2 * MINUTE), countFailures([], 2, 2 * MINUTE)]).toEqual([4, 0]);
});

test('a save refuses a receiver inside, and a secret that the endpoint does not list', async () => {
  await expect(publish('export default () => 1', { alert: ALERT })).rejects.toMatchObject({
    extra: { issues: [{ pointer: '#/alert/secret', code: 'not_listed' }] },
  });
  await expect(failing({ ...ALERT, url: 'https://169.254.169.254/' })).rejects.toMatchObject({
    issues: [{ path: ['alert', 'url'] }],
  });
});

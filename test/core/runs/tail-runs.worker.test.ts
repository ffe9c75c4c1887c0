import { beforeAll, describe, expect, test, vi } from 'vitest';
import { toEventStream } from '../../../src/core/runs/tail-runs';
import type { TailedRun } from '../../../src/core/runs/run-log';
import type { RunSummary } from '../../../src/core/runs/run.schema';
import { openTail } from '../../../src/platform/run-tail';
import { packArrival } from '../../../src/storage/run-log/arrival.rules';
import { packRuns } from '../../../src/storage/run-log/batch';
import { testContext } from '../../support/context';
import { call, publish, runOf } from '../../support/publish';
import { endpointId, record, stored } from '../../support/runs';
import { adminToken } from '../../support/sign-in';

const DAY_MS = 86_400_000;

let token: string;
beforeAll(async () => {
  token = await adminToken();
});

interface Tail {
  /** Waits for the next `count` runs. */
  next: (count: number) => Promise<{ position: string; id: string; outcome: string }[]>;
  close: () => Promise<void>;
}

async function open(query: string, after?: string): Promise<Tail> {
  const headers = { authorization: `Bearer ${token}`, ...(after === undefined ? {} : { 'last-event-id': after }) };
  const response = await call(`/admin/runs/tail?${query}`, { headers });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    next: async (count) => {
      const found = () => [...text.matchAll(/^id: (.*)\nevent: run\ndata: (.*)\n\n/gm)];
      while (found().length < count) text += (await reader.read()).value;
      const events = found().slice(0, count);
      text = '';
      return events.map(({ 1: position, 2: data }) => ({ ...JSON.parse(data!), position }));
    },
    close: () => reader.cancel(),
  };
}

test('a run arrives when it is stored, with what the list has of it; a filter keeps the others back', async () => {
  const { endpoint } = await publish(`export default () => { throw new Error('no') }`);
  const { endpoint: other } = await publish('export default () => 1');
  const tail = await open(`endpoint=${endpoint.path}&outcome=failed,timeout`);
  await runOf(await call(`/u/${other.path}`, { method: 'POST' }));
  const { id } = await runOf(await call(`/u/${endpoint.path}`, { method: 'POST' }));
  expect(await tail.next(1)).toMatchObject([
    { id, outcome: 'failed', errorCode: 'handler_error', endpointPath: endpoint.path, executorName: 'admin' },
  ]);
  await tail.close();
});

test('a tail that comes back continues after its last event: no run is missed or sent twice', async () => {
  const { runLog } = testContext();
  const endpoint = endpointId();
  const runs = Array.from({ length: 9 }, () => record(endpoint));
  const first = await open(`endpointId=${endpoint}`);
  await runLog.append(stored(...runs.slice(0, 3)), false);
  const before = await first.next(3);
  await first.close();
  await runLog.append(stored(...runs.slice(3, 5)), false);
  await runLog.append(stored(runs[5]!), false);
  const second = await open(`endpointId=${endpoint}`, before[1]!.position);
  const missed = await second.next(4);
  expect(missed.map(({ id }) => id)).toEqual(runs.slice(2, 6).map(({ id }) => id));
  await runLog.append(stored(...runs.slice(6)), false);
  expect((await second.next(3)).map(({ id }) => id)).toEqual(runs.slice(6).map(({ id }) => id));
  await second.close();
});

test('runs of other days arrive as well: of a clock that is past midnight, and of one that is days late', async () => {
  const { runLog } = testContext();
  const endpoint = endpointId();
  const times = [Date.now() + DAY_MS, Date.now() - 9 * DAY_MS];
  // Each day has an object that entered the index before the tail.
  for (const startedAt of times) await runLog.append(stored(record(endpoint, { startedAt })), false);
  const tail = await open(`endpointId=${endpoint}`);
  const runs = times.map((startedAt) => record(endpoint, { startedAt }));
  for (const run of runs) await runLog.append(stored(run), false);
  const events = await tail.next(2);
  expect(events.map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
  await tail.close();
  const again = await open(`endpointId=${endpoint}`, events[0]!.position);
  expect((await again.next(1)).map(({ id }) => id)).toEqual([runs[1]!.id]);
  await again.close();
});

test('one person has five tails at most; a closed one makes room', async () => {
  const tails = await Promise.all(Array.from({ length: 5 }, () => open('')));
  const headers = { authorization: `Bearer ${token}` };
  const sixth = () => call('/admin/runs/tail', { headers });
  const refused = await sixth();
  expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'rate_limited' }]);
  expect(refused.headers.get('retry-after')).toBe('5');
  await tails[0]!.close();
  await vi.waitUntil(
    async () => {
      const response = await sixth();
      await response.body?.cancel();
      return response.status === 200;
    },
    { timeout: 20_000 },
  );
  await Promise.all(tails.slice(1).map(({ close }) => close()));
});

test('a tail of an endpoint and of the id of another is refused, as a list is', async () => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await call('/admin/runs/tail?endpoint=a&endpointId=b', { headers });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { errors: [{ pointer: '#/query/endpointId' }] },
  ]);
});

test('without a right to read runs there is no tail', async () => {
  expect((await call('/admin/runs/tail')).status).toBe(401);
});

const same = (run: RunSummary) => run;

test('a stream of events ends when its time is over, and releases its runs', async () => {
  let released = false;
  const runs = new ReadableStream<TailedRun>({ cancel: () => void (released = true) });
  expect(await new Response(toEventStream(runs, same, 0)).text()).toBe('retry: 1000\n\n');
  expect(released).toBe(true);
});

test('a stream of events ends with its source, also with one that fails', async () => {
  const runs = new ReadableStream<TailedRun>({ pull: () => Promise.reject(new Error('lost')) });
  expect(await new Response(toEventStream(runs, same)).text()).toBe('retry: 1000\n\n');
});

describe('the socket of a tail', () => {
  const entries = (count: number) => Array.from({ length: count }, () => stored(record('ep_tail'))[0]!);
  const arrival = (runs: ReturnType<typeof entries>) => packArrival(5, packRuns(runs)[0]!.entries);
  /** Opens a tail whose index is the other end of a socket. `whileMissed` runs while the missed runs are read. */
  const openOwn = async (
    after: string | null,
    whileMissed: (server: WebSocket, client: WebSocket) => Promise<void>,
  ) => {
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    const place = { day: '2026-01-01', shard: '0', part: 0 };
    const index = () => ({ fetch: async () => ({ webSocket: client }), openPlaces: async () => [place] });
    const arrivedSince = async () => {
      await whileMissed(server, client);
      return [];
    };
    const objects = { index, days: { getByName: () => ({ arrivedSince }) } } as unknown as Parameters<
      typeof openTail
    >[0];
    return { server, runs: (await openTail(objects, 'usr_1', {}, after)).getReader() };
  };

  test('loses no run that arrives while the missed ones are read', async () => {
    const sent = entries(1);
    const { runs } = await openOwn('1.run_a', (server, client) => {
      const arrived = new Promise<void>((resolve) => client.addEventListener('message', () => resolve()));
      server.send(arrival(sent));
      return arrived;
    });
    expect((await runs.read()).value?.entry.id).toBe(sent[0]!.entry.id);
    await runs.cancel();
  });

  test('is closed when a client reads too slowly, after what it has', async () => {
    const { server, runs } = await openOwn(null, () => Promise.resolve());
    const closed = new Promise<void>((resolve) => server.addEventListener('close', () => resolve()));
    server.send(arrival(entries(1100)));
    await closed;
    let count = 0;
    while (!(await runs.read()).done) count += 1;
    expect(count).toBe(1100);
  });

  test('is closed when the missed runs cannot be read', async () => {
    let closed: Promise<void> | undefined;
    const failing = openOwn('1.run_a', (server) => {
      closed = new Promise<void>((resolve) => server.addEventListener('close', () => resolve()));
      return Promise.reject(new Error('lost'));
    });
    await expect(failing).rejects.toThrow('lost');
    await closed;
  });
});

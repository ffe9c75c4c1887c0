import { beforeAll, expect, test, vi } from 'vitest';
import { toEventStream } from '../../../src/core/runs/tail-runs';
import type { TailedRun } from '../../../src/core/runs/run-log';
import { testContext } from '../../support/context';
import { call, publish, runOf } from '../../support/publish';
import { endpointId, record, stored } from '../../support/runs';
import { adminToken } from '../../support/sign-in';

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
    { id, outcome: 'failed', errorCode: 'handler_error', endpointPath: endpoint.path },
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

test('one person has five tails at most; a closed one makes room', async () => {
  const tails = await Promise.all(Array.from({ length: 5 }, () => open('')));
  const headers = { authorization: `Bearer ${token}` };
  const sixth = () => call('/admin/runs/tail', { headers });
  const refused = await sixth();
  expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'rate_limited' }]);
  await tails[0]!.close();
  await vi.waitUntil(async () => {
    const response = await sixth();
    await response.body?.cancel();
    return response.status === 200;
  });
  await Promise.all(tails.slice(1).map(({ close }) => close()));
});

test('without a right to read runs there is no tail', async () => {
  expect((await call('/admin/runs/tail')).status).toBe(401);
});

test('a stream of events ends when its time is over, and releases its runs', async () => {
  let released = false;
  const runs = new ReadableStream<TailedRun>({ cancel: () => void (released = true) });
  expect(await new Response(toEventStream(runs, 0)).text()).toBe('retry: 1000\n\n');
  expect(released).toBe(true);
});

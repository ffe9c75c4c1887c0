import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { follow } from '../../../console/src/api/follow.ts';

/** Answers to the next requests, in turn. */
let answers: ((response: ServerResponse, request: IncomingMessage) => void)[] = [];
/** `Last-Event-ID` of each request that came. */
const asked: (string | undefined)[] = [];
let stop = (): void => undefined;
const send = globalThis.fetch;

const server = createServer((request, response) => {
  asked.push(request.headers['last-event-id'] as string | undefined);
  const answer = answers.shift();
  if (answer) answer(response, request);
  else response.writeHead(403).end('{}');
});
const event = (id: string, n: number): string => `id: ${id}\nevent: run\ndata: {"n":${n}}\n\n`;
const refusal = (detail: string) => JSON.stringify({ code: 'rate_limited', detail });

/** Follows until the end, and returns what it said, with the pauses between the streams. */
async function story(): Promise<unknown[]> {
  const said: unknown[] = [];
  const ended = Promise.withResolvers<void>();
  const items: unknown[] = [];
  stop = follow(
    '/tail',
    'run',
    {
      onOpen: () => said.push('open'),
      onItems: (came) => items.push(...came),
      onWait: (why) => said.push(why),
      onEnd: () => ended.resolve(),
    },
    async (ms) => void said.push(ms),
  );
  await ended.promise;
  const came = said.filter((one) => one === 'open').length;
  if (came > 0) await vi.waitUntil(() => items.length === came);
  return [...said, items];
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => send(`http://127.0.0.1:${port}${path}`, init));
});
afterEach(() => {
  stop();
  [answers, asked.length] = [[], 0];
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

it('follow waits as long as a 429 says, says why, and tries again', async () => {
  answers = [
    (response) => response.writeHead(429, { 'retry-after': '7' }).end(refusal('You have 5.')),
    (response) => response.writeHead(429).end(refusal('Still 5.')),
    (response) => response.end(event('a', 1)),
  ];
  expect(await story()).toEqual(['You have 5.', 7000, 'Still 5.', 5000, 'open', 1000, [{ n: 1 }]]);
});

it('follow continues after the last event when a stream ends or breaks, and ends at another refusal', async () => {
  answers = [
    (response) => response.end(`retry: 1000\n\n${event('a', 1)}`),
    (_, request) => request.socket.destroy(),
    (response) => {
      response.write(event('b', 2), () => response.destroy());
    },
  ];
  const said = await story();
  expect(said.at(-1)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(said.slice(0, -1)).toEqual(['open', 1000, 1000, 'open', 1000]);
  expect(asked).toEqual([undefined, 'a', 'a', 'b']);
});

it('follow says nothing more once it is stopped', async () => {
  const said: string[] = [];
  const closed = Promise.withResolvers<void>();
  answers = [
    (response) => {
      response.once('close', () => closed.resolve());
      response.write(':\n\n');
    },
  ];
  const say = (word: string) => () => void said.push(word);
  const opened = Promise.withResolvers<void>();
  const end = follow(
    '/tail',
    'run',
    { onOpen: () => opened.resolve(), onItems: say('items'), onWait: say('wait'), onEnd: say('end') },
    async () => void said.push('pause'),
  );
  await opened.promise;
  end();
  await closed.promise;
  expect([said, asked.length]).toEqual([[], 1]);
});

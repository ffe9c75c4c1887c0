import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGenerator, type Generator } from '../../../bench/load/generator.ts';

const BODY = JSON.stringify({ name: 'Ada', city: 'Zürich' });
const seen = { requests: 0, wrong: 0 };
let server: Server;
let generator: Generator;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.requests++;
      if (body !== BODY || request.headers['x-api-key'] !== 'key' || request.method !== 'POST') seen.wrong++;
      if (request.url === '/gone') return response.destroy();
      return response.writeHead(request.url === '/ok?a=1' ? 200 : 503).end('answer');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  generator = startGenerator();
});

afterAll(() => {
  generator.stop();
  server.close();
});

const order = (path: string): Parameters<Generator['fire']>[0] => ({
  target: { url: origin + path, method: 'POST', headers: { 'x-api-key': 'key' }, body: BODY, status: 200 },
  connections: 3,
  warmupMs: 300,
  measureMs: 300,
});

test('the load generator sends the request as ordered and counts each response', async () => {
  const before = seen.requests;
  const sample = await generator.fire(order('/ok?a=1'));
  expect(sample.total).toBe(seen.requests - before);
  expect(sample.total).toBeGreaterThan(sample.measured);
  expect(sample.measured).toBeGreaterThan(0);
  expect(sample.unexpected).toEqual({});
  expect(sample.p99).toBeGreaterThanOrEqual(sample.p50);
  expect(seen.wrong).toBe(0);
});

test('the load generator counts responses with another status', async () => {
  const { total, unexpected } = await generator.fire(order('/busy'));
  expect(unexpected).toEqual({ 503: total });
});

test('the load generator reports a lost connection', async () => {
  await expect(generator.fire(order('/gone'))).rejects.toThrow(/\/gone/);
});

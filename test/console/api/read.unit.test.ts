import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readAnswers, type BatchAnswer } from '../../../console/src/api/batch.rules.ts';
import { read } from '../../../console/src/api/read.ts';

/** Requests that came, as `GET /admin/a` or the paths of a batch. */
const came: (string | string[])[] = [];
/** Responses of batches that a test ends by itself. */
let held: ServerResponse[] = [];
let isHolding = false;
const send = globalThis.fetch;

const lineOf = (path: string): string =>
  `{"path":${JSON.stringify(path)},"status":${path.includes('none') ? 404 : 200},"body":["ü"]}`;

const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += String(part);
  const paths = request.method === 'POST' ? (JSON.parse(body) as { paths: string[] }).paths : null;
  came.push(paths ?? `${request.method} ${request.url}`);
  if (paths === null) response.writeHead(request.url!.includes('none') ? 404 : 200).end('["alone"]');
  else if (isHolding) held.push(response);
  else response.end(`{"answers":[\n${paths.map(lineOf).join(',\n')}\n]}\n`);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // A page has an address, below which its paths are; Node has none.
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => send(`http://127.0.0.1:${port}${path}`, init));
});
afterEach(() => {
  for (const response of held) response.destroy();
  [came.length, held, isHolding] = [0, [], false];
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

describe('read', () => {
  it('sends a read alone as a GET, and those of one task as a batch, each path once', async () => {
    await (await read('/admin/a', {})).json();
    const answers = await Promise.all(['/admin/a', '/admin/b', '/admin/a'].map((path) => read(path, {})));
    expect(await Promise.all(answers.map((one) => one.json()))).toEqual([['ü'], ['ü'], ['ü']]);
    expect(came).toEqual(['GET /admin/a', ['/admin/a', '/admin/b']]);
  });

  it('gives each read its own status', async () => {
    const [found, missing] = await Promise.all([read('/admin/a', {}), read('/admin/none', {})]);
    expect([found.ok, found.status, missing.ok, missing.status]).toEqual([true, 200, false, 404]);
    expect(await missing.text()).toBe('["ü"]');
  });

  it('puts at most 20 reads into a batch, and sends a long path alone', async () => {
    const paths = Array.from({ length: 22 }, (_, at) => `/admin/${at}`);
    const long = `/admin/${'x'.repeat(4096)}`;
    await Promise.all([...paths, long].map((path) => read(path, {})));
    expect(came.toSorted((a, b) => a.length - b.length)).toEqual([paths.slice(20), paths.slice(0, 20), `GET ${long}`]);
  });

  it('sends a read that may find nothing in a batch, where its 404 is no error of the page', async () => {
    expect((await read('/admin/none', { mayBeMissing: true })).status).toBe(404);
    expect(came).toEqual([['/admin/none']]);
  });

  it('hands over each answer as it comes, and fails those that do not', async () => {
    isHolding = true;
    const [first, second] = [read('/admin/a', {}), read('/admin/b', {})];
    await vi.waitUntil(() => held.length === 1, { timeout: 20_000 });
    held[0]!.write(`{"answers":[\n${lineOf('/admin/a')}`);
    held[0]!.write(',\n');
    expect(await (await first).json()).toEqual(['ü']);
    held[0]!.end();
    await expect(second).rejects.toThrow('The response ended before all answers.');
  });

  it('does not send a read that was given up, and ends the request when all were', async () => {
    const early = new AbortController();
    const given = read('/admin/given-up', { signal: early.signal });
    early.abort(new Error('left'));
    await expect(given).rejects.toThrow('left');
    isHolding = true;
    const [one, other] = [new AbortController(), new AbortController()];
    const reads = [read('/admin/a', { signal: one.signal }), read('/admin/b', { signal: other.signal })];
    await vi.waitUntil(() => held.length === 1, { timeout: 20_000 });
    expect(came).toEqual([['/admin/a', '/admin/b']]);
    one.abort(new Error('first left'));
    await expect(reads[0]).rejects.toThrow('first left');
    expect(held[0]!.destroyed).toBe(false);
    other.abort(new Error('second left'));
    await expect(reads[1]).rejects.toThrow('second left');
    await vi.waitUntil(() => held[0]!.destroyed, { timeout: 20_000 });
  });

  it('fails all of a batch with the refusal of the batch', async () => {
    isHolding = true;
    const reads = [read('/admin/a', {}), read('/admin/b', {})];
    await vi.waitUntil(() => held.length === 1, { timeout: 20_000 });
    held[0]!.writeHead(401, { 'x-request-id': 'req_1' }).end('{"code":"auth_required"}');
    for (const one of await Promise.all(reads)) {
      expect([one.ok, one.status, one.headers.get('x-request-id')]).toEqual([false, 401, 'req_1']);
      expect(await one.json()).toEqual({ code: 'auth_required' });
    }
  });
});

describe('readAnswers', () => {
  it.each([1, 7, 1000])('reads answers that arrive in parts of %i bytes', async (size) => {
    const bytes = new TextEncoder().encode(`{"answers":[\n${lineOf('/admin/a')},\n${lineOf('/admin/none')}\n]}\n`);
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const answers: BatchAnswer[] = [];
    await readAnswers(body, (answer) => void answers.push(answer));
    expect(answers).toEqual([
      { path: '/admin/a', status: 200, body: ['ü'] },
      { path: '/admin/none', status: 404, body: ['ü'] },
    ]);
  });
});

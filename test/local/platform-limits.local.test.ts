import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openInspector } from '../../bench/service/inspector.ts';
import { buildWorker, DEPLOYED, type WorkerModule } from '../../bench/service/build.ts';
import { type EndpointInput, openPortico, type Portico } from '../../bench/service/portico.ts';
import { serve, type Served } from '../../bench/service/serve.ts';
import { memoryLimitOf } from '../../src/core/code/package-set.ts';
import { PUBLISHED } from '../support/platform-limits/published.ts';

/*
 * Limits that only a process shows: memory of each isolate, from V8's inspector, and processor time of the start. V8 counts its heap and its
 * buffers; neither the linear memory of WebAssembly, whose maximum is added here, nor compiled code. No test in workerd shows what Cloudflare
 * counts, and its processors are others.
 */

let served: Served;
let portico: Portico;
let key: { id: string; key: string };
beforeAll(async () => {
  served = await serve({ inspect: true, floors: [] });
  portico = await openPortico(served.portico);
  key = await portico.createKey('limits');
});
afterAll(() => served?.stop());

async function publish(file: string, source: string, input: Partial<EndpointInput> = {}) {
  await portico.createHandler(file, source);
  const { id, url } = await portico.createEndpoint(file, { path: file.replace('.', '-'), keys: [key.id], ...input });
  const call = (body: string): Promise<Response> =>
    fetch(url, { method: 'POST', headers: { 'x-api-key': key.key, 'content-type': 'application/json' }, body });
  return { id, call };
}

interface HeapUsage {
  totalSize: number;
  embedderHeapUsedSize: number;
  backingStorageSize: number;
}

/** Returns bytes of the heap and the buffers of the isolate whose id begins with `name`. */
async function memoryOf(name: string): Promise<number> {
  const list = await fetch(new URL('/json', served.inspector!.replace(/^ws/, 'http')));
  const ids = ((await list.json()) as { id: string }[]).map(({ id }) => id);
  const id = ids.find((one) => one === name) ?? ids.find((one) => one.startsWith(name));
  if (id === undefined) throw new Error(`no isolate ${name} among ${ids.join(', ')}`);
  const inspector = await openInspector(served.inspector!, id.slice(id.indexOf(':') + 1));
  const usage = (await inspector.send('Runtime.getHeapUsage')) as HeapUsage;
  inspector.close();
  return usage.totalSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
}

const OWN = 'core:user:portico';
const LARGEST = 26_214_400;

test('the Worker starts within the processor time of a start', () => {
  const [{ path }] = buildWorker(DEPLOYED) as [WorkerModule];
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    'test/local/support/start-cpu.ts',
    `dist/bench/${path}`,
    path,
  ];
  expect(Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toBeLessThan(PUBLISHED.startMs.max);
});

test('an isolate of JavaScript has a tenth of its memory', async () => {
  const { id, call } = await publish('echo.js', 'export default () => 1');
  expect((await call('{}')).status).toBe(200);
  expect(await memoryOf(`LOADER:${id}`)).toBeLessThan(PUBLISHED.memoryBytes.max / 10);
});

test('four isolates of Python that start at once fit the memory of Portico, and the largest body fits theirs', async () => {
  const source = `
import asyncio
async def handler(request):
    kept = []
    try:
        while True: kept.append(bytearray(1 << 20))
    except MemoryError: pass
    taken = len(kept)
    kept = None
    body = request.get_data()
    return str(taken > 10 and len(body))
`;
  const limits = { bodyBytes: LARGEST };
  const handlers = await Promise.all([1, 2, 3, 4].map((n) => publish(`memory${n}.py`, source, { limits })));
  let most = 0;
  let started = false;
  const watch = (async () => {
    while (!started) most = Math.max(most, await memoryOf(OWN));
  })();
  const answers = await Promise.all(handlers.map(async ({ call }) => (await call('""')).text()));
  started = true;
  await watch;
  expect(answers).toEqual(['2', '2', '2', '2']);
  expect(most).toBeLessThan(PUBLISHED.memoryBytes.max);
  // With the memory that it has taken before.
  const [{ id, call }] = handlers as [(typeof handlers)[0]];
  const body = JSON.stringify('x'.repeat(LARGEST - 2));
  expect(await (await call(body)).text()).toBe(String(LARGEST));
  expect((await memoryOf(`LOADER:${id}`)) + memoryLimitOf(0, 0)).toBeLessThan(PUBLISHED.memoryBytes.max);
});

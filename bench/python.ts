/**
 * The cost of Python, as ratios of one run: a warm call that does nothing against the equal JavaScript call, and a boot from the
 * snapshot against one without it. Needs dist/ (scripts/build-python.ts). `node bench/python.ts` prints the figures.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

export interface PythonFigures {
  workerd: string;
  pyodide: string;
  /** p50 of a warm call in ms, by the number of concurrent calls. */
  warm: { connections: number; javascriptMs: number; pythonMs: number; ratio: number }[];
  /** The same without HTTP: many calls in a row from one request, in ms for each. */
  bare: { javascriptMs: number; pythonMs: number; ratio: number };
  /** p50 of a first call, in ms. */
  boot: { snapshotMs: number; withoutMs: number; ratio: number };
}

const ROOT = join(import.meta.dirname, '..');
const BODY = JSON.stringify({ name1: 'Ann', name2: 'Bea' });

/** Serves bench/worker/python.ts as a deploy would, on a socket of its own; Miniflare's entry Worker would cost more than the call. */
async function serve(): Promise<{ url: URL; stop: () => Promise<void> }> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'bench/worker/python.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    loader: { '.txt': 'text' },
    write: false,
  });
  const miniflare = new Miniflare({
    workers: [
      {
        config: {
          name: 'bench',
          compatibilityDate: '2026-10-20',
          manifest: {
            mainModule: 'worker.js',
            modules: { 'worker.js': { type: 'esm', contents: outputFiles[0]!.text } },
          },
          env: { LOADER: { type: 'worker-loader' }, ASSETS: { type: 'assets' } },
          assets: { directory: join(ROOT, 'dist/assets'), runWorkerFirst: true, hasUserWorker: true },
        },
        dev: { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] },
      },
    ],
  });
  await miniflare.ready;
  return { url: await miniflare.unsafeGetDirectURL(), stop: () => miniflare.dispose() };
}

/** Sends one call and returns its duration in ms. Throws for anything but a 200 with an envelope. */
function call(agent: Agent, url: URL, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = request(new URL(path, url), { agent, method: 'POST' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        const ok = response.statusCode === 200 && /^\{"kind": ?"none"/.test(text);
        if (ok) resolve(performance.now() - started);
        else reject(new Error(`${path}: ${response.statusCode} ${text.slice(0, 500)}`));
      });
    });
    sent.on('error', reject).end(BODY);
  });
}

/** Sends `count` calls, `connections` of them at once. Returns their durations in ms. */
async function load(agent: Agent, url: URL, path: string, connections: number, count: number): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) times.push(await call(agent, url, path));
  };
  await Promise.all(Array.from({ length: connections }, one));
  return times;
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Measures both paths in alternating rounds, so that other load on the machine affects both alike. */
async function compareWarm(
  agent: Agent,
  url: URL,
  connections: number,
  rounds: number,
): Promise<PythonFigures['warm'][number]> {
  const times = { javascript: [] as number[], python: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    for (const path of ['javascript', 'python'] as const) {
      const taken = await load(agent, url, `/${path}`, connections, 400);
      if (round >= 0) times[path].push(...taken);
    }
  }
  const [javascriptMs, pythonMs] = [median(times.javascript), median(times.python)];
  return {
    connections,
    javascriptMs: rounded(javascriptMs),
    pythonMs: rounded(pythonMs),
    ratio: rounded(pythonMs / javascriptMs),
  };
}

const IN_A_ROW = 200;

async function compareBare(agent: Agent, url: URL, rounds: number): Promise<PythonFigures['bare']> {
  const times = { javascript: [] as number[], python: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    for (const path of ['javascript', 'python'] as const) {
      const taken = await call(agent, url, `/${path}?repeat=${IN_A_ROW}`);
      if (round >= 0) times[path].push(taken / IN_A_ROW);
    }
  }
  const [javascriptMs, pythonMs] = [median(times.javascript), median(times.python)];
  return { javascriptMs: rounded(javascriptMs), pythonMs: rounded(pythonMs), ratio: rounded(pythonMs / javascriptMs) };
}

async function compareBoot(agent: Agent, url: URL, rounds: number): Promise<PythonFigures['boot']> {
  const times = { snapshot: [] as number[], without: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    const [snapshot, without] = [
      await call(agent, url, '/boot?snapshot=1'),
      await call(agent, url, '/boot?snapshot=0'),
    ];
    if (round < 0) continue;
    times.snapshot.push(snapshot);
    times.without.push(without);
  }
  const [snapshotMs, withoutMs] = [median(times.snapshot), median(times.without)];
  return { snapshotMs: rounded(snapshotMs), withoutMs: rounded(withoutMs), ratio: rounded(withoutMs / snapshotMs) };
}

/** Runs the whole comparison; about a minute. */
export async function benchPython(rounds = 10): Promise<PythonFigures> {
  const { url, stop } = await serve();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  try {
    const warm = [await compareWarm(agent, url, 1, rounds), await compareWarm(agent, url, 16, rounds)];
    const bare = await compareBare(agent, url, rounds);
    const boot = await compareBoot(agent, url, rounds);
    const versionOf = (name: string): string =>
      (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
        .version;
    return { workerd: versionOf('workerd'), pyodide: versionOf('pyodide'), warm, bare, boot };
  } finally {
    agent.destroy();
    await stop();
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await benchPython(), null, 2));

/** A Worker that runs probes as handlers run, on the assets of a folder. */
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const WORKER = `
import { RpcTarget } from 'cloudflare:workers';
import { pythonWorker } from './src/runtime/languages/python';
import { readBuiltSets, requireSet } from './src/runtime/languages/python-packages';
export { PythonFiles } from './src/runtime/python-files';

class Host extends RpcTarget {
  async send() { return '{"error":{"code":"none","message":"a probe has no tables"}}'; }
  async fetch({ url }) { return { response: new Response('pong'), url, redirected: false }; }
  cancel() {}
}
const people = { caller: { kind: 'key', id: 'k', name: 'n', roles: [] }, executor: { id: 'u', name: 'Ada', roles: [] } };
export default {
  async fetch(request, env) {
    const source = await request.text();
    const worker = env.LOADER.get(request.headers.get('x-id'), async () => ({
      ...(await pythonWorker(source, env, { set: await requireSet(source, () => readBuiltSets(env)) })),
      globalOutbound: null,
    }));
    const meta = JSON.stringify({ run: 'run_1', form: 'named', params: {}, ...people });
    const answer = await worker.getEntrypoint().call(meta, undefined, undefined, new Host());
    return new Response(answer);
  },
};`;

export interface Answered {
  /** Answer of the harness: a line of JSON, then the body. */
  text: string;
  ms: number;
}
export interface ProbeService {
  call: (source: string, isolate: string) => Promise<Answered>;
  /** MB of memory that workerd occupies. */
  memory: () => number;
  stop: () => Promise<void>;
}

/** Starts the Worker with the assets of \`directory\`. Every isolate name is an isolate of its own. */
export async function startProbes(directory: string): Promise<ProbeService> {
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2024',
    loader: { '.txt': 'text' },
    external: ['cloudflare:workers'],
    write: false,
  });
  const contents = outputFiles[0]!.text;
  const miniflare = new Miniflare({
    workers: [
      {
        config: {
          name: 'probes',
          compatibilityDate: '2026-10-20',
          manifest: { mainModule: 'worker.js', modules: { 'worker.js': { type: 'esm', contents } } },
          env: { LOADER: { type: 'worker-loader' }, ASSETS: { type: 'assets' } },
          assets: { directory, runWorkerFirst: true, hasUserWorker: true },
        },
        dev: { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] },
      },
    ],
  });
  await miniflare.ready;
  const url = await miniflare.unsafeGetDirectURL();
  const [pid] = execFileSync('pgrep', ['-P', String(process.pid), 'workerd'], { encoding: 'utf8' }).split('\n');
  return {
    call: async (source, isolate) => {
      const began = performance.now();
      const response = await fetch(url, { method: 'POST', body: source, headers: { 'x-id': isolate } });
      const text = await response.text();
      return { text: response.ok ? text : `{"kind":"error"}\n${text}`, ms: performance.now() - began };
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1000,
    stop: () => miniflare.dispose(),
  };
}

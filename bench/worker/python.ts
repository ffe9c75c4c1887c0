import { pythonVersion, pythonWorker, readFromAssets } from '../../src/runtime/languages/python';

export { PythonFiles } from '../../src/runtime/python-files';

interface Env {
  LOADER: WorkerLoader;
  ASSETS: Fetcher;
}
interface Isolate {
  call: (meta: string) => Promise<string>;
}

const PYTHON = 'def nothing(name1, name2): return None\nresult = nothing\n';

/** The leanest JavaScript isolate with the same contract: meta as JSON in, an envelope out. */
const JAVASCRIPT = `
import { WorkerEntrypoint } from 'cloudflare:workers';
const nothing = ({ name1, name2 }) => undefined;
export default class extends WorkerEntrypoint {
  async call(text) {
    const meta = JSON.parse(text);
    const value = await nothing(meta.params);
    return JSON.stringify({ kind: value === undefined ? 'none' : 'json' }) + '\\n';
  }
}`;

const meta = (body: unknown): string => {
  const caller = { kind: 'key', id: 'key_1', name: 'bench', roles: [] };
  return JSON.stringify({
    run: 'run_1',
    form: 'named',
    params: body,
    caller,
    executor: { id: 'usr_1', name: 'Ada', roles: [] },
  });
};
const isolateOf = (worker: WorkerStub): Isolate => worker.getEntrypoint() as unknown as Isolate;

/** /javascript and /python run a warm call (the last of ?repeat= in a row), /boot?snapshot=0|1 one call of a new isolate. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const read = readFromAssets(env.ASSETS);
    const url = new URL(request.url);
    const text = meta(await request.json());
    if (url.pathname === '/boot') {
      const code = await pythonWorker(PYTHON, read, { snapshot: url.searchParams.get('snapshot') === '1' });
      return new Response(await isolateOf(env.LOADER.load({ ...code, globalOutbound: null })).call(text));
    }
    const worker =
      url.pathname === '/python'
        ? env.LOADER.get(`python-${pythonVersion}`, async () => ({
            ...(await pythonWorker(PYTHON, read)),
            globalOutbound: null,
          }))
        : env.LOADER.get('javascript', () => ({
            compatibilityDate: '2026-10-20',
            mainModule: 'main.js',
            modules: { 'main.js': JAVASCRIPT },
            globalOutbound: null,
          }));
    const isolate = isolateOf(worker);
    for (let left = Number(url.searchParams.get('repeat') ?? 1); left > 1; left--) await isolate.call(text);
    return new Response(await isolate.call(text));
  },
} satisfies ExportedHandler<Env>;

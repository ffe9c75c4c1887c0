import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { median } from '../report/statistics.ts';
import { publishFirst, startAndCall } from './new-process.ts';
import { fact, type Trial } from './scenario.ts';

/** Bounds of the cost of the console: of the script, the start and the first call. */
const GOAL = 1.02;
const ASSETS = 'dist/assets';

/** Measures the cost of serving the console: starts with and without its files take turns. */
export const consoleAssets: Trial = {
  kind: 'trial',
  name: 'console-assets',
  title: 'The console among the assets',
  seconds: { quick: null, full: 25 },
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
    const without = join(folder, 'assets');
    cpSync(ASSETS, without, { recursive: true, filter: (path) => path !== join(ASSETS, 'console') });
    try {
      const target = await publishFirst(join(folder, 'state'));
      const cpu: number[] = [];
      const calls: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        // Every other round backwards, so that neither is always the first.
        const order = round % 2 === 0 ? [ASSETS, without] : [without, ASSETS];
        const found = new Map<string, Started>();
        for (const assets of order) found.set(assets, await startAndCall(join(folder, 'state'), target, assets));
        const [served, bare] = [found.get(ASSETS)!, found.get(without)!];
        calls.push(served.callMs / bare.callMs);
        if (served.cpuMs !== null && bare.cpuMs !== null) cpu.push(served.cpuMs / bare.cpuMs);
      }
      const { ratio, bytes } = await scriptShare();
      return [
        judged(
          "workerd's processor time from its start to the first response, ratio to a service without it",
          median(cpu),
        ),
        fact('time of the first call, ratio', median(calls).toFixed(3)),
        judged(`the script, ratio to one without the ${bytes} bytes that serve the console`, ratio),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const ROUNDS = 6;
type Started = Awaited<ReturnType<typeof startAndCall>>;

const judged = (what: string, ratio: number): ReturnType<typeof fact> => ({
  what,
  value: ratio.toFixed(3),
  goal: `at most ${GOAL}`,
  met: ratio <= GOAL,
});

/** Returns the bytes of the bundle that serve the console, and the ratio of the bundle to the rest. */
async function scriptShare(): Promise<{ ratio: number; bytes: number }> {
  const { metafile } = await build({
    entryPoints: ['src/worker.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    external: ['node:*', 'cloudflare:*', '*.wasm', '*.txt', '*.bin', '*.html', '*.sql', '*.py'],
    metafile: true,
    write: false,
    outdir: 'out',
    logLevel: 'error',
  });
  const [output] = Object.values(metafile.outputs);
  const bytes = output!.inputs['src/http/console.routes.ts']?.bytesInOutput ?? 0;
  return { bytes, ratio: output!.bytes / (output!.bytes - bytes) };
}

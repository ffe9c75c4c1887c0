import { readFileSync } from 'node:fs';
import type { Target } from '../load/types.ts';
import { openInspector } from '../service/inspector.ts';
import { openPortico } from '../service/portico.ts';
import { serve } from '../service/serve.ts';
import { pooled } from './pooled.ts';
import { fact, type Trial } from './scenario.ts';

const CALLS_S = 8;
const PAGES_S = 2;
const GOAL_PERCENT = 2;
/** The bundle that `serve` runs, in which a comment names the file of the lines after it. */
const BUNDLE = 'dist/bench/worker.js/worker.js';
const ROUTED = /^\/\/ (src\/http\/(console\.routes|pages)\.ts|node_modules\/hono\/.*)$/;
const FILE = /^\/\/ (src|node_modules)\/\S+$/;

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  samples: number[];
}

/**
 * Measures the share of a pooled call that is spent where the console is mounted: in the router, its middleware and the routes of pages. In
 * place of a race between builds with and without the console, whose noise is several times the bound.
 */
export const consoleCalls: Trial = {
  kind: 'trial',
  name: 'console-calls',
  title: 'Calls of endpoints, and the routes of the console',
  seconds: { quick: null, full: 30 },
  run: async ({ generator }) => {
    const served = await serve({ floors: [], inspect: true });
    const inspector = await openInspector(served.inspector!, 'portico');
    const profileOf = async (target: Target, seconds: number): Promise<Profile> => {
      await inspector.send('Profiler.start');
      await generator.fire({ target, connections: 16, warmupMs: 0, measureMs: seconds * 1000 });
      return ((await inspector.send('Profiler.stop')) as { profile: Profile }).profile;
    };
    try {
      const call = await pooled.setUp(await openPortico(served.portico));
      const page: Target = { url: `${served.portico}/console/`, method: 'GET', headers: {}, status: 200 };
      await inspector.send('Profiler.enable');
      await inspector.send('Profiler.setSamplingInterval', { interval: 100 });
      const [ofCalls, ofPages] = [await profileOf(call, CALLS_S), await profileOf(page, PAGES_S)].map(shareInRoutes);
      // Otherwise the share of calls would say nothing.
      if (ofPages!.percent === 0) throw new Error('the profile of pages of the console has no function of its routes');
      return [
        fact('samples of the isolate at work', ofCalls!.samples.toLocaleString('en')),
        {
          what: 'share of calls in the router, its middleware, and the routes of pages and of the console',
          value: `${ofCalls!.percent.toFixed(3)} %`,
          goal: `at most ${GOAL_PERCENT} %`,
          met: ofCalls!.percent <= GOAL_PERCENT,
        },
        fact('the same of requests for the page of the console', `${ofPages!.percent.toFixed(0)} %`),
      ];
    } finally {
      inspector.close();
      await served.stop();
    }
  },
};

/** Counts the samples in functions of the routes, and below them. */
function shareInRoutes({ nodes, samples }: Profile): { samples: number; percent: number } {
  const isRouted = routedLines(readFileSync(BUNDLE, 'utf8'));
  const inRoutes = new Set<number>();
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  // A parent comes before its children.
  for (const { id, callFrame } of nodes)
    if (isRouted(callFrame) || inRoutes.has(parents.get(id) ?? -1)) inRoutes.add(id);
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id));
  const busy = samples.filter((id) => !idle.has(id));
  if (busy.length === 0) throw new Error('the profile has no samples');
  return { samples: busy.length, percent: (100 * busy.filter((id) => inRoutes.has(id)).length) / busy.length };
}

/** Returns whether a function begins in a file of the router or of the routes that it has. */
function routedLines(bundle: string): (frame: Profile['nodes'][number]['callFrame']) => boolean {
  let isRouted = false;
  const routed = bundle.split('\n').map((line) => {
    if (FILE.test(line)) isRouted = ROUTED.test(line);
    return isRouted;
  });
  if (!routed.includes(true)) throw new Error(`${BUNDLE} names no file of the router`);
  return ({ url, lineNumber }) => url.endsWith('worker.js') && routed[lineNumber] === true;
}

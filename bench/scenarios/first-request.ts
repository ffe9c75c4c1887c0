import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../load/types.ts';
import { median } from '../report/statistics.ts';
import type { WorkerModule } from '../service/build.ts';
import { bundleWorker } from '../service/bundle.ts';
import { openPortico } from '../service/portico.ts';
import { cpuSeconds } from '../service/process.ts';
import { serve, type Served } from '../service/serve.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import type { Finding, Trial } from './scenario.ts';

/** Duration of one start in ms: workerd's processor time until its first call was answered, and that call by the clock. */
interface Start {
  cpuMs: number | null;
  callMs: number;
}

/** Allows for noise: the Worker compared with itself differs by as much. */
const GOAL = 1.1;

/**
 * Measures whether a Worker without Python endpoints pays for the ability: the first call of a new process, to the Worker with and without
 * Python, alternately, over the same databases.
 */
export const firstRequest: Trial = {
  kind: 'trial',
  name: 'first-request',
  title: 'First request of a Worker that serves no Python',
  run: async ({ quick }) => {
    const workers = { with: await bundleWorker({ python: true }), without: await bundleWorker({ python: false }) };
    const persistTo = mkdtempSync(join(tmpdir(), 'portico-bench-'));
    try {
      const target = await publish(workers.without, persistTo);
      const rounds: { with: Start; without: Start }[] = [];
      for (let round = 0; round < (quick ? 5 : 20); round++) {
        // Every other round backwards: neither side is always the second one.
        const order = round % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const);
        const starts = {} as (typeof rounds)[number];
        for (const side of order) starts[side] = await start(workers[side], persistTo, target);
        rounds.push(starts);
      }
      return judge(rounds, sizeOf(workers.with) - sizeOf(workers.without));
    } finally {
      rmSync(persistTo, { recursive: true, force: true });
    }
  },
};

const sizeOf = (modules: WorkerModule[]): number => modules.reduce((sum, { contents }) => sum + contents.length, 0);

/** Publishes an endpoint that the starts find in the database. Returns how to call it: each start has its own origin. */
async function publish(modules: WorkerModule[], persistTo: string): Promise<(served: Served) => Target> {
  const served = await serve({ modules, persistTo, floors: [] });
  try {
    const portico = await openPortico(served.portico);
    const { id, key } = await portico.createKey('bench first request');
    await portico.createHandler('bench/first.js', TABLE_SOURCE);
    const input = { path: 'first', keys: [id], parameters: PARAMETERS };
    const { url } = await portico.createEndpoint('bench/first.js', input);
    const { pathname } = new URL(url);
    return (started) => post(started.portico + pathname, key);
  } finally {
    await served.stop();
  }
}

async function start(modules: WorkerModule[], persistTo: string, target: (served: Served) => Target): Promise<Start> {
  const served = await serve({ modules, persistTo, floors: [] });
  try {
    const { url, method, headers, body, status } = target(served);
    const sentAt = performance.now();
    const answer = await fetch(url, { method, headers, body: body ?? null });
    const text = await answer.text();
    const callMs = performance.now() - sentAt;
    if (answer.status !== status) throw new Error(`${url} answered ${answer.status}: ${text}`);
    const cpu = cpuSeconds(served.pid);
    return { callMs, cpuMs: cpu === null ? null : cpu * 1000 };
  } finally {
    await served.stop();
  }
}

function judge(rounds: { with: Start; without: Start }[], bytes: number): Finding[] {
  const ratio = (of: (start: Start) => number): number =>
    median(rounds.map((round) => of(round.with))) / median(rounds.map((round) => of(round.without)));
  const finding = (what: string, value: number): Finding => ({
    what,
    value: `${value.toFixed(3)} times`,
    goal: `at most ${GOAL} times`,
    met: value <= GOAL,
  });
  const call = ratio(({ callMs }) => callMs);
  const findings = [finding('first call of a new process, beside the Worker without Python', call)];
  if (rounds.every((round) => round.with.cpuMs !== null && round.without.cpuMs !== null)) {
    const cpu = ratio(({ cpuMs }) => cpuMs!);
    findings.push(finding('processor time from the start of the process until then', cpu));
  }
  const size = {
    what: 'what Python, tables and the Instabase dialect add to the Worker',
    value: `${bytes} characters`,
    goal: null,
    met: null,
  };
  return [...findings, size];
}

import { idle } from '../measure.ts';
import { median } from '../report/statistics.ts';
import { openInspector, type Inspector } from '../service/inspector.ts';
import { openPortico, type Portico } from '../service/portico.ts';
import type { SeedOrder } from '../service/seed-order.ts';
import { serve, type Served } from '../service/serve.ts';
import { fact, type Finding, type Trial } from './scenario.ts';

const ENDPOINTS = 100;
const DAY_MS = 86_400_000;
/** Runs per request to the Worker that writes them, and in a batch. */
const PER_REQUEST = 10_000;
const BATCH = 100;
const LIST_GOAL_MS = 50;
const STATS_GOAL_MS = 100;
const MEMORY_GOAL_MB = 64;
const TIMES = 11;

/**
 * The run log with the runs of one day: pages of its list, statistics, and memory. A service of its own, for a log of known size, and of one
 * day, so that one object has them (two, unless it is midnight in UTC).
 */
export const runLog: Trial = {
  kind: 'trial',
  name: 'run-log',
  title: 'The run log with the runs of a day',
  seconds: { quick: null, full: 170 },
  run: async ({ quick }) => {
    const served = await serve({ floors: [], seed: true, inspect: true });
    const inspector = await openInspector(served.inspector!, 'portico');
    try {
      const portico = await openPortico(served.portico);
      const count = quick ? 50_000 : 1_000_000;
      const before = await heapMb(inspector);
      const tookMs = await seed(served, count);
      await idle(served);
      const written = (await heapMb(inspector)) - before;
      const held: number[] = [];
      const look = async (): Promise<void> => void held.push((await heapMb(inspector)) - before);
      const listed = await timePages(portico, look);
      const counted = await timeStats(portico, look);
      return [
        fact('runs', count.toLocaleString('en')),
        fact('written a second', Math.round(count / (tookMs / 1000)).toLocaleString('en')),
        fact('memory of its objects as these are written, with garbage', megabytes(written)),
        ...listed,
        ...counted,
        memory('memory of its objects: the least between these questions', Math.max(0, Math.min(...held))),
        fact('the most, with garbage', megabytes(Math.max(...held))),
      ];
    } finally {
      inspector.close();
      await served.stop();
    }
  },
};

/**
 * Returns the used heap in MB of the isolate of Portico, in which its objects are; with garbage, which workerd's inspector does not collect.
 * The least of many looks, soon after a collection, is nearest to what the objects hold.
 */
async function heapMb(inspector: Inspector): Promise<number> {
  const { usedSize } = (await inspector.send('Runtime.getHeapUsage')) as { usedSize: number };
  return usedSize / 1_048_576;
}

const megabytes = (mb: number): string => `${mb.toFixed(1)} MB`;

const memory = (what: string, mb: number): Finding => ({
  what,
  value: megabytes(mb),
  goal: `under ${MEMORY_GOAL_MB} MB`,
  met: mb < MEMORY_GOAL_MB,
});

const endpoints: SeedOrder['endpoints'] = Array.from({ length: ENDPOINTS }, (_, number) => ({
  id: `ep_bench${String(number).padStart(15, '0')}`,
  path: `bench-${number}`,
}));

/** Writes runs of the last 24 hours, oldest first. Returns the milliseconds that it took. */
async function seed(served: Served, count: number): Promise<number> {
  const startedAt = performance.now();
  const until = Date.now();
  const begin = until - DAY_MS;
  for (let first = 0; first < count; first += PER_REQUEST) {
    const at = (number: number): number => begin + (DAY_MS * number) / count;
    const order: SeedOrder = {
      count: PER_REQUEST,
      batch: BATCH,
      endpoints,
      from: at(first),
      until: at(first + PER_REQUEST),
    };
    const response = await fetch(served.seed!, { method: 'POST', body: JSON.stringify(order) });
    if (!response.ok) throw new Error(`the runs were not written: ${await response.text()}`);
  }
  return performance.now() - startedAt;
}

async function timePages(portico: Portico, look: () => Promise<void>): Promise<Finding[]> {
  const endpointId = endpoints[3]!.id;
  const pages: [what: string, query: Record<string, string>][] = [
    ['newest', {}],
    ['of an endpoint, 1 run in 100', { endpointId }],
    ['failed, 1 in 20', { outcome: 'failed' }],
    ['timed out, 1 in 100', { outcome: 'timeout' }],
    ['failed of an endpoint, 1 in 2,000', { endpointId, outcome: 'failed' }],
    ['timed out of an endpoint, 1 in 10,000', { endpointId, outcome: 'timeout' }],
    ['older than 12 hours', { until: new Date(Date.now() - DAY_MS / 2).toISOString() }],
    ['of a key that never called', { caller: 'key_none' }],
  ];
  const findings: Finding[] = [];
  for (const [what, query] of pages) {
    const path = `/admin/runs?${new URLSearchParams({ limit: '50', ...query })}`;
    findings.push(await time(portico, `page of 50: ${what}`, path, LIST_GOAL_MS, look));
  }
  return findings;
}

async function timeStats(portico: Portico, look: () => Promise<void>): Promise<Finding[]> {
  const since = new Date(Date.now() - DAY_MS).toISOString();
  const findings: Finding[] = [];
  for (const query of [{ step: 'hour', by: 'endpoint' }, { step: 'hour' }, { step: 'minute' }]) {
    const path = `/admin/runs/stats?${new URLSearchParams({ since, ...query })}`;
    const what = `statistics of 24 h by ${query.step}${'by' in query ? `, for ${ENDPOINTS} endpoints` : ''}`;
    const timed = await time(portico, what, path, STATS_GOAL_MS, look);
    // The goal is for endpoints by hour.
    findings.push('by' in query ? timed : fact(timed.what, timed.value));
  }
  return findings;
}

/** Times requests to the admin API: the median. Calls `look` after each. */
async function time(
  portico: Portico,
  what: string,
  path: string,
  goalMs: number,
  look: () => Promise<void>,
): Promise<Finding> {
  const times: number[] = [];
  for (let round = 0; round < TIMES; round++) {
    const startedAt = performance.now();
    await portico.request('GET', path);
    times.push(performance.now() - startedAt);
    await look();
  }
  const ms = median(times);
  return { what: `${what}, median`, value: `${ms.toFixed(1)} ms`, goal: `at most ${goalMs} ms`, met: ms <= goalMs };
}

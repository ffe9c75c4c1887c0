import { idle } from '../measure.ts';
import { median } from '../report/statistics.ts';
import { openPortico, type Portico } from '../service/portico.ts';
import { memoryBytes } from '../service/process.ts';
import { serve, type Served } from '../service/serve.ts';
import type { SeedOrder } from '../service/seed-order.ts';
import { PARAMETERS, TABLE_SOURCE } from './people.ts';
import { fact, type Finding, type Trial } from './scenario.ts';

const ENDPOINTS = 10;
const DAYS = 7;
const DAY_MS = 86_400_000;
/** Runs per request to the Worker that writes them. */
const PER_REQUEST = 10_000;
const GOAL_MS = 50;
const TIMES = 21;

/** Pages of the list of runs among many, through the admin API. A service of its own, for a log of known size. */
export const listRuns: Trial = {
  kind: 'trial',
  name: 'list-runs',
  title: 'Pages of 50 of the list of runs among many',
  seconds: { quick: null, full: 150 },
  run: async ({ quick }) => {
    const served = await serve({ floors: [], seed: true });
    try {
      const portico = await openPortico(served.portico);
      const endpoints = await publish(portico);
      const count = quick ? 50_000 : 1_000_000;
      const before = memoryBytes(served.pid);
      const tookMs = await seed(served, endpoints, count);
      await idle(served);
      const grown = ((memoryBytes(served.pid) ?? NaN) - (before ?? NaN)) / 1_048_576;
      const among = `among ${count.toLocaleString('en')}`;
      return [
        fact(`runs written a second, ${among}`, Math.round(count / (tookMs / 1000)).toLocaleString('en')),
        fact('memory of workerd grown by', `${grown.toFixed(0)} MB`),
        ...(await timePages(portico, endpoints[3]!.id, among)),
      ];
    } finally {
      await served.stop();
    }
  },
};

async function publish(portico: Portico): Promise<SeedOrder['endpoints']> {
  const { id: keyId } = await portico.createKey('bench list runs');
  await portico.createHandler('bench/list-runs.js', TABLE_SOURCE);
  const endpoints: SeedOrder['endpoints'] = [];
  for (let number = 0; number < ENDPOINTS; number++) {
    const input = { path: `list-runs-${number}`, keys: [keyId], parameters: PARAMETERS };
    const { id } = await portico.createEndpoint('bench/list-runs.js', input);
    endpoints.push({ id, path: input.path });
  }
  return endpoints;
}

/** Writes runs of the last days, oldest first. Returns the milliseconds that it took. */
async function seed(served: Served, endpoints: SeedOrder['endpoints'], count: number): Promise<number> {
  const startedAt = performance.now();
  const until = Date.now();
  const begin = until - DAYS * DAY_MS;
  for (let first = 0; first < count; first += PER_REQUEST) {
    const at = (number: number): number => begin + ((until - begin) * number) / count;
    const order: SeedOrder = { count: PER_REQUEST, endpoints, from: at(first), until: at(first + PER_REQUEST) };
    const response = await fetch(served.seed!, { method: 'POST', body: JSON.stringify(order) });
    if (!response.ok) throw new Error(`the runs were not written: ${await response.text()}`);
  }
  return performance.now() - startedAt;
}

async function timePages(portico: Portico, endpointId: string, among: string): Promise<Finding[]> {
  const weekAgo = new Date(Date.now() - (DAYS - 1) * DAY_MS).toISOString();
  const pages: [what: string, query: Record<string, string>][] = [
    ['newest', {}],
    ['of an endpoint', { endpointId }],
    ['failed', { outcome: 'failed' }],
    ['failed of an endpoint', { endpointId, outcome: 'failed' }],
    [`before the last ${DAYS - 1} days`, { until: weekAgo }],
  ];
  const findings: Finding[] = [];
  for (const [what, query] of pages) {
    const ms = await timePage(portico, { limit: '50', ...query });
    const value = `${ms.toFixed(1)} ms`;
    findings.push({ what: `${what}, ${among}, median`, value, goal: `at most ${GOAL_MS} ms`, met: ms <= GOAL_MS });
  }
  return findings;
}

/** Returns the median duration of a full page in ms. Throws when the page is not full: then another thing was measured. */
async function timePage(portico: Portico, query: Record<string, string>): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const startedAt = performance.now();
    const { items } = await portico.request<{ items: unknown[] }>('GET', `/admin/runs?${new URLSearchParams(query)}`);
    times.push(performance.now() - startedAt);
    if (items.length !== 50) throw new Error(`a page of ${items.length} runs for ${JSON.stringify(query)}`);
  }
  return median(times);
}

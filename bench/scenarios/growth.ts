import { Agent } from 'node:http';
import type { Target } from '../load/types.ts';
import { measure, type Figures } from '../measure.ts';
import { GOAL_CONNECTIONS } from '../options.ts';
import { cpuOf } from '../race.ts';
import { median } from '../report/statistics.ts';
import type { Portico } from '../service/portico.ts';
import { multiply } from '../service/multiply.ts';
import type { Served } from '../service/serve.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import { fact, type Bench, type Finding, type Trial } from './scenario.ts';
import { timeOf } from './time-of.ts';

const STEPS = { quick: [10, 1000], full: [10, 1000, 10_000, 100_000] };
/** Most that a call among the most may cost, in calls among the fewest. */
const GOAL = 1.1;

/** The cost of a call must not depend on the number of published endpoints and keys. Each step is measured beside the floor. */
export const growth: Trial = {
  kind: 'trial',
  name: 'growth',
  title: 'Cost of a call among many endpoints and keys',
  seconds: { quick: null, full: 160 },
  run: async (bench) => {
    const { portico, served, quick } = bench;
    const template = await publish(portico, 'growth');
    const steps: Step[] = [];
    let filled = 0;
    for (const count of quick ? STEPS.quick : STEPS.full) {
      await fill(served.database, template, [filled, count]);
      filled = count;
      steps.push({ count, ...(await measureAmong(bench, template.target, `growth-new-${count}`)) });
    }
    const [few, most] = [steps[0]!, steps.at(-1)!];
    // Processor time is the steadier figure; where it is not available, requests per second.
    const grown = few.cpu === null || most.cpu === null ? few.share / most.share : most.cpu / few.cpu;
    const what = 'cost of a call among the most, in calls among the fewest';
    return [...steps.flatMap(findings), { what, value: grown.toFixed(2), goal: `at most ${GOAL}`, met: grown <= GOAL }];
  },
};

interface Published {
  keyId: string;
  endpointId: string;
  target: Target;
}
interface Measured {
  /** Requests per second, and processor time per call, of the floor's. */
  share: number;
  cpu: number | null;
  firstMs: number;
  listMs: number;
}
type Step = Measured & { count: number };

async function publish(portico: Portico, path: string): Promise<Published> {
  const { id, key } = await portico.createKey(`bench ${path}`);
  await portico.createHandler(`bench/${path}.js`, TABLE_SOURCE);
  const input = { path, keys: [id], parameters: PARAMETERS };
  const { id: endpointId, url } = await portico.createEndpoint(`bench/${path}.js`, input);
  return { keyId: id, endpointId, target: post(url, key) };
}

/** Adds endpoints with a key each, in the database: copies of one that was published. */
async function fill(database: Served['database'], one: Published, range: [number, number]): Promise<void> {
  const id = (prefix: string): string => `printf('${prefix}_bench%015d', i)`;
  const key = { id: id('key'), alias: `printf('bench growth %d', i)`, hash: 'lower(hex(randomblob(32)))' };
  await multiply(database, 'keys', { column: 'id', value: one.keyId }, key, range);
  const endpoint = { id: id('ep'), path: `printf('growth-%d', i)` };
  await multiply(database, 'endpoints', { column: 'id', value: one.endpointId }, endpoint, range);
  const route = { shape: `printf('growth-%d', i)`, root: `printf('growth-%d', i)`, endpoint_id: id('ep') };
  await multiply(database, 'endpoint_routes', { column: 'endpoint_id', value: one.endpointId }, route, range);
  const link = { endpoint_id: id('ep'), key_id: id('key') };
  await multiply(database, 'endpoint_keys', { column: 'endpoint_id', value: one.endpointId }, link, range);
}

async function measureAmong(bench: Bench, target: Target, path: string): Promise<Measured> {
  const floorTarget = post(bench.served.floors['dynamic-worker'], 'none');
  const order = { connections: GOAL_CONNECTIONS, warmupMs: 500, measureMs: bench.quick ? 700 : 1500 };
  const rounds: { floor: Figures; own: Figures }[] = [];
  for (let round = 0; round < (bench.quick ? 3 : 4); round++) {
    const floor = await measure(bench, { ...order, target: floorTarget }, false);
    rounds.push({ floor, own: await measure(bench, { ...order, target }, true) });
  }
  const [own, floor] = [cpuOf(rounds.map((round) => round.own)), cpuOf(rounds.map((round) => round.floor))];
  return {
    share: median(rounds.map((round) => round.own.perSecond / round.floor.perSecond)),
    cpu: own === null || floor === null ? null : own / floor,
    ...(await timeOthers(bench.portico, path)),
  };
}

/** Times first calls of new endpoints, and pages of the list of endpoints: medians in ms. */
async function timeOthers(portico: Portico, path: string): Promise<Pick<Measured, 'firstMs' | 'listMs'>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const [first, list]: [number[], number[]] = [[], []];
  for (let i = 0; i < 10; i++) {
    const { target } = await publish(portico, `${path}-${i}`);
    first.push(await timeOf(target, agent));
    const startedAt = performance.now();
    await portico.request('GET', '/admin/endpoints?limit=50');
    list.push(performance.now() - startedAt);
  }
  agent.destroy();
  return { firstMs: median(first), listMs: median(list) };
}

const findings = ({ count, share, cpu, firstMs, listMs }: Step): Finding[] => {
  const among = `among ${count.toLocaleString('en')}`;
  return [
    fact(`requests/s of the floor's, ${among}`, share.toFixed(2)),
    ...(cpu === null ? [] : [fact(`processor time of the floor's, ${among}`, cpu.toFixed(2))]),
    fact(`first call of a new endpoint, ${among}`, `${firstMs.toFixed(1)} ms`),
    fact(`page of 50 of the list of endpoints, ${among}`, `${listMs.toFixed(1)} ms`),
  ];
};

import type { Target } from '../load/types.ts';
import { median } from '../report/statistics.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import type { Bench, Trial } from './scenario.ts';

const CONNECTIONS = 16;
const AT_ONCE = 8;
const FEW = 10;

/** The cost of a call must not depend on the number of published endpoints. Both ends are shares of the floor, measured beside them. */
export const manyEndpoints: Trial = {
  kind: 'trial',
  name: 'many-endpoints',
  title: 'Cost of a call among many endpoints and keys',
  run: async (bench) => {
    const { portico, quick } = bench;
    const { id: keyId, key } = await portico.createKey('bench many');
    await portico.createHandler('bench/many.js', TABLE_SOURCE);
    const { url } = await portico.createEndpoint('bench/many.js', {
      path: 'many',
      keys: [keyId],
      parameters: PARAMETERS,
    });
    const many = quick ? 500 : 10_000;
    await fill(bench, 0, FEW);
    const few = await shareOfFloor(bench, post(url, key));
    await fill(bench, FEW, many);
    const lots = await shareOfFloor(bench, post(url, key));
    return [
      { what: `share of the floor with ${FEW} more endpoints and keys`, value: few.toFixed(2), goal: null, met: null },
      { what: `the same with ${many}`, value: lots.toFixed(2), goal: 'at least 0.9 of that', met: lots >= few * 0.9 },
    ];
  },
};

async function fill({ portico }: Bench, from: number, to: number): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < to; i = next++) {
      const { id } = await portico.createKey(`bench many ${i}`);
      await portico.createEndpoint('bench/many.js', { path: `many-${i}`, keys: [id], parameters: PARAMETERS });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function shareOfFloor({ served, generator, quick }: Bench, target: Target): Promise<number> {
  const order = { connections: CONNECTIONS, warmupMs: 500, measureMs: quick ? 700 : 2000 };
  const ratios: number[] = [];
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    const floor = await generator.fire({ ...order, target: post(served.floors['dynamic-worker'], 'none') });
    const ours = await generator.fire({ ...order, target });
    ratios.push(ours.perSecond / floor.perSecond);
  }
  return median(ratios);
}

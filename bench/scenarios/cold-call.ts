import { Agent } from 'node:http';
import { median } from '../report/statistics.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import { fact, type Trial } from './scenario.ts';
import { timeOf } from './time-of.ts';

const GOAL_MS = 8;

/** First calls of endpoints: definition from D1, key from KV, isolate started. */
export const coldCall: Trial = {
  kind: 'trial',
  name: 'cold-call',
  title: 'First call of an endpoint',
  seconds: { quick: 1, full: 4 },
  run: async ({ served, portico, quick }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { id, key } = await portico.createKey('bench cold');
    await portico.createHandler('bench/cold.js', TABLE_SOURCE);
    const floor: number[] = [];
    const ours: number[] = [];
    for (let i = 0; i < (quick ? 10 : 40); i++) {
      const input = { path: `cold-${i}`, keys: [id], parameters: PARAMETERS };
      const { url } = await portico.createEndpoint('bench/cold.js', input);
      floor.push(await timeOf(post(served.floors['cold-worker'], 'none'), agent));
      ours.push(await timeOf(post(url, key), agent));
    }
    agent.destroy();
    const [ourMs, floorMs] = [median(ours), median(floor)];
    return [
      fact('bare Worker that starts a Dynamic Worker, median', `${floorMs.toFixed(1)} ms`),
      {
        what: 'Portico, median',
        value: `${ourMs.toFixed(1)} ms`,
        goal: `at most ${GOAL_MS} ms`,
        met: ourMs <= GOAL_MS,
      },
      fact('ratio', (ourMs / floorMs).toFixed(2)),
    ];
  },
};

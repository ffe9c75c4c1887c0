import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Target } from '../load/types.ts';
import { median } from '../report/statistics.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import type { Trial } from './scenario.ts';

/** First calls of endpoints: definition from D1, key from KV, isolate started. */
export const coldCall: Trial = {
  kind: 'trial',
  name: 'cold-call',
  title: 'First call of an endpoint',
  run: async ({ served, portico, quick }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { id, key } = await portico.createKey('bench cold');
    await portico.createHandler('bench/cold.js', TABLE_SOURCE);
    const floor: number[] = [];
    const ours: number[] = [];
    for (let i = 0; i < (quick ? 10 : 40); i++) {
      const { url } = await portico.createEndpoint('bench/cold.js', {
        path: `cold-${i}`,
        keys: [id],
        parameters: PARAMETERS,
      });
      floor.push(await timeOf(agent, post(served.floors['cold-worker'], 'none')));
      ours.push(await timeOf(agent, post(url, key)));
    }
    agent.destroy();
    const [ourMs, floorMs] = [median(ours), median(floor)];
    return [
      {
        what: 'bare Worker that starts a Dynamic Worker, median',
        value: `${floorMs.toFixed(1)} ms`,
        goal: null,
        met: null,
      },
      { what: 'Portico, median', value: `${ourMs.toFixed(1)} ms`, goal: 'at most 10 ms', met: null },
      { what: 'ratio', value: (ourMs / floorMs).toFixed(2), goal: null, met: null },
    ];
  },
};

function timeOf(agent: Agent, target: Target): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const call = request(target.url, { agent, method: target.method, headers: target.headers }, (response) => {
      text(response).then((body) => {
        if (response.statusCode === target.status) resolve(performance.now() - startedAt);
        else reject(new Error(`${target.url} answered ${response.statusCode}: ${body}`));
      }, reject);
    });
    call.on('error', reject);
    call.end(target.body);
  });
}

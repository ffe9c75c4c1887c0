import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import type { Race } from './scenario.ts';

/** The main path: key checked, parameters validated, function called by name, run recorded in full. */
export const pooled: Race = {
  kind: 'race',
  name: 'pooled',
  title: 'Portico, pooled: key, parameters, run log',
  floor: 'dynamic-worker',
  goal: { rate: 0.8, p99: 2 },
  setUp: async (portico) => {
    const { id, key } = await portico.createKey('bench pooled');
    await portico.createHandler('bench/pooled.js', TABLE_SOURCE);
    const { url } = await portico.createEndpoint('bench/pooled.js', {
      path: 'pooled',
      keys: [id],
      parameters: PARAMETERS,
    });
    return post(url, key);
  },
};

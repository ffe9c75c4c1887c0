import type { EndpointInput } from '../service/portico.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import type { Race } from './scenario.ts';

/** One warm instance per endpoint: the same call, through a Durable Object and its facet. */
export const shared: Race = {
  kind: 'race',
  name: 'shared',
  title: 'Portico, shared: key, parameters, run log',
  floor: 'facet',
  goal: { rate: 0.8, p99: 2 },
  quick: true,
  dispatchOnly: true,
  connections: null,
  setUp: async (portico) => {
    const { id, key } = await portico.createKey('bench shared');
    await portico.createHandler('bench/shared.js', TABLE_SOURCE);
    const input: EndpointInput = { path: 'shared', instance: 'shared', keys: [id], parameters: PARAMETERS };
    const { url } = await portico.createEndpoint('bench/shared.js', input);
    return post(url, key);
  },
};

import { GOAL_CONNECTIONS } from '../options.ts';
import type { Portico } from '../service/portico.ts';
import type { Target } from '../load/types.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import type { Race } from './scenario.ts';

const publish =
  (path: string, log: 'full' | 'off') =>
  async (portico: Portico): Promise<Target> => {
    const { id, key } = await portico.createKey(`bench ${path}`);
    await portico.createHandler(`bench/${path}.js`, TABLE_SOURCE);
    const { url } = await portico.createEndpoint(`bench/${path}.js`, { path, keys: [id], parameters: PARAMETERS, log });
    return post(url, key);
  };

/** The main path: key checked, parameters validated, function called by name, run recorded in full. */
export const pooled: Race = {
  kind: 'race',
  name: 'pooled',
  title: 'Portico, pooled: key, parameters, run log',
  floor: 'dynamic-worker',
  goal: { rate: 0.8, p99: 2 },
  quick: true,
  dispatchOnly: true,
  connections: null,
  setUp: publish('pooled', 'full'),
};

/** The same without a run record: what it costs less is the price of the record. */
export const pooledUnlogged: Race = {
  kind: 'race',
  name: 'pooled-unlogged',
  title: 'Portico, pooled: key, parameters, log off',
  floor: 'dynamic-worker',
  goal: null,
  quick: true,
  dispatchOnly: false,
  connections: GOAL_CONNECTIONS,
  setUp: publish('pooled-unlogged', 'off'),
};

import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import type { Race } from './scenario.ts';

/** An unknown key of the right form: hashed and looked up, refused before any user code. */
export const refused: Race = {
  kind: 'race',
  name: 'refused',
  title: 'Portico, refused: 401 for an unknown key',
  floor: 'refusal',
  goal: { rate: 0.8 },
  quick: true,
  dispatchOnly: true,
  connections: null,
  setUp: async (portico) => {
    const { id } = await portico.createKey('bench refused');
    await portico.createHandler('bench/refused.js', TABLE_SOURCE);
    const { url } = await portico.createEndpoint('bench/refused.js', {
      path: 'refused',
      keys: [id],
      parameters: PARAMETERS,
    });
    return post(url, 'a-custom-key-that-does-not-exist-0123456789', 401);
  },
};

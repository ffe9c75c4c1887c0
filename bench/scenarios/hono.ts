import { GOAL_CONNECTIONS } from '../options.ts';
import { post, TABLE_SOURCE } from './people.ts';
import type { Race } from './scenario.ts';

const SOURCE = `import { Hono } from 'hono';
${TABLE_SOURCE.replace('export default function', 'function')}
const app = new Hono();
app.post('/', async (c) => c.json(table(await c.req.json())));
export default app;
`;

/** A Hono app as a handler: its router runs inside the isolate. */
export const honoApp: Race = {
  kind: 'race',
  name: 'hono',
  title: 'Portico, pooled: a Hono app',
  floor: 'dynamic-worker',
  goal: null,
  quick: false,
  dispatchOnly: false,
  connections: GOAL_CONNECTIONS,
  setUp: async (portico) => {
    const { id, key } = await portico.createKey('bench hono');
    await portico.createHandler('bench/hono.js', SOURCE);
    const { url } = await portico.createEndpoint('bench/hono.js', { path: 'hono', keys: [id] });
    return post(url, key);
  },
};

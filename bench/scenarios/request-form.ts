import { GOAL_CONNECTIONS } from '../options.ts';
import { post, TABLE_SOURCE } from './people.ts';
import type { Race } from './scenario.ts';

const SOURCE = `${TABLE_SOURCE.replace('export default function', 'function')}
export async function handler(request) {
  return Response.json(table(await request.json()));
}
`;

/** `handler(request)`: the handler reads the request itself and returns a Response, whose body is streamed. */
export const requestForm: Race = {
  kind: 'race',
  name: 'request-form',
  title: 'Portico, pooled: handler(request) answers a Response',
  floor: 'dynamic-worker',
  goal: null,
  quick: false,
  dispatchOnly: false,
  connections: GOAL_CONNECTIONS,
  setUp: async (portico) => {
    const { id, key } = await portico.createKey('bench request');
    await portico.createHandler('bench/request-form.js', SOURCE);
    const { url } = await portico.createEndpoint('bench/request-form.js', { path: 'request-form', keys: [id] });
    return post(url, key);
  },
};

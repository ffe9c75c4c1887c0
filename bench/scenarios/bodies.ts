import { readFileSync } from 'node:fs';
import { GOAL_CONNECTIONS } from '../options.ts';
import type { Goal, Race } from './scenario.ts';

const ECHO_SOURCE = readFileSync(new URL('../floors/echo.js', import.meta.url), 'utf8');

/** A text of a size that is sent as a parameter and returned: `size` characters each way. */
const body = (name: string, size: number, goal: Goal | null): Race => ({
  kind: 'race',
  name: `body-${name}`,
  title: `Portico, pooled: ${name} characters each way`,
  floor: 'echo',
  goal,
  quick: false,
  dispatchOnly: false,
  connections: GOAL_CONNECTIONS,
  setUp: async (portico) => {
    const { id, key } = await portico.createKey(`bench body ${name}`);
    await portico.createHandler(`bench/body-${name}.js`, ECHO_SOURCE);
    const { url } = await portico.createEndpoint(`bench/body-${name}.js`, {
      path: `body-${name}`,
      keys: [id],
      parameters: [{ name: 'text', type: 'longtext', required: true, test: 'x' }],
      limits: { bodyBytes: 2_097_152, responseBytes: 2_097_152 },
    });
    return {
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify({ text: 'Lorem ipsum "dolor" sit amet.\n'.repeat(size).slice(0, size) }),
      status: 200,
    };
  },
});

export const BODIES: Race[] = [body('1K', 1_000, null), body('64K', 64_000, { cpu: 2 }), body('1M', 1_000_000, null)];

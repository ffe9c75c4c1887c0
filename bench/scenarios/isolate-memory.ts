import { idle } from '../measure.ts';
import { openPortico } from '../service/portico.ts';
import { memoryBytes } from '../service/process.ts';
import { serve } from '../service/serve.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import { fact, type Trial } from './scenario.ts';
import { timeOf } from './time-of.ts';

/** Memory of a pooled endpoint that has been called: an isolate each. A service of its own, so that nothing else grows beside them. */
export const isolateMemory: Trial = {
  kind: 'trial',
  name: 'isolate-memory',
  title: 'Memory of an isolate per endpoint',
  seconds: { quick: null, full: 30 },
  run: async ({ quick }) => {
    const served = await serve({ floors: [] });
    try {
      const portico = await openPortico(served.portico);
      const { id, key } = await portico.createKey('bench memory');
      await portico.createHandler('bench/memory.js', TABLE_SOURCE);
      /** Publishes and calls endpoints. Returns the memory of workerd after them, in MB. */
      const call = async (from: number, to: number): Promise<number> => {
        for (let i = from; i < to; i++) {
          const input = { path: `memory-${i}`, keys: [id], parameters: PARAMETERS };
          const { url } = await portico.createEndpoint('bench/memory.js', input);
          await timeOf(post(url, key));
        }
        await idle(served);
        return (memoryBytes(served.pid) ?? NaN) / 1_048_576;
      };
      // The first ones fill caches of the Worker itself.
      const few = 20;
      const many = quick ? 80 : 320;
      const before = await call(0, few);
      const after = await call(few, few + many);
      return [
        fact(`memory of workerd with ${few} endpoints called`, `${before.toFixed(0)} MB`),
        fact(`the same with ${few + many}`, `${after.toFixed(0)} MB`),
        fact('for each endpoint', `${((after - before) / many).toFixed(2)} MB`),
      ];
    } finally {
      await served.stop();
    }
  },
};

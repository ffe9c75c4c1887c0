import { memoryBytes } from '../service/process.ts';
import { PARAMETERS, TABLE_SOURCE } from './people.ts';
import { fact, type Trial } from './scenario.ts';

const AT_ONCE = 4;

/** Test runs start a new isolate each; the process has to survive any number of them. */
export const testRuns: Trial = {
  kind: 'trial',
  name: 'test-runs',
  title: 'Test runs in a row',
  seconds: { quick: null, full: 40 },
  run: async ({ served, portico, quick }) => {
    const { id: keyId } = await portico.createKey('bench test runs');
    await portico.createHandler('bench/test-runs.js', TABLE_SOURCE);
    const { id } = await portico.createEndpoint('bench/test-runs.js', {
      path: 'test-runs',
      keys: [keyId],
      parameters: PARAMETERS,
    });
    const wanted = quick ? 300 : 3000;
    const before = memoryBytes(served.pid);
    let left = wanted;
    let done = 0;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        await portico.request('POST', `/admin/endpoints/${id}/test`, {});
        done++;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const alive = (await fetch(`${portico.origin}/health`)).ok;
    const after = memoryBytes(served.pid);
    const grown = before === null || after === null ? 'unknown' : `${Math.round((after - before) / 1_048_576)} MB`;
    return [
      {
        what: 'test runs answered, the process alive',
        value: String(done),
        goal: `all ${wanted}`,
        met: alive && done === wanted,
      },
      fact('memory grown by', grown),
    ];
  },
};

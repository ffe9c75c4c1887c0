import { setTimeout as sleep } from 'node:timers/promises';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import type { Bench, Trial } from './scenario.ts';

const CONNECTIONS = 16;
/** Seconds after a load within which all its runs must be recorded. */
const DEADLINE_S = 2;

/** Checks that every run of a load at full speed is soon in the history. */
export const history: Trial = {
  kind: 'trial',
  name: 'history',
  title: 'Run history after a load at full speed',
  run: async (bench) => {
    const { portico, generator, quick } = bench;
    const { id: keyId, key } = await portico.createKey('bench history');
    await portico.createHandler('bench/history.js', TABLE_SOURCE);
    const { id, url } = await portico.createEndpoint('bench/history.js', {
      path: 'history',
      keys: [keyId],
      parameters: PARAMETERS,
    });
    const seconds = quick ? 3 : 10;
    const sample = await generator.fire({
      target: post(url, key),
      connections: CONNECTIONS,
      warmupMs: 0,
      measureMs: seconds * 1000,
    });
    const endedAt = performance.now();
    await sleep(DEADLINE_S * 1000);
    const seen = await countRuns(bench, id);
    const completeAfter = seen >= sample.total ? null : await waitForAll(bench, id, sample.total, endedAt);
    // The generator disconnects running calls at the end: up to one call per connection has a run, but no response.
    const met =
      seen >= sample.total && seen <= sample.total + CONNECTIONS && Object.keys(sample.unexpected).length === 0;
    return [
      { what: `answers in ${seconds} s`, value: String(sample.total), goal: null, met: null },
      { what: `runs in the history ${DEADLINE_S} s later`, value: String(seen), goal: 'all of them', met },
      ...(completeAfter === null ? [] : [{ what: 'complete after', value: completeAfter, goal: null, met: null }]),
    ];
  },
};

async function waitForAll(bench: Bench, endpointId: string, wanted: number, since: number): Promise<string> {
  for (let i = 0; i < 60; i++) {
    await sleep(500);
    if ((await countRuns(bench, endpointId)) >= wanted) return `${((performance.now() - since) / 1000).toFixed(1)} s`;
  }
  return 'never (30 s waited)';
}

/** Counts in the database: the API lists at most 100 at a time. */
async function countRuns({ served }: Bench, endpointId: string): Promise<number> {
  const row = await served.database
    .prepare('SELECT count(*) AS count FROM runs WHERE endpoint_id = ?')
    .bind(endpointId)
    .first<{ count: number }>();
  return row!.count;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { GOAL_CONNECTIONS } from '../options.ts';
import type { Portico } from '../service/portico.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import { storedRows } from '../service/stored-rows.ts';
import { fact, type Finding, type Trial } from './scenario.ts';
import { timeOf } from './time-of.ts';

/** Seconds after a load within which all its runs must be listed. */
const DEADLINE_S = 2;

/** Checks that every run of a load at full speed is soon in the list of runs. */
export const history: Trial = {
  kind: 'trial',
  name: 'history',
  title: 'Runs listed after a load at full speed',
  seconds: { quick: 12, full: 35 },
  run: async ({ served, portico, generator, quick }) => {
    const { id: keyId, key } = await portico.createKey('bench history');
    await portico.createHandler('bench/history.js', TABLE_SOURCE);
    const input = { path: 'history', keys: [keyId], parameters: PARAMETERS };
    const { id, url } = await portico.createEndpoint('bench/history.js', input);
    const seconds = quick ? 3 : 10;
    // The first call creates the object of the day.
    await timeOf(post(url, key));
    await sleep(DEADLINE_S * 1000);
    const rowsBefore = storedRows(served.folder!);
    const { total, unexpected } = await generator.fire({
      target: post(url, key),
      connections: GOAL_CONNECTIONS,
      warmupMs: 0,
      measureMs: seconds * 1000,
    });
    const endedAt = performance.now();
    await sleep(DEADLINE_S * 1000);
    const rows = storedRows(served.folder!) - rowsBefore;
    const seen = (await countRuns(portico, id)) - 1;
    const met = seen === total && Object.keys(unexpected).length === 0;
    const late = seen === total ? [] : [fact('complete after', await waitForAll(portico, id, total, endedAt))];
    return [
      fact(`answers in ${seconds} s`, String(total)),
      { what: `runs listed ${DEADLINE_S} s later`, value: String(seen), goal: 'all of them', met },
      ...late,
      rowsFinding(rows / total),
    ];
  },
};

/** Most rows that a run may write at full speed. */
const ROWS_GOAL = 0.05;

const rowsFinding = (rows: number): Finding => ({
  what: 'rows of the run log per run',
  value: rows.toFixed(3),
  goal: `at most ${ROWS_GOAL}`,
  met: rows <= ROWS_GOAL,
});

async function waitForAll(portico: Portico, endpointId: string, wanted: number, since: number): Promise<string> {
  for (let i = 0; i < 20; i++) {
    await sleep(500);
    if ((await countRuns(portico, endpointId)) - 1 >= wanted)
      return `${((performance.now() - since) / 1000).toFixed(1)} s`;
  }
  return 'never';
}

interface Page {
  items: { id: string }[];
  nextCursor: string | null;
}

/** Counts the runs of an endpoint through the admin API, page by page from the newest. */
async function countRuns(portico: Portico, endpointId: string): Promise<number> {
  const ids = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ endpointId, limit: '100', ...(cursor === '' ? {} : { cursor }) });
    const page: Page = await portico.request('GET', `/admin/runs?${query}`);
    for (const { id } of page.items) ids.add(id);
    cursor = page.nextCursor;
  }
  return ids.size;
}

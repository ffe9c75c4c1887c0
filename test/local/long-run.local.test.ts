import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { localDatabase } from '../../scripts/start/migrations.ts';
import { membersOf } from '../../scripts/start/process-group.ts';
import { findProcess, listProcesses, type Process } from '../../scripts/start/processes.ts';
import { newHome, npm, npmStart, PATIENCE_MS, type Start } from './support/newcomer.ts';
import { slowGraphs } from './support/slow-graphs.ts';
import { toVisit } from './support/visit.ts';

/*
 * A service that runs for a day: its memory fills, its cron fires, a second one starts, one of its processes is killed.
 * The tests follow each other on one folder.
 */

const home = await newHome();
const LIMIT_MB = 800;
let start = npmStart(home, '--max-memory', String(LIMIT_MB));
const visit = toVisit(home, start);
const graphs = slowGraphs(visit.origin);
const isUp = (): Promise<void> => start.saw('Press Ctrl-C to stop');

beforeAll(isUp);

afterAll(async () => {
  start.pressCtrlC();
  await start.ended;
  rmSync(home.folder, { recursive: true });
});

const call = async (path: string): Promise<unknown> =>
  (await fetch(`${visit.origin}/u/${path}`, { method: 'POST', headers: { 'x-api-key': visit.exampleKey() } })).json();

/** The memory of the processes that the service consists of. */
function usedMegabytes(): number {
  const members = membersOf(processesOf(start).service).filter(({ command }) => command.includes('/workerd serve '));
  return members.reduce((sum, { bytes }) => sum + bytes, 0) / 1_048_576;
}

test('versions of a Python handler do not fill the memory: the idle service restarts and reports it', async () => {
  const admin = await visit.signIn();
  const source = (version: number): string => `def result():\n    return ${version}`;
  const path = 'edited.py';
  const { id } = await admin.post<{ id: string }>('/admin/handlers', { path, source: source(0) });
  await admin.post('/admin/endpoints', { path: 'edited', handler: { path }, access: { level: 'public' } });
  const { ever } = (await call('warm-counter')) as { ever: number };
  let version = 0;
  while (!start.output().includes('Restarted in')) {
    // Enough: the watch looks every few seconds, and waits until the service is idle.
    if (usedMegabytes() > LIMIT_MB) {
      await sleep(100);
      continue;
    }
    version += 1;
    await admin.post(`/admin/handlers/${id}/versions`, { source: source(version) });
    await expect.poll(() => call('edited')).toBe(version);
  }
  const [, before, after] = /the service used (\d+) MB, now (\d+) MB/.exec(start.output())!.map(Number);
  expect(before).toBeGreaterThan(LIMIT_MB);
  expect(after).toBeLessThan(before! - 100);
  expect([await call('edited'), await call('warm-counter')]).toEqual([version, { sinceStart: 1, ever: ever + 1 }]);
});

test('a second start in the same folder prints the address of the first and starts nothing', async () => {
  const second = npmStart({ ...home, port: home.port + 1 });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`already running at ${visit.origin} (process `);
  expect(second.output()).toMatch(/npm start -- --port \d+ --persist-to \S+ --vars \S+ --notes \S+/);
  expect(second.output()).not.toContain('Starting');
});

test('a forgotten -- is reported', async () => {
  const second = npm(home, 'start', '--port', '9000');
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain('Put -- before it: npm start -- --port 9000');
});

/** npm, its shell where it has one, this project's start script, and the process that serves. */
function processesOf({ pid }: Start): { npm: number; shell: number; node: number; service: number } {
  const children = (parent: number): Process[] => listProcesses().filter((process) => process.parent === parent);
  const chain = [pid];
  while (!findProcess(chain.at(-1)!)!.command.startsWith('node scripts/start.ts'))
    chain.push(children(chain.at(-1)!)[0]!.pid);
  const node = chain.at(-1)!;
  return { npm: pid, shell: chain.at(-2)!, node, service: children(node)[0]!.pid };
}

interface Load {
  /** Ids of the runs that were answered so far, in the order of their responses. */
  answered: string[];
  /** Resolves when the service does not answer any more. */
  ended: Promise<unknown>;
}

const CONNECTIONS = 8;

/** Calls an endpoint over several connections, until the service does not answer any more. */
function load(path: string): Load {
  const answered: string[] = [];
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name1":"Ada","name2":"Bo"}',
  };
  const connection = async (): Promise<void> => {
    for (;;) {
      const response = await fetch(`${visit.origin}/u/${path}`, init).catch(() => null);
      const run = response?.headers.get('x-run-id');
      // The local proxy in front of a killed process responds with 500, and without a run.
      if (!run) return;
      answered.push(run);
      await response!.text().catch(() => '');
    }
  };
  return { answered, ended: Promise.all(Array.from({ length: CONNECTIONS }, connection)) };
}

/** Returns the ids of all runs of an endpoint, as listed. */
async function listedRuns(endpoint: string): Promise<string[]> {
  const admin = await visit.signIn();
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = `endpoint=${endpoint}&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page: { items: { id: string }[]; nextCursor: string | null } = await admin.get(`/admin/runs?${query}`);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return ids;
}

/** Returns the number of runs of an endpoint, as counted. */
async function countedRuns(endpoint: string): Promise<number> {
  const admin = await visit.signIn();
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const { items } = await admin.get<{ items: { calls: number }[] }>(
    `/admin/runs/stats?endpoint=${endpoint}&since=${since}`,
  );
  return items.reduce((sum, { calls }) => sum + calls, 0);
}

describe('a service that is killed under load, in the middle of a graph', () => {
  /** Runs of one isolate: a buffer that is almost full, and a batch on its way. docs/operations.md says so. */
  const MAX_LOST = 99 + 100;
  const calls: Record<'full' | 'audited', Load & { listed: string[]; counted: number }> = Object.create(null);

  let graph: string;
  let made: string | null;

  const missing = ({ answered, listed }: { answered: string[]; listed: string[] }): string[] => {
    const isListed = new Set(listed);
    return answered.filter((run) => !isListed.has(run));
  };

  beforeAll(async () => {
    const admin = await visit.signIn();
    const handler = { path: 'examples/names-table/handler.ts' };
    const parameters = ['name1', 'name2'].map((name) => ({ name, type: 'text', test: 'Ada' }));
    for (const log of ['full', 'audited'])
      await admin.post('/admin/endpoints', {
        path: `${log}-log`,
        handler,
        access: { level: 'public' },
        parameters,
        log,
      });
    const loads = { full: load('full-log'), audited: load('audited-log') };
    const enough = (): boolean => loads.full.answered.length >= 400 && loads.audited.answered.length >= 100;
    const [, started] = await Promise.all([vi.waitUntil(enough, { timeout: PATIENCE_MS }), graphs.startHalfDone()]);
    graph = (await graphs.isHalfDone(started)) ? started : await graphs.startHalfDone();
    made = (await graphs.get(graph)).nodes[0]!.outputs[0]!.resource_id;
    process.kill(processesOf(start).service, 'SIGKILL');
    await Promise.all([start.ended, loads.full.ended, loads.audited.ended]);
    // As if the service had been away for an hour, and a session had ended a month ago.
    const database = new DatabaseSync(localDatabase(home.state));
    database.prepare('update graphs set updated_at = updated_at - 3600000').run();
    database
      .prepare(
        `insert into sessions (id, user_id, refresh_hash, created_at, refreshed_at, expires_at) values ('ses_old', 'usr_x', '', 0, 0, 0)`,
      )
      .run();
    database.close();
    start = npmStart(home);
    await isUp();
    for (const log of ['full', 'audited'] as const) {
      const path = `${log}-log`;
      calls[log] = { ...loads[log], listed: await listedRuns(path), counted: await countedRuns(path) };
    }
  });

  test('loses no runs but the newest: of its buffer, and of a batch on its way', () => {
    const lost = missing(calls.full);
    expect(lost.length).toBeLessThanOrEqual(MAX_LOST);
    const newest = new Set(calls.full.answered.slice(-MAX_LOST - CONNECTIONS));
    expect(lost.filter((run) => !newest.has(run))).toEqual([]);
  });

  test('loses no run of an audited endpoint', () => {
    expect(missing(calls.audited)).toEqual([]);
  });

  test.each(['full', 'audited'] as const)('lists and counts each run once, and only calls (%s)', (log) => {
    const { answered, listed, counted } = calls[log];
    expect(new Set(listed).size).toBe(listed.length);
    expect(counted).toBe(listed.length);
    // Each connection had at most one call without a response.
    expect(missing({ answered: listed, listed: answered }).length).toBeLessThanOrEqual(CONNECTIONS);
  });

  test('fires the cron soon after its next start: a session that is over its time is gone', async () => {
    const database = new DatabaseSync(localDatabase(home.state), { readOnly: true });
    const session = () => database.prepare(`select id from sessions where id = 'ses_old'`).get();
    await expect.poll(session).toBeUndefined();
    database.close();
    expect(start.output()).not.toContain('retention');
  });

  test('goes on with the graph, and does not do again what it had done', async () => {
    await expect.poll(async () => (await graphs.get(graph)).graph_running_status).toBe('SUCCESS');
    const [before, after] = (await graphs.get(graph)).nodes.map((node) => node.outputs[0]!.resource_id);
    expect(before).toBe(made);
    expect(await graphs.file(after)).toBe(await graphs.file(before));
  });
});

/** Kills a process of the service, and waits until nothing of the service is left. */
async function kill(part: 'npm' | 'shell' | 'node', signal: NodeJS.Signals): Promise<void> {
  const processes = processesOf(start);
  process.kill(processes[part], signal);
  await start.ended;
  const left = (): Process[] =>
    listProcesses().filter(({ group, command }) => group === processes.service || command.includes(home.state));
  await vi.waitUntil(() => left().length === 0, { timeout: PATIENCE_MS });
  await expect(fetch(`${visit.origin}/health`)).rejects.toThrow('fetch failed');
}

test.each(['npm', 'node'] as const)(
  '%s is killed: nothing of the service stays, and the next start runs',
  async (part) => {
    await kill(part, 'SIGKILL');
    start = npmStart(home);
    await isUp();
  },
);

test('the shell of npm is ended: nothing of the service stays', () => kill('shell', 'SIGTERM'));

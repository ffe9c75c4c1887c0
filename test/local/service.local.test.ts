import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { provision } from '../../scripts/start/provision.ts';
import { watchMemory } from '../../scripts/start/memory.ts';
import { applyMigrations, localDatabase } from '../../scripts/start/migrations.ts';
import { membersOf } from '../../scripts/start/process-group.ts';
import { ensureSecrets } from '../../scripts/start/secrets.ts';
import { startService, type Service } from '../../scripts/start/service.ts';
import { newHome } from './support/newcomer.ts';

/* The service as `npm start` drives it: what is under way in it, and how it is restarted. */

const home = await newHome();
let service: Service;
let group = 0;
let key = '';

beforeAll(async () => {
  const { values } = ensureSecrets(home.vars);
  const note = (started: number): void => void (group = started);
  applyMigrations(home.state);
  service = await startService({ port: home.port, persistTo: home.state, vars: home.vars }, () => undefined, note);
  key = (await provision(service.origin, values, home.notes)).key!.value;
});

afterAll(async () => {
  await service.stop();
  expect(membersOf(group)).toEqual([]);
  rmSync(home.folder, { recursive: true });
});

const count = (): Promise<Response> =>
  fetch(`${service.origin}/u/warm-counter`, { method: 'POST', headers: { 'x-api-key': key } });
const becomesQuiet = (): Promise<void> => expect.poll(() => service.activity()).toMatchObject({ busy: 0, graphs: 0 });

test('the number of active requests is reported to npm start only', async () => {
  await becomesQuiet();
  await expect.poll(async () => (await service.activity()).quietMs).toBeGreaterThan(0);
  const stranger = { 'x-portico-control': 'guessed' };
  const answers = await Promise.all(
    [{}, stranger].map((headers) => fetch(`${service.origin}/cdn-cgi/portico/activity`, { method: 'POST', headers })),
  );
  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  expect((await count()).status).toBe(200);
});

test('wrangler’s explorer does not open the databases', async () => {
  for (const path of ['/cdn-cgi/explorer', '/cdn-cgi/local/explorer', '/cdn-cgi/explorer/api/d1/database'])
    expect((await fetch(service.origin + path)).status, path).toBe(404);
});

test('no debugger listens, which pages of a browser could run code with', () => {
  const serving = membersOf(group).filter(({ command }) => command.includes('workerd') && command.includes(' serve '));
  expect(serving.length).toBeGreaterThan(0);
  expect(serving.filter(({ command }) => command.includes('--inspector-addr'))).toEqual([]);
});

test('a call is under way until its run record is stored', async () => {
  await becomesQuiet();
  // A busy machine may store a record before it says how many are under way.
  const busyAfterCalls = async (): Promise<number> => {
    await Promise.all(Array.from({ length: 5 }, count));
    return (await service.activity()).busy;
  };
  await expect.poll(busyAfterCalls).toBeGreaterThan(0);
  await becomesQuiet();
});

test('a locked database is 503 with Retry-After until it is unlocked', async () => {
  await becomesQuiet();
  const unknown = `${service.origin}/u/no-such-endpoint-${Date.now()}`;
  const database = new DatabaseSync(localDatabase(home.state));
  database.exec('begin exclusive');
  try {
    const refused = await fetch(unknown);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ code: 'unavailable' });
  } finally {
    database.exec('rollback');
    database.close();
  }
  await expect.poll(async () => (await fetch(unknown)).status).toBe(404);
});

/** A graph of one bash operation that sleeps, approved: it runs. */
async function startSleepingGraph(seconds: number): Promise<void> {
  type Doc = Record<string, unknown> & { _id: string };
  const ask = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${service.origin}/plynx/api/v0${path}`, init);
    expect(response.status, path).toBe(200);
    return (await response.json()) as Record<string, unknown>;
  };
  const fresh = (await ask('GET', '/nodes/bash_jinja2')).data as Doc & { parameters: { name: string }[] };
  const parameters = fresh.parameters.map((one) =>
    one.name === 'cmd' ? { ...one, value: { value: `sleep ${seconds}`, mode: 'sh' } } : one,
  );
  const node = { ...fresh, title: 'Sleep', description: 'Sleeps', parameters };
  expect(await ask('POST', '/nodes', { node, action: 'APPROVE' })).toMatchObject({ status: 'SUCCESS' });
  const graph = { ...((await ask('GET', '/graphs/new')).data as Doc), title: 'Sleeps', description: 'Sleeps' };
  await ask('POST', '/graphs', { graph, actions: ['SAVE'] });
  await ask('POST', `/graphs/${graph._id}/nodes/insert_node`, { node_id: node._id });
  expect(await ask('POST', `/graphs/${graph._id}/approve`)).toMatchObject({ status: 'SUCCESS' });
}

test('a graph is under way for as long as it runs', async () => {
  await startSleepingGraph(5);
  await expect.poll(() => service.activity()).toMatchObject({ graphs: 1 });
  await becomesQuiet();
});

test('a restart holds requests, gives memory back, and keeps what is stored', async () => {
  const { ever } = (await (await count()).json()) as { ever: number };
  await becomesQuiet();
  const workerds = (): number[] =>
    membersOf(group).flatMap(({ pid, command }) => (command.includes('workerd serve') ? [pid] : []));
  const before = workerds();
  const restarted = service.restart();
  const answers = await Promise.all(Array.from({ length: 10 }, count));
  await restarted;
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  const counts = (await Promise.all(answers.map((answer) => answer.json()))) as { sinceStart: number; ever: number }[];
  expect(Math.max(...counts.map((one) => one.ever))).toBe(ever + 10);
  expect(workerds()).toHaveLength(before.length);
  expect(workerds()).not.toEqual(before);
  expect(service.memory()).toBeGreaterThan(0);
});

test('a draining service refuses requests with 503 until the drain is canceled', async () => {
  await service.activity(true);
  const refused = await count();
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
    503,
    '5',
    { code: 'unavailable', status: 503 },
  ]);
  expect(await service.activity()).toMatchObject({ graphs: 0 });
  expect((await count()).status).toBe(200);
});

test('a service that is never idle is restarted all the same: for a moment it refuses requests', async () => {
  const told: string[] = [];
  const stopping = new AbortController();
  const watching = watchMemory(service, 1, (text) => told.push(text), stopping.signal, 2000);
  const statuses = new Set<number>();
  while (!told.some((text) => text.startsWith('Restarted in'))) {
    statuses.add((await count()).status);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  stopping.abort();
  await watching;
  expect([...statuses].toSorted()).toEqual([200, 503]);
  expect(told[0]).toMatch(/^The service uses \d+ MB\. It returns 503 until/);
  expect((await count()).status).toBe(200);
});

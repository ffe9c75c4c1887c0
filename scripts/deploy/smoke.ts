import { setTimeout as sleep } from 'node:timers/promises';
import { type AdminClient, signIn } from '../admin-client.ts';
import { reasonOf } from './reason.ts';
import { saveSmokeGraph } from './smoke-graph.ts';

/** A user with the role `developer`, who owns what the checks publish. */
export interface SmokeUser {
  name: string;
  password: string;
}

/** Endpoints that the checks publish and remove, with what a call must return. */
const FUNCTIONS = [
  {
    name: 'JavaScript',
    path: 'portico-smoke-javascript',
    handler: 'portico-smoke/double.ts',
    source: 'export default ({ n }: { n: number }) => ({ n: n * 2 });',
    answer: '{"n":42}',
  },
  {
    name: 'Python',
    path: 'portico-smoke-python',
    handler: 'portico-smoke/double.py',
    source: 'def double(n):\n    return {"n": n * 2}\n\n\nresult = double\n',
    answer: '{"n":42}',
  },
] as const;
const GRAPH = { path: 'portico-smoke-graph', handler: 'portico-smoke/words.graph.json' } as const;
const KEY_ALIAS = 'portico-smoke';

const RUN_MS = 60_000;
const CALL_TIMEOUT_MS = 60_000;

/**
 * Publishes functions in JavaScript and Python and a graph on a live service, calls them with a key, finds the run, and removes them.
 * Reports each check by `say`. Throws an Error that names the check that failed.
 */
export async function smokeTest(origin: string, user: SmokeUser, say: (text: string) => void): Promise<void> {
  const client = await check('sign in', () => signIn(origin, user.password, user.name));
  await check('remove what an earlier test left', () => clean(client));
  const key = await check('create a key', () => client.post<Key>('/admin/keys', { alias: KEY_ALIAS }));
  try {
    await testFunctions(origin, client, key, say);
    await testGraph(origin, client, key, user);
    say('Graph: published, called and run');
  } catch (error) {
    await clean(client).catch(() => say('The test functions could not be removed. The next deploy removes them.'));
    throw error;
  }
  await check('remove the test functions', () => clean(client));
  await client.delete('/admin/session');
}

interface Key {
  id: string;
  key: string;
}

async function testFunctions(
  origin: string,
  client: AdminClient,
  key: Key,
  say: (text: string) => void,
): Promise<void> {
  for (const one of FUNCTIONS) {
    await check(`publish ${one.name}`, () => publish(client, one, one.source, key.id));
    const response = await check(`call ${one.name} with the key`, () => call(origin, one.path, key.key, { n: 21 }));
    expectText(`call ${one.name}`, await response.text(), one.answer);
    say(`${one.name}: published and called with a key`);
    if (one.name !== 'JavaScript') continue;
    await check('refuse a call without the key', () => expectRefusal(origin, one.path));
    await check('find the run', () => findRun(client, response.headers.get('x-run-id') ?? ''));
    say('The run of the call is in the history');
  }
}

async function testGraph(origin: string, client: AdminClient, key: Key, user: SmokeUser): Promise<void> {
  await check('save a graph', async () => {
    const graph = await saveSmokeGraph(origin, user);
    await publish(client, GRAPH, JSON.stringify({ graph }), key.id);
  });
  const response = await check('run the graph', () => call(origin, GRAPH.path, key.key, {}));
  const answer = (await response.json()) as { outputs?: { text?: string }[] };
  expectText('run the graph', answer.outputs?.[0]?.text ?? JSON.stringify(answer), 'PORTICO\n');
}

async function check<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${name}: ${reasonOf(error)}`, { cause: error });
  }
}

function expectText(name: string, text: string, expected: string): void {
  if (text !== expected) throw new Error(`${name}: returned ${text.slice(0, 300)} instead of ${expected.trim()}`);
}

async function publish(
  client: AdminClient,
  { path, handler }: { path: string; handler: string },
  source: string,
  key: string,
): Promise<void> {
  await client.post('/admin/handlers', { path: handler, source, note: 'Test of a deploy' });
  await client.post('/admin/endpoints', {
    path,
    handler: { path: handler },
    access: { level: 'key', keys: [key] },
    limits: { timeoutMs: CALL_TIMEOUT_MS },
  });
}

async function call(origin: string, path: string, key: string | null, body: object): Promise<Response> {
  const response = await fetch(`${origin}/u/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== null && { 'x-api-key': key }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  if (key === null || response.status === 200) return response;
  throw new Error(`answered ${response.status} ${(await response.text()).slice(0, 300)}`);
}

async function expectRefusal(origin: string, path: string): Promise<void> {
  const { status } = await call(origin, path, null, { n: 21 });
  if (status !== 401 && status !== 403) throw new Error(`answered ${status} instead of 401`);
}

/** Waits until the record of a call can be read: it is written after the response. */
async function findRun(client: AdminClient, id: string): Promise<void> {
  const until = Date.now() + RUN_MS;
  for (;;) {
    try {
      return void (await client.get(`/admin/runs/${id}`));
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(200);
    }
  }
}

/** Removes the endpoints, handlers and keys of an earlier test, also of one that was interrupted. */
async function clean(client: AdminClient): Promise<void> {
  const all = [...FUNCTIONS, GRAPH];
  const idsOf = async (list: string): Promise<string[]> =>
    (await client.list<{ id: string }>(list)).map(({ id }) => id);
  for (const { path } of all)
    for (const id of await idsOf(`/admin/endpoints?path=${encodeURIComponent(path)}`))
      await client.delete(`/admin/endpoints/${id}`);
  for (const { handler } of all)
    for (const id of await idsOf(`/admin/handlers?path=${encodeURIComponent(handler)}`))
      await client.delete(`/admin/handlers/${id}`);
  const keys = await client.list<{ id: string; alias: string }>('/admin/keys?limit=100');
  for (const { id, alias } of keys) if (alias === KEY_ALIAS) await client.delete(`/admin/keys/${id}`);
}

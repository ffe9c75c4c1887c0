import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/http/app';
import { openContext } from '../../src/context';
import { counting } from '../support/counting';
import { freshAddress } from '../support/sign-in';
import { makeFixtures, WALKED_ROUTES, type Fixtures, type WalkedRoute } from '../support/walked-routes';
import { readStart } from '../support/read-start';

/*
 * Every route of every wire, with requests far larger than anybody means: what is answered stays small, and what is asked of D1 stays
 * countable. A route that is added is walked as well. Shapes of what a route knows go to each, the others to some of each wire.
 */

/** Bytes of an answer that says no: a hundred issues, with what they repeat of the request. */
const MAX_REFUSAL = 64 * 1024;
/** Statements of one request, with finding out who asks. */
const MAX_STATEMENTS = 12;
/** More for a page of every kind of definition, each from tables of its own, and for a part of every table. */
const MORE_STATEMENTS: Record<string, number> = { 'admin: exportObjects': 30, 'admin: takeBackup': 200 };

let statements = 0;
const note = (_call: string, count: number): void => void (statements += count);
const app = createApp(openContext);
const bindings = { ...env, DB: counting(env.DB, 'DB', note), DATA: counting(env.DATA, 'DATA', note) };
const execution = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
} as unknown as ExecutionContext;

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await makeFixtures();
});

/** Requests beside a route's own method and path. */
interface Sent {
  path?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: string;
}

async function expectSmall(
  route: WalkedRoute,
  what: string,
  { path, query = '', headers = {}, body }: Sent,
  mostStatements = MORE_STATEMENTS[route.name] ?? MAX_STATEMENTS,
): Promise<number> {
  statements = 0;
  const { method, auth } = route;
  // Failed attempts are counted by network.
  const sent = new Headers({
    'cf-connecting-ip': freshAddress(),
    ...(auth && { authorization: fixtures.authorization[auth] }),
    ...headers,
  });
  const url = `https://portico.test${path ?? fixtures.fill(route.path)}${query}`;
  const response = await app(
    new Request(url, { method, headers: sent, ...(body === undefined ? {} : { body }) }),
    bindings,
    execution,
  );
  const { status } = response;
  const { byteLength } = await readStart(response);
  const shown = `${what}: ${status}, ${byteLength} bytes, ${statements} statements`;
  expect(status, shown).toBeLessThan(500);
  expect(statements, shown).toBeLessThanOrEqual(mostStatements);
  // A large value that is accepted, as PLynx accepts nearly any graph, comes back once and not many times.
  const most = status >= 400 ? MAX_REFUSAL : Math.max(MAX_REFUSAL, await usual(route)) + 2 * (body?.length ?? 0);
  expect(byteLength, shown).toBeLessThanOrEqual(most);
  return status;
}

const usualBytes = new Map<string, number>();
/** Answer of the route to a good request: a page may be large in itself. */
async function usual({ name, method, path, auth }: WalkedRoute): Promise<number> {
  if (method !== 'GET') return 0;
  const known = usualBytes.get(name);
  if (known !== undefined) return known;
  const headers: Record<string, string> = auth ? { authorization: fixtures.authorization[auth] } : {};
  const response = await app(new Request(`https://portico.test${fixtures.fill(path)}`, { headers }), env, execution);
  const { byteLength } = await readStart(response);
  usualBytes.set(name, byteLength);
  return byteLength;
}

const fields = (count: number): string => `{${Array.from({ length: count }, (_, n) => `"f${n}":1`).join(',')}}`;
const list = (count: number, item: string): string => `[${Array.from({ length: count }, () => item).join(',')}]`;
/** Names that routes take, each with the same value. */
const KNOWN = [
  'path', 'source', 'name', 'title', 'description', 'roles', 'access', 'parameters', 'limits', 'egress', 'secrets', 'handler', 'keys', 'columns', 'rows',
  'where', 'changes', 'values', 'password', 'alias', 'tags', 'request', 'mocks', 'graph', 'node', 'actions', 'action', 'status', 'search', 'base_node_names',
  'from', 'to', 'handler_script_path', 'authentication', 'enabled', 'value', 'token', 'refreshToken', 'addColumns', 'version', 'a', 'n', 't',
]; // oxfmt-ignore
const known = (value: string): string => `{${KNOWN.map((name) => `"${name}":${value}`).join(',')}}`;

/** Bodies of JSON, by what is wrong with them. */
const BODIES: Record<string, string> = {
  'too many fields': fields(400_000),
  'as many fields as fit': fields(30_000),
  'fields with long names': `{${Array.from({ length: 20 }, (_, n) => `"${'n'.repeat(50_000)}${n}":1`).join(',')}}`,
  'a deep list': '['.repeat(100_000) + ']'.repeat(100_000),
  'a deep object': '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000),
  'a long list': list(100_000, '1'),
  'a list of objects': list(20_000, '{"name":"x"}'),
  'known fields, each a long text': known(JSON.stringify('t'.repeat(4_000))),
  'known fields, each a list of numbers': known(list(500, '1')),
  'known fields, each a list of texts': known(list(250, '"x"')),
  'known fields, each a list of objects': known(list(100, '{"x":1,"y":2}')),
  'known fields, each an object of many': known(fields(100)),
  'a long text': JSON.stringify('t'.repeat(500_000)),
  'no JSON': 'x'.repeat(500_000),
  'half of a JSON': `{"a":"${'\\u0000'.repeat(100_000)}`,
  'one name again and again': `{${Array.from({ length: 30_000 }, () => '"a":1').join(',')}}`,
  'a long number': `{"a":${'1'.repeat(500_000)}}`,
};

const BOUNDARY = 'b0undary';
const part = (n: number): string => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="f${n}"\r\n\r\n1\r\n`;
/** Bodies of other types. */
const FORMS: Record<string, () => Required<Pick<Sent, 'headers' | 'body'>>> = {
  'a form of many fields': () => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Array.from({ length: 30_000 }, (_, n) => `f${n}=1`).join('&'),
  }),
  'a form of one field again and again': () => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Array.from({ length: 30_000 }, () => 'a=1').join('&'),
  }),
  'a form of many parts': () => ({
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: `${Array.from({ length: 5_000 }, (_, n) => part(n)).join('')}--${BOUNDARY}--\r\n`,
  }),
  'a form of one long part': () => ({
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${'n'.repeat(500_000)}"\r\n\r\n1\r\n--${BOUNDARY}--\r\n`,
  }),
  'a type without end': () => ({ headers: { 'content-type': `text/${'x'.repeat(100_000)}` }, body: 'x' }),
  'a coding without end': () => ({
    headers: { 'content-type': 'application/json', 'content-encoding': 'x'.repeat(100_000) },
    body: '{}',
  }),
};

/** Queries and headers, which every route has. */
const NAMES = [
  'q',
  'cursor',
  'limit',
  'offset',
  'order',
  'where',
  'sort',
  'id',
  'since',
  'preview',
  'file_type',
  'run',
  'a',
  'n',
  't',
];
const REQUESTS: Record<string, () => Sent> = {
  'many names in the query': () => ({ query: `?${Array.from({ length: 20_000 }, (_, n) => `f${n}=1`).join('&')}` }),
  'one name in the query again and again': () => ({
    query: `?${Array.from({ length: 20_000 }, () => 'limit=1').join('&')}`,
  }),
  'a long value in the query': () => ({ query: `?${'x'.repeat(200_000)}` }),
  'known names in the query, each with a long value': () => ({
    query: `?${NAMES.map((name) => `${name}=${'x'.repeat(10_000)}`).join('&')}`,
  }),
  'a query of percent signs': () => ({ query: `?q=${'%'.repeat(100_000)}` }),
  'a long credential': () => ({ headers: { authorization: `Bearer ${'x'.repeat(100_000)}` } }),
  'a long credential of another kind': () => ({ headers: { authorization: `Basic ${'x'.repeat(100_000)}` } }),
  'a long key': () => ({ headers: { 'x-api-key': 'k'.repeat(100_000) } }),
  'a long condition': () => ({ headers: { 'if-match': `"${'1'.repeat(100_000)}"` } }),
  'a long idempotency key': () => ({ headers: { 'idempotency-key': 'i'.repeat(100_000) } }),
  'a long cookie': () => ({ headers: { cookie: 'c='.repeat(50_000) } }),
};

test('the walk gets past the door: every wire has routes that read what they are sent', async () => {
  const status = (name: string, sent: Sent): Promise<number> =>
    expectSmall(
      WALKED_ROUTES.find((route) => route.name === name)!,
      name,
      sent,
    );
  const json = { headers: { 'content-type': 'application/json' }, body: fields(1000) };
  expect(await status('admin: createEndpoint', json)).toBe(422);
  expect(await status('admin: signIn', json)).toBe(422);
  expect(await status('Instabase: PUT /:id', json)).toBe(400);
  expect(await status('PLynx: POST /search_graphs', json)).toBe(400);
  expect(await status('call: /u/:strict', json)).toBe(422);
});

const hasBody = ({ method }: WalkedRoute): boolean => method !== 'GET' && method !== 'HEAD';

/** One reader reads for all routes: the shapes that end there are dealt among the routes of a wire, each to one route in eight. */
const SHARES = 8;
interface Turn {
  /** The place of a route among those of its wire, with a body or without one. */
  at: number;
  /** Routes among which each shape comes to one: all, where there are few. */
  of: number;
}
const share = <T>(shapes: Record<string, T>, { at, of }: Turn): [what: string, shape: T][] =>
  Object.entries(shapes).filter(([what], n) => what.startsWith('known') || n % of === at % of);

const kindOf = (route: WalkedRoute): string => `${route.name.split(':')[0]} ${hasBody(route)}`;
const ROUTES = [...Map.groupBy(WALKED_ROUTES, kindOf).values()].flatMap((routes) =>
  routes.map((route, at) => ({ route, name: route.name, turn: { at, of: Math.min(SHARES, routes.length) } })),
);

describe.each(ROUTES)('$name', ({ route, turn }) => {
  test.skipIf(!hasBody(route))('bodies of JSON', { timeout: 120_000 }, async () => {
    for (const [what, body] of share(BODIES, turn))
      await expectSmall(route, what, { headers: { 'content-type': 'application/json' }, body });
  });
  test.skipIf(!hasBody(route))('bodies of other types', { timeout: 120_000 }, async () => {
    for (const [what, make] of share(FORMS, turn)) await expectSmall(route, what, make());
  });
  test('answers large queries and headers with a small response', { timeout: 120_000 }, async () => {
    for (const [what, make] of share(REQUESTS, turn)) await expectSmall(route, what, make());
  });
  test.skipIf(!route.path.includes(':'))(
    'answers large paths with a small response',
    { timeout: 120_000 },
    async () => {
      for (const value of ['x'.repeat(100_000), '%00'.repeat(20_000), '%'.repeat(20_000), '%F0%9F%90%A6'.repeat(5_000)])
        await expectSmall(route, `the path ${value.slice(0, 12)}…`, { path: route.path.replaceAll(/:[a-z]+/g, value) });
    },
  );
});

const many = <T>(count: number, of: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => of(n));
const step = (n: number): object => ({ id: `s${n}`, do: 'call', handler: `absent/${n}.js` });
/** Requests that name as much as they may; none of it is there. */
const LARGEST: [route: string, body: object, statements?: number][] = [
  ['admin: createEndpoint', {
    path: 'largest', handler: { path: 'absent.js' }, executor: 'nobody', secrets: many(50, (n) => `ABSENT_${n}`), egress: many(50, (n) => `h${n}.example.com`),
    access: { level: 'key', keys: many(100, (n) => `key_${n}`), roles: { match: 'any', of: many(50, (n) => `absent-${n}`) }, middleware: many(8, (n) => ({ handler: `absent/${n}.workflow.json`, with: {} })) },
    parameters: many(100, (n) => ({ name: `p${n}`, values: many(200, (k) => `v${k}`) })),
  }],
  ['admin: createHandler', { path: 'largest.workflow.json', source: JSON.stringify({ kind: 'workflow', steps: [...many(900, step), { id: 'r', do: 'respond', body: 1 }] }) }],
  ['admin: createHandler', { path: 'largest.js', source: `export default (p, ctx) => [${many(5000, (n) => `ctx.tables.absent_${n}.count()`).join(', ')}]` }],
  ['admin: createHandler', { path: 'largest.py', source: `def f(): return [${many(3000, (n) => `tables.absent_${n}.count()`).join(', ')}]\nresult = f` }],
  ['admin: createTable', { name: 'largest', columns: many(100, (n) => ({ name: `c${n}`, type: 'text', unique: true })), read: many(50, (n) => `absent-${n}`), write: many(50, (n) => `absent-${n}`) }],
  ['admin: createUser', { name: 'largest', password: 'a long enough password', roles: many(50, (n) => `absent-${n}`) }],
  ['admin: createToken', { name: 'largest', roles: many(50, (n) => `absent-${n}`) }],
  ['admin: putSecret', { value: 'x'.repeat(16_384), description: 'd'.repeat(1000), roles: many(50, (n) => `absent-${n}`) }],
  // A graph is written once for each action.
  ['PLynx: POST /graphs', { graph: {}, actions: many(100, () => 'SAVE') }, 310],
]; // oxfmt-ignore

describe('the longest list of each route stays within the limits of D1', () => {
  // The walk has deleted the earlier objects.
  beforeAll(async () => {
    fixtures = await makeFixtures();
  });
  test.each(LARGEST)('%s', async (name, body, most) => {
    const route = WALKED_ROUTES.find((one) => one.name === name)!;
    const headers = { 'content-type': 'application/json' };
    await expectSmall(route, name, { headers, body: JSON.stringify(body) }, most);
  });
});

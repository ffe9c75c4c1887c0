import { createTable } from '../../src/core/tables/catalogue/create-table';
import { insertRows } from '../../src/core/tables/rows/insert-rows';
import { CreateTableInput } from '../../src/core/tables/catalogue/table.schema';
import { putSecret } from '../../src/core/publishing/secrets/put-secret';
import { INSTABASE_PREFIX } from '../../src/http/instabase/forms';
import { PLYNX_PREFIX } from '../../src/plynx/http/forms';
import { testContext } from './context';
import { graphOfNodes, operation } from './graphs';
import { makeToken } from './instabase';
import { insertUser } from './people';
import { askPlynx, basic } from './plynx';
import { call, makeKey, publish, unique } from './publish';
import { adminToken, createUser, signIn, USER_PASSWORD } from './sign-in';
import { MOUNTED_ROUTES } from './wires';
import { workflow, respond } from './workflow';

/** A route of some wire. Its path has parameters as `:name`; `auth` names the `Fixtures` that it is called with. */
export interface WalkedRoute {
  name: string;
  method: string;
  path: string;
  auth: 'admin' | 'leaving' | 'token' | 'plynx' | null;
}

const PAGES = [
  '/',
  '/docs/',
  '/docs/calls',
  '/health',
  '/openapi.json',
  '/workflow.schema.json',
  '/schemas/endpoint.json',
  '/nothing',
  '/favicon.svg',
];
const CALLS = ['/u/:strict', '/u/:raw/below', '/u/:py', '/u/:workflow', '/u/nothing', `${INSTABASE_PREFIX}/u/:strict`];

const PREFIXES = { Instabase: INSTABASE_PREFIX, PLynx: PLYNX_PREFIX };
const AUTH = { admin: 'admin', Instabase: 'token', PLynx: 'plynx' } as const;

/** All routes, as the wires declare them; what takes something away comes last. */
export const WALKED_ROUTES: WalkedRoute[] = [
  ...MOUNTED_ROUTES.map(({ wire, id, method, path, policy }): WalkedRoute => ({
    name: wire === 'admin' ? `admin: ${id}` : `${wire}: ${method} ${path.slice(PREFIXES[wire].length)}`,
    method,
    path,
    auth: policy === 'public' ? null : id === 'signOut' ? 'leaving' : AUTH[wire],
  })),
  ...PAGES.map((path): WalkedRoute => ({ name: `page: ${path}`, method: 'GET', path, auth: null })),
  ...CALLS.map((path): WalkedRoute => ({ name: `call: ${path}`, method: 'POST', path, auth: null })),
].toSorted((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));

export interface Fixtures {
  authorization: Record<NonNullable<WalkedRoute['auth']>, string>;
  /** The path with what is there in place of its parameters, so that a request gets as far as it can. */
  fill: (path: string) => string;
}

/** One thing of every noun, to be named in paths. */
export async function makeFixtures(): Promise<Fixtures> {
  const ctx = testContext();
  const named = 'export default (params) => Object.keys(params).length';
  const parameters = [{ name: 'a', type: 'array' as const }, { name: 'n', type: 'integer' as const }, { name: 't' }];
  const strict = await publish(named, { parameters, strict: true });
  const raw = await publish('export function handler() { return new Response("ok") }', { subpaths: true });
  const python = await publish('result = lambda **given: len(given)', {}, 'py');
  const steps = await publish(workflow(respond(1)), {}, 'workflow.json');
  const columns = [{ name: 'n', type: 'integer' }];
  const table = await createTable(ctx, CreateTableInput.parse({ name: unique('t').replaceAll('-', '_'), columns }));
  const [row] = await insertRows(ctx, { id: table.id }, [{ n: 1 }]);
  const secret = unique('S').replaceAll('-', '_').toUpperCase();
  await putSecret(ctx, secret, { value: 'x'.repeat(20), description: '', roles: [] });
  const graph = graphOfNodes(operation('bash_jinja2', 'true'));
  await askPlynx('POST', '/graphs', { body: { graph, actions: ['SAVE'] } });
  const run = await call(`/u/${raw.endpoint.path}`, { method: 'POST' });
  const leaving = unique('leaving');
  await createUser(leaving, ['admin']);

  // By what is before a parameter in the path, or by its name.
  const there: Record<string, string> = {
    endpoints: strict.endpoint.id,
    'http-endpoint': strict.endpoint.id,
    handlers: strict.handler.id,
    versions: '1',
    keys: (await makeKey()).id,
    tables: table.id,
    rows: String(row!.id),
    secrets: secret,
    users: (await insertUser(unique('user'), [])).id,
    tokens: (await makeToken()).id,
    templates: 'hello-json',
    runs: run.headers.get('x-run-id')!,
    graphs: graph._id,
    nodes: graph.nodes[0]!._id,
    action: 'insert_node',
    strict: strict.endpoint.path,
    raw: raw.endpoint.path,
    py: python.endpoint.path,
    workflow: steps.endpoint.path,
  };
  return {
    authorization: {
      admin: `Bearer ${await adminToken()}`,
      leaving: `Bearer ${(await signIn(leaving, USER_PASSWORD)).accessToken}`,
      token: `Bearer ${(await makeToken(['developer'])).token}`,
      plynx: basic('default'),
    },
    fill: (path) =>
      path
        .replaceAll(/\/([a-z_-]+)\/:[a-z]+/g, (whole, noun: string) =>
          there[noun] ? `/${noun}/${there[noun]}` : whole,
        )
        .replaceAll(/:([a-z]+)/g, (_, name: string) => there[name] ?? 'x'),
  };
}

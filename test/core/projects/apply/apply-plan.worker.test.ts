import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { applyPlan, makePlan } from '../../../../src/core/projects/apply/apply-plan';
import { EndpointDocument } from '../../../../src/core/projects/documents/endpoint-document';
import { endpointDocuments } from '../../../../src/core/projects/state/endpoint-documents';
import { completeRules } from '../../../../src/core/publishing/endpoints/apply-rules';
import { PlanInput } from '../../../../src/core/projects/project.schema';
import { enforceRetention } from '../../../../src/core/retention/enforce-retention';
import type { Context } from '../../../../src/core/access/context';
import { callAdmin } from '../../../support/admin-api';
import { testContext } from '../../../support/context';
import { bodyOf, hashOf, openProject, short, type Folder } from '../../../support/project';
import { call, ensureAdmin, runOf, unique } from '../../../support/publish';
import { adminToken, createUser, signIn } from '../../../support/sign-in';

interface Exported {
  kind: string;
  identity: string;
  sha256: string;
  document?: object;
  byHand?: string;
}

let token = '';
beforeAll(async () => {
  await ensureAdmin();
  token = await adminToken();
});
const admin = (method: string, path: string, body?: unknown) =>
  callAdmin(method, path, { token, ...(body === undefined ? {} : { body }) });
const open = (as: () => string = () => token) => openProject(unique('p'), as);
const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  };
  const response = await call(`/u/${path}`, init);
  return { status: response.status, body: await response.json<Record<string, unknown>>() };
};
const endpointOf = (path: string, handler: string, more: object = {}): Folder => ({
  [`endpoint POST ${path}`]: { path, handler, access: { level: 'public' }, ...more },
});

describe('a push that stops', () => {
  /** A context whose stores lose the connection at write number `at`, before or after it is made. */
  function losing(at: number, isMade: boolean): { ctx: Context; writes: () => number } {
    const ctx = testContext();
    let count = 0;
    const lose = <A extends unknown[], R>(write: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        const isLost = count++ === at;
        if (isLost && !isMade) throw new Error('lost');
        const result = await write(...args);
        if (isLost) throw new Error('lost');
        return result;
      };
    };
    const { store } = ctx;
    const { rows, projects } = store;
    return {
      writes: () => count,
      ctx: {
        ...ctx,
        store: {
          ...store,
          commit: lose(store.commit),
          projects: { ...projects, remember: lose(projects.remember) },
          rows: {
            ...rows,
            create: lose(rows.create),
            addColumn: lose(rows.addColumn),
            dropColumn: lose(rows.dropColumn),
            drop: lose(rows.drop),
          },
        },
      },
    };
  }

  test('at any write, made or not, leaves every endpoint whole, and the next push goes on', async () => {
    const name = unique('t').replaceAll('-', '_');
    const [path, handler] = [unique('ep'), `${name}/sum.js`];
    const before: Folder = {
      [`handler ${handler}`]: 'export default ({ a }) => ({ v: 1, got: a })\n',
      ...endpointOf(path, handler, { parameters: [{ name: 'a', type: 'integer' }] }),
      [`table public.${name}`]: { name, columns: [{ name: 'old', type: 'text' }] },
      [`key ${name}`]: {},
      [`handler ${name}/gone.js`]: 'export default () => 1\n',
    };
    const after: Folder = {
      [`handler ${handler}`]: 'export default ({ b }) => ({ v: 2, got: b })\n',
      ...endpointOf(path, handler, { parameters: [{ name: 'b', type: 'integer' }], secrets: [] }),
      ...endpointOf(`${path}-more`, handler),
      [`table public.${name}`]: { name, columns: [{ name: 'fresh', type: 'text' }] },
      [`role ${name}`]: {},
    };
    const project = open();
    const options = { prune: true };
    for (let at = 0; ; at++) {
      await project.push(before, options);
      const { digest, need } = await project.plan(after, options);
      for (const source of Object.values(after))
        if (need.blobs.includes(hashOf(source))) await project.upload(String(source));
      const { ctx, writes } = losing(at, at % 2 === 0);
      const input = { ...PlanInput.parse(bodyOf(after, options)), digest };
      const result = await applyPlan(ctx, project.name, input).catch((error: Error) => error.message);
      if (result !== 'lost') {
        expect(result).toMatchObject({ done: true });
        expect([at, at > 5]).toEqual([writes(), true]);
        break;
      }
      // Any change through the service makes it read its definitions again.
      await admin('POST', '/roles', { name: unique('r') });
      const { body } = await post(path, { a: 1, b: 2 });
      expect([
        { v: 1, got: 1 },
        { v: 2, got: 2 },
      ]).toContainEqual(body);
      await project.push(after, options);
      expect((await project.plan(after, options)).steps).toEqual([]);
    }
    expect((await post(path, { a: 1, b: 2 })).body).toEqual({ v: 2, got: 2 });
    expect((await admin('GET', `/by-path/tables/${name}`)).body.columns).toMatchObject([{ name: 'fresh' }]);
    expect((await admin('GET', `/by-path/handlers/${name}/gone.js`)).status).toBe(404);
  }, 60_000);

  test('of two pushes of one plan, one is made and the other is told', async () => {
    const project = open();
    const name = unique('k');
    const folder: Folder = { [`role ${name}`]: { description: 'x' }, [`key ${name}`]: {} };
    const { digest } = await project.plan(folder);
    const answers = await Promise.all([project.apply(folder, {}, digest), project.apply(folder, {}, digest)]);
    const codes = answers.map(({ status, body }) => `${status} ${String(body.code ?? '')}`).toSorted();
    expect(codes[0]).toBe('200 ');
    expect(codes[1]).toMatch(/^(409 (plan_changed|name_taken)|412 stale_revision)$/);
    await project.push(folder);
    expect((await project.plan(folder)).steps).toEqual([]);
    const keys = (await admin('GET', '/keys?limit=100')).body.items as { alias: string }[];
    expect(keys.filter(({ alias }) => alias === name)).toHaveLength(1);
  });

  test('a fault in one of several sources refuses all of them', async () => {
    const project = open();
    const name = unique('h');
    const folder: Folder = {
      [`handler ${name}/good.js`]: 'export default () => 1\n',
      [`handler ${name}/bad.js`]: 'export default (\n',
      [`handler ${name}/worse.ts`]: 'const x = 1\n',
      [`role ${name}`]: {},
    };
    await expect(project.push(folder)).rejects.toThrow('bad.js');
    const { digest } = await project.plan(folder);
    const { body } = await project.apply(folder, {}, digest);
    const pointers = (body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers.filter((pointer) => pointer.includes('bad.js'))).not.toEqual([]);
    expect(pointers.filter((pointer) => pointer.includes('worse.ts'))).not.toEqual([]);
    expect((await admin('GET', `/by-path/handlers/${name}/good.js`)).status).toBe(404);
    expect((await admin('GET', `/roles/${name}`)).status).toBe(404);
  });

  test('a large push is made in parts, each with its endpoints and handlers together', async () => {
    const project = open();
    const name = unique('big');
    const folder: Folder = {};
    for (let i = 0; i < 31; i++) {
      folder[`handler ${name}/${i}.js`] = `export default () => ${i}\n`;
      Object.assign(folder, endpointOf(`${name}-${i}`, `${name}/${i}.js`));
    }
    for (const source of Object.values(folder)) if (typeof source === 'string') await project.upload(source);
    const first = await project.apply(folder, {}, (await project.plan(folder)).digest);
    const applied = first.body.applied as { kind: string; identity: string }[];
    expect([first.body.done, applied.length]).toEqual([false, 60]);
    const numbers = (kind: string) =>
      applied.flatMap((one) => (one.kind === kind ? [/(\d+)(\.js)?$/.exec(one.identity)![1]] : [])).toSorted();
    expect(numbers('handler')).toEqual(numbers('endpoint'));
    const last = await project.push(folder);
    expect(last).toMatchObject({ done: true, generation: 2 });
    const plan = await project.plan(folder);
    expect([plan.steps, plan.unchanged]).toEqual([[], 62]);
  });
});

test('a push has the warnings that saves have, and none of what it makes itself', async () => {
  const project = open();
  const name = unique('w');
  const table = name.replaceAll('-', '_');
  const calls = {
    kind: 'workflow',
    steps: [
      { id: 'a', do: 'call', handler: `${name}/code.js` },
      { id: 'b', do: 'respond' },
    ],
  };
  const folder: Folder = {
    [`handler ${name}/calls.workflow.json`]: `${JSON.stringify(calls)}\n`,
    [`handler ${name}/code.js`]:
      `export default async (_, { tables, env }) => [\n  tables.${table},\n  tables.${table}_absent,\n` +
      "  await fetch('https://api.example.com/'),\n  env.NOT_LISTED,\n];\n",
    [`table public.${table}`]: { name: table, columns: [{ name: 'a', type: 'text' }] },
    ...endpointOf(name, `${name}/code.js`),
    ...endpointOf(`${name}-calls`, `${name}/calls.workflow.json`, { parameters: [{ name: 'a' }] }),
  };
  const warningsOf = ({ applied }: Awaited<ReturnType<typeof project.push>>) =>
    applied
      .flatMap(({ kind, warnings = [] }) => warnings.map(({ code, line = 0 }) => `${kind} ${code} ${line}`))
      .toSorted();
  expect(warningsOf(await project.push(folder))).toEqual([
    'endpoint not_listed 0',
    'endpoint not_listed 0',
    'handler maybe_missing 3',
  ]);
  folder[`handler ${name}/code.js`] += '// changed\n';
  expect(warningsOf(await project.push(folder))).toEqual([
    'handler maybe_missing 3',
    'handler not_listed 4',
    'handler not_listed 5',
  ]);
  const reads = { kind: 'workflow', steps: [{ id: 'a', do: 'respond', body: { $: 'params.b' } }] };
  folder[`handler ${name}/calls.workflow.json`] = `${JSON.stringify(reads)}\n`;
  Object.assign(folder, endpointOf(`${name}-calls`, `${name}/calls.workflow.json`, { parameters: [{ name: 'b' }] }));
  expect(warningsOf(await project.push(folder))).toEqual([]);
});

describe('a plan', () => {
  test('names what neither side has, and what the roles of the sender do not permit', async () => {
    const name = unique('dev');
    await createUser(name, ['developer']);
    const { accessToken } = await signIn(name);
    const project = open(() => accessToken);
    const folder: Folder = {
      ...endpointOf(unique('ep'), 'no/such.js', {
        executor: 'no-such-user',
        secrets: ['NO_SUCH'],
        access: { level: 'key-or-authenticated', keys: ['no-such'], roles: { names: ['no-such', 'viewer'] } },
      }),
      [`role ${name}`]: {},
    };
    const { blocked, steps } = await project.plan(folder);
    expect(blocked).toEqual(['invalid']);
    const issues = steps.flatMap((step) =>
      (step.issues ?? []).map(({ pointer, code }) => `${step.kind} ${pointer} ${code}`),
    );
    expect(issues.toSorted()).toEqual([
      'endpoint #/access/keys/0 not_found',
      'endpoint #/access/roles/names/0 not_found',
      'endpoint #/executor not_found',
      'endpoint #/handler not_found',
      'endpoint #/secrets/0 not_found',
      'role # forbidden',
    ]);
  });

  test('refuses documents that are not what they are sent as', async () => {
    const document = { description: 'x' };
    const plan = async (object: object) => {
      const { body } = await admin('POST', `/projects/${unique('p')}/plan`, { objects: [object] });
      return (body.steps as { issues?: { code: string }[] }[]).flatMap(({ issues = [] }) =>
        issues.map(({ code }) => code),
      );
    };
    expect(await plan({ kind: 'role', identity: 'r', sha256: 'a'.repeat(64), document })).toEqual(['hash_differs']);
    const endpoint = { path: 'a', handler: 'a.js' };
    expect(await plan({ kind: 'endpoint', identity: 'GET a', sha256: hashOf(endpoint), document: endpoint })).toEqual([
      'identity_differs',
    ]);
    expect(await plan({ kind: 'role', identity: 'Not A Role', sha256: hashOf(document), document })).toEqual([
      'invalid_format',
    ]);
    const unknown = { ...endpoint, limts: {} };
    expect(await plan({ kind: 'endpoint', identity: 'POST a', sha256: hashOf(unknown), document: unknown })).toEqual([
      'unknown_field',
    ]);
    const twice = { kind: 'role', identity: 'r', sha256: hashOf(document), document };
    const { body } = await admin('POST', `/projects/${unique('p')}/plan`, { objects: [twice, twice] });
    expect(body.blocked).toContain('invalid');
    expect((await admin('POST', '/projects/No_Name/plan', { objects: [] })).status).toBe(400);
  });

  test("and a save refuse a program of a developer's machine: this service is not local", async () => {
    const path = unique('ep');
    const folder: Folder = {
      [`handler ${path}.js`]: 'export default () => 1\n',
      ...endpointOf(path, `${path}.js`, { egress: ['localhost:9000'] }),
    };
    const { blocked, steps } = await open().plan(folder);
    expect([blocked, steps[1]?.issues]).toMatchObject([['invalid'], [{ pointer: '#/egress/0', code: 'local_only' }]]);
    const handler = `${path}-saved.js`;
    await admin('POST', '/handlers', { path: handler, source: 'export default () => 1' });
    const saved = await admin('PUT', `/by-path/endpoints/${path}`, {
      handler: { path: handler },
      egress: ['localhost:9000'],
    });
    expect([saved.status, saved.body.errors]).toMatchObject([422, [{ code: 'local_only' }]]);
    const local = testContext();
    const asLocal = { ...local, settings: { ...local.settings, localPort: 8787 } };
    const { steps: there } = await makePlan(asLocal, unique('p'), PlanInput.parse(bodyOf(folder)));
    expect(there.every(({ issues }) => issues === undefined)).toBe(true);
  });

  test('names the endpoints for which their first segment has no room', async () => {
    const root = unique('root');
    const folder: Folder = { 'handler room.js': 'export default () => 1' };
    for (let i = 0; i < 202; i++) Object.assign(folder, endpointOf(`${root}/${i}`, 'room.js'));
    const plan = await open().plan(folder);
    expect(plan.blocked).toContain('invalid');
    const full = plan.steps.filter(({ issues }) => issues?.some(({ code }) => code === 'too_many'));
    expect(full.map(({ identity }) => identity)).toEqual([`POST ${root}/200`, `POST ${root}/201`]);
    expect(full[0]!.issues![0]!.message).toContain('would have 202: a first segment may have 200');
  });

  test('is stale for a sender who has not seen the last push', async () => {
    const project = open();
    const folder: Folder = { [`role ${unique('r')}`]: {} };
    await project.push(folder);
    expect((await project.plan(folder, { generation: 0 })).blocked).toEqual(['stale']);
    expect((await project.plan(folder, { generation: 1 })).blocked).toEqual([]);
  });

  test('knows no key of two by their alias', async () => {
    const alias = unique('twin');
    for (let i = 0; i < 2; i++) await admin('POST', '/keys', { alias });
    expect((await open().plan({ [`key ${alias}`]: {} })).steps).toMatchObject([
      { action: 'conflict', reason: 'ambiguous' },
    ]);
  });

  test('asks before an endpoint is deleted that is in use', async () => {
    const project = open();
    const path = unique('ep');
    await project.push({ [`handler ${path}.js`]: 'export default () => 1\n', ...endpointOf(path, `${path}.js`) });
    await runOf(await call(`/u/${path}`, { method: 'POST' }));
    const word = `remove-called POST ${path}`;
    const { blocked, steps } = await project.plan({}, { prune: true });
    expect([blocked, steps.flatMap(({ losses = [] }) => losses)]).toMatchObject([
      ['loss'],
      [{ word, message: 'was called 1 times in the last 7 days' }],
    ]);
    await project.push({}, { prune: true, allow: [word] });
    expect((await admin('GET', `/by-path/endpoints/${path}`)).status).toBe(404);
  });

  test('asks before a key or a secret with a value is deleted', async () => {
    const project = open();
    const name = unique('k');
    const secret = name.replaceAll('-', '_').toUpperCase();
    await project.push({ [`key ${name}`]: {}, [`secret ${secret}`]: {} });
    expect((await project.plan({}, { prune: true })).blocked).toEqual([]);
    const keys = (await admin('GET', '/keys?limit=100')).body.items as { id: string; alias: string }[];
    await admin('PATCH', `/keys/${keys.find(({ alias }) => alias === name)!.id}`, { key: true });
    await admin('PUT', `/secrets/${secret}`, { value: 'x' });
    const words = [`drop-secret ${secret}`, `revoke-key ${name}`];
    const { blocked, steps } = await project.plan({}, { prune: true, over: [`key ${name}`] });
    expect([blocked, steps.flatMap(({ losses = [] }) => losses.map(({ word }) => word)).toSorted()]).toEqual([
      ['loss'],
      words,
    ]);
    await project.push({}, { prune: true, over: [`key ${name}`], allow: words });
    expect((await admin('GET', `/secrets/${secret}`)).status).toBe(404);
  });
});

test('an export is a push that makes the same definitions in another service, with what is left by hand', async () => {
  const name = unique('x').replaceAll('-', '_');
  const secret = name.toUpperCase();
  const source = 'export default () => 1\n';
  const columns = [
    { name: 'b', type: 'text' },
    { name: 'a', type: 'integer' },
  ];
  const folder: Folder = {
    [`role ${name}`]: { description: 'x' },
    [`table public.${name}`]: { name, columns, read: [name] },
    [`secret ${secret}`]: { roles: [name] },
    [`key ${name}`]: { expiresAt: '2040-01-01T00:00:00+01:00' },
    [`handler ${name}.js`]: source,
    ...endpointOf(name, `${name}.js`, {
      secrets: [secret],
      access: { level: 'key', keys: [name] },
      limits: { timeoutMs: 9 },
    }),
  };
  await open().push(folder);
  await admin('PUT', `/secrets/${secret}`, { value: 'x' });
  const exported = async () => {
    const items: Exported[] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const { body } = await admin('GET', `/export?limit=40${cursor === '' ? '' : `&cursor=${String(cursor)}`}`);
      items.push(...(body.items as Exported[]));
      cursor = body.nextCursor;
    }
    return items.filter(({ identity }) => identity.toLowerCase().includes(name));
  };
  const first = await exported();
  const kinds = ['role', 'table', 'secret', 'key', 'handler', 'endpoint'];
  expect(first.map(({ kind }) => kind)).toEqual(kinds);
  expect(first.flatMap(({ kind, byHand }) => (byHand ? [[kind, byHand]] : []))).toEqual([['secret', 'value']]);
  for (const { document, sha256 } of first) expect(hashOf(document ?? source)).toBe(sha256);
  const objects = first.map(({ byHand: _byHand, ...object }) => object);
  const again = Object.fromEntries(
    objects.map(({ kind, identity, document }) => [`${kind} ${identity}`, document ?? source]),
  );
  const project = open();
  expect(short(await project.plan(again))).toEqual(objects.map(({ kind, identity }) => `adopt ${kind} ${identity}`));
  await project.push(again);
  await project.push({}, { prune: true, allow: [`drop-secret ${secret}`] });
  expect(await exported()).toEqual([]);
  await open().push(again);
  expect((await exported()).map(({ byHand: _byHand, ...object }) => object)).toEqual(objects);
});

test('an endpoint has every field of its document, so that none is lost on the way back', async () => {
  const name = unique('full');
  await open().push({ [`handler ${name}.js`]: 'export default () => 1\n', ...endpointOf(name, `${name}.js`) });
  const ctx = testContext();
  const [document] = await endpointDocuments(ctx, (await ctx.store.endpoints.atPaths([name], [])).map(completeRules));
  const { was: _was, access, ...fields } = EndpointDocument.shape;
  expect(Object.keys(document!).toSorted()).toEqual(['access', ...Object.keys(fields)].toSorted());
  expect(Object.keys(document!.access as object).toSorted()).toEqual(Object.keys(access.unwrap().shape).toSorted());
});

test('a secret and a key without values admit nothing until they are set', async () => {
  const project = open();
  const name = unique('v');
  const secret = name.replaceAll('-', '_').toUpperCase();
  const folder: Folder = {
    [`handler ${name}.js`]: `export default (_, ctx) => ctx.env.${secret}\n`,
    ...endpointOf(name, `${name}.js`, { secrets: [secret], access: { level: 'key', keys: [name] } }),
    [`key ${name}`]: {},
    [`secret ${secret}`]: { description: 'x' },
  };
  const { toSet } = await project.push(folder);
  expect(toSet).toEqual({ secrets: [secret], keys: [name] });
  const keys = (await admin('GET', '/keys?limit=100')).body.items as { id: string; alias: string }[];
  const { body } = await admin('PATCH', `/keys/${keys.find(({ alias }) => alias === name)!.id}`, { key: true });
  const headers = { 'x-api-key': String(body.key) };
  expect(await post(name, {}, headers)).toMatchObject({ status: 503, body: { code: 'not_configured' } });
  await admin('PUT', `/secrets/${secret}`, { value: 'the value' });
  const response = await call(`/u/${name}`, { method: 'POST', headers });
  expect([response.status, await response.text()]).toEqual([200, 'the value']);
  expect((await project.plan(folder)).toSet).toEqual({ secrets: [], keys: [] });
});

test('an upload has the hash that it is sent under, a limit, and a day', async () => {
  const send = async (hash: string, body: string) => {
    const init = { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body };
    const response = await exports.default.fetch(`https://portico.test/admin/blobs/${hash}`, init);
    await response.text();
    return response.status;
  };
  const source = `// ${unique('blob')}`;
  expect([await send(hashOf(source), source), await send(hashOf(source), source)]).toEqual([204, 204]);
  expect([await send('a'.repeat(64), source), await send('x', source)]).toEqual([422, 400]);
  const large = 'x'.repeat(4 * 1_048_576 + 1);
  expect(await send(hashOf(large), large)).toBe(413);
  const { uploads } = testContext().store;
  const sweepAfter = (ms: number) => enforceRetention(testContext(undefined, { now: () => Date.now() + ms }));
  await sweepAfter(3_600_000);
  expect(await uploads.read(hashOf(source))).not.toBeNull();
  expect((await sweepAfter(90_000_000)).uploads).toBeGreaterThan(0);
  expect([await uploads.read(hashOf(source)), (await uploads.known([hashOf(source)])).size]).toEqual([null, 0]);
});

test('a plan of 600 objects without a change reads their rows and no source', async () => {
  const project = open();
  const name = unique('many');
  const ctx = testContext();
  await ctx.store.projects.remember([ctx.store.projects.ensure(project.name, 1)]);
  const hash = hashOf('export default () => 1\n');
  const insert = env.DB.prepare(
    `insert into handlers (id, path, language, default_version, latest_version, revision, created_at, updated_at, created_by) values (?1, ?2, 'javascript', 1, 1, 1, 1, 1, 'x')`,
  );
  const base = env.DB.prepare(
    `insert into project_objects (project, kind, identity, object_id, sha256, document, at) values (?1, 'handler', ?2, ?3, ?4, ?5, 1)`,
  );
  const paths = Array.from({ length: 600 }, (_, i) => `${name}/${i}.js`);
  const document = JSON.stringify({ sha256: hash });
  const rows = paths.flatMap((path, i) => [
    insert.bind(`hdl_${name}_${i}`, path),
    base.bind(project.name, path, `hdl_${name}_${i}`, hash, document),
  ]);
  await env.DB.batch(rows);
  const folder = paths.map((identity) => ({ kind: 'handler', identity, sha256: hash }));
  let sources = 0;
  const { handlers } = ctx.store;
  const version: typeof handlers.version = (...args) => {
    sources++;
    return handlers.version(...args);
  };
  const counting = { ...ctx, store: { ...ctx.store, handlers: { ...handlers, version } } };
  const plan = await makePlan(counting, project.name, PlanInput.parse({ objects: folder }));
  expect([short(plan), plan.unchanged, sources]).toEqual([[], 600, 0]);
  await env.DB.prepare('delete from handlers where path like ?').bind(`${name}/%`).run();
});

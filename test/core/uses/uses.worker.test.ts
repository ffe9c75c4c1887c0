import { beforeAll, describe, expect, test } from 'vitest';
import { createEndpoint } from '../../../src/core/publishing/endpoints/create-endpoint';
import { deleteEndpoint } from '../../../src/core/publishing/endpoints/delete-endpoint';
import { CreateEndpointInput } from '../../../src/core/publishing/endpoints/endpoint.schema';
import { updateEndpoint } from '../../../src/core/publishing/endpoints/update-endpoint';
import { createVersion } from '../../../src/core/publishing/handlers/create-version';
import { newGraph } from '../../../src/plynx/document/graph.schema';
import { newObjectId } from '../../../src/plynx/document/object-id.rules';
import { runGraphActions } from '../../../src/plynx/edit/run-graph-actions';
import { listUsesOf } from '../../../src/core/publishing/list-uses';
import type { ListedNoun, Use } from '../../../src/core/uses/use.schema';
import { createRole } from '../../../src/core/identity/roles/create-role';
import { putSecret } from '../../../src/core/publishing/secrets/put-secret';
import { createTable } from '../../../src/core/tables/catalogue/create-table';
import { insertRows } from '../../../src/core/tables/rows/insert-rows';
import { CreateTableInput } from '../../../src/core/tables/catalogue/table.schema';
import { createToken } from '../../../src/core/identity/tokens/create-token';
import { revokeToken } from '../../../src/core/identity/tokens/revoke-token';
import { uploadFile } from '../../../src/plynx/edit/upload-file';
import type { Context } from '../../../src/core/access/context';
import { callAdmin } from '../../support/admin-api';
import { actorWith, testContext } from '../../support/context';
import { insertUser } from '../../support/people';
import { ensureAdmin, makeKey, saveHandler, unique } from '../../support/publish';
import { adminToken, createUser, signIn } from '../../support/sign-in';
import { respond, saveMiddleware, saveVersion, workflow } from '../../support/workflow';

const ctx = testContext();
const word = (prefix: string): string => unique(prefix).replaceAll('-', '_');
let plain = '';

beforeAll(async () => {
  await ensureAdmin();
  plain = (await saveHandler('export default () => 1')).path;
});

const endpoint = (input: object) =>
  createEndpoint(ctx, CreateEndpointInput.parse({ handler: { path: plain }, ...input }));
const table = async (fields: object = {}) => createTable(ctx, CreateTableInput.parse({ name: word('t'), ...fields }));
const role = async () => (await createRole(ctx, { name: unique('role'), description: '' })).name;
const keep = async (roles: string[] = []) =>
  (await putSecret(ctx, word('S').toUpperCase(), { value: 'x', description: '', roles })).name;
const asUser = (id: string): Context =>
  testContext({ kind: 'user', id, name: 'owner', roles: ['developer'], sessionId: 's' });

/** Something that is used: where it is deleted, and what uses it. `forced` is what a forced deletion answers. */
interface Case {
  noun: ListedNoun;
  url: string;
  id: string;
  use: Use;
  forced: number;
}
const used = (noun: ListedNoun, id: string, use: Use, forced: number, key = id): Case => ({
  noun,
  url: `/${noun}s/${key}`,
  id: key,
  use,
  forced,
});

const step = (do_: string, fields: object): object => ({ id: 'a', do: do_, ...fields });
const served = async (source: string, extension = 'workflow.json') =>
  saveHandler(source, `${unique('h')}.${extension}`);
const tableIn = async (
  make: (name: string) => Promise<{ id: string; path: string }>,
  fields: object = {},
): Promise<Case> => {
  const made = await table(fields);
  const named = made.schema === 'public' ? made.name : `${made.schema}.${made.name}`;
  const { id, path } = await make(named);
  return used('table', made.id, { noun: 'handler', id, name: path, as: 'table' }, 204);
};
const roleOn = async (make: (name: string) => Promise<Use>): Promise<Case> => {
  const name = await role();
  return used('role', name, await make(name), 409);
};

/** Every way in which something is used. */
const CASES: [string, () => Promise<Case>][] = [
  ['a key by an endpoint', async () => {
    const { id } = await makeKey();
    const by = await endpoint({ access: { keys: [id] } });
    return used('key', id, { noun: 'endpoint', id: by.id, name: by.path, as: 'key' }, 204);
  }],
  ['a handler by an endpoint', async () => {
    const { id, path } = await saveHandler('export default () => 1');
    const by = await endpoint({ handler: { path } });
    return used('handler', id, { noun: 'endpoint', id: by.id, name: by.path, as: 'handler', version: null }, 409);
  }],
  ['a handler by an endpoint that is off', async () => {
    const { id, path } = await saveHandler('export default () => 1');
    const by = await endpoint({ handler: { path }, active: false });
    return used('handler', id, { noun: 'endpoint', id: by.id, name: by.path, as: 'handler', version: null }, 409);
  }],
  ['a handler as middleware', async () => {
    const { id, path } = await saveMiddleware([step('set', { name: 'a', value: 1 })]);
    const by = await endpoint({ access: { middleware: [{ handler: path }] } });
    return used('handler', id, { noun: 'endpoint', id: by.id, name: by.path, as: 'middleware' }, 409);
  }],
  ...['js', 'py', 'workflow.json'].map((extension): [string, () => Promise<Case>] => [`a .${extension} handler by a call step`, async () => {
    const sources = { js: 'export default () => 1', py: 'def handler(request): return 1' } as Record<string, string>;
    const { id, path } = await served(sources[extension] ?? workflow(respond(1)), extension);
    const by = await served(workflow(step('call', { handler: path })));
    return used('handler', id, { noun: 'handler', id: by.id, name: by.path, as: 'call' }, 204);
  }]),
  ['a handler by a call step in a branch of a middleware', async () => {
    const { id, path } = await saveHandler('export default () => 1');
    const by = await saveMiddleware([step('if', { when: { $: 'true' }, then: [{ id: 'b', do: 'call', handler: path }] })]);
    return used('handler', id, { noun: 'handler', id: by.id, name: by.path, as: 'call' }, 204);
  }],
  ['a handler by a version that an endpoint pins', async () => {
    const { id, path } = await saveHandler('export default () => 1');
    const by = await served(workflow(step('call', { handler: path })));
    await endpoint({ handler: { path: by.path, version: 1 } });
    await saveVersion(by, workflow(respond(1)));
    return used('handler', id, { noun: 'handler', id: by.id, name: by.path, as: 'call' }, 204);
  }],
  ['a secret by an endpoint', async () => {
    const name = await keep();
    const by = await endpoint({ secrets: [await keep(), name] });
    return used('secret', name, { noun: 'endpoint', id: by.id, name: by.path, as: 'secret' }, 204);
  }],
  ...[
    ['table.get', {}], ['table.insert', { values: {} }],
    ['table.update', { row: 'x', values: {} }], ['table.delete', { row: 'x' }],
  ].map(([action, fields]): [string, () => Promise<Case>] => [`a table by a ${action as string} step`, () =>
    tableIn((name) => served(workflow(step(action as string, { table: name, ...(fields as object) }))))]),
  ['a table of a schema by a step in a loop of a middleware', () =>
    tableIn((name) => saveMiddleware([step('each', { items: [1], steps: [{ id: 'b', do: 'table.get', table: name }] })]), { schema: word('crm') })],
  ['a table by a code step', () => tableIn((name) => served(workflow(step('code', { source: [`return tables.${name}`, '.find()'] }))))],
  ['a table by JavaScript', () => tableIn((name) => served(`export default (p, ctx) => ctx.tables.${name}.find()`, 'js'))],
  ['a table by TypeScript', () => tableIn((name) => served(`export default ({ a }: { a: 1 }, { tables: { ${name}: t } }: any) => t.find()`, 'ts'))],
  ['a table of a schema by JavaScript', () => tableIn((name) => served(`export default (p, ctx) => ctx.tables['${name}'].find()`, 'js'), { schema: word('crm') })],
  ['a table by Python', () => tableIn((name) => served(`def handler():\n    return tables.${name}.list()`, 'py'))],
  ['a table of a schema by Peliqan’s Python', () => tableIn((name) => {
    const [schema, short] = name.split('.');
    return served(`def handler():\n    return pq.dbconnect('x').fetch('db', '${schema}', '${short}')`, 'py');
  }, { schema: word('crm') })],
  ['a role of a user', () => roleOn(async (name) => {
    const by = await insertUser(unique('u'), [name]);
    return { noun: 'user', id: by.id, name: by.name, as: 'role' };
  })],
  ['a role of a token', () => roleOn(async (name) => {
    const by = await createToken(ctx, { name: unique('t'), roles: ['viewer', name], expiresAt: null });
    return { noun: 'token', id: by.id, name: by.name, as: 'role' };
  })],
  ['a role that an endpoint asks for', () => roleOn(async (name) => {
    const by = await endpoint({ access: { level: 'authenticated', roles: { names: [name] } } });
    return { noun: 'endpoint', id: by.id, name: by.path, as: 'role' };
  })],
  ...(['read', 'write'] as const).map((list): [string, () => Promise<Case>] => [`a role under ${list} of a table`, () => roleOn(async (name) => {
    const by = await table({ [list]: [name] });
    return { noun: 'table', id: by.id, name: `public.${by.name}`, as: list };
  })]),
  ['a role of a secret', () => roleOn(async (name) => {
    const secret = await keep([name]);
    return { noun: 'secret', id: secret, name: secret, as: 'role' };
  })],
  ['a user as executor', async () => {
    const { id } = await insertUser(unique('u'), ['developer']);
    const by = await endpoint({ executor: id });
    return used('user', id, { noun: 'endpoint', id: by.id, name: by.path, as: 'executor' }, 409);
  }],
  ['a user by a token of theirs', async () => {
    const { id } = await insertUser(unique('u'), ['admin']);
    const by = await createToken(testContext({ kind: 'user', id, name: 'u', roles: ['admin'], sessionId: 's' }), { name: unique('t'), roles: [], expiresAt: null });
    return used('user', id, { noun: 'token', id: by.id, name: by.name, as: 'owner' }, 204);
  }],
  ['a user as executor of a token', async () => {
    const { id } = await insertUser(unique('u'), ['developer']);
    const by = await createToken(ctx, { name: unique('t'), roles: ['developer'], expiresAt: null, executor: id });
    return used('user', id, { noun: 'token', id: by.id, name: by.name, as: 'executor' }, 204);
  }],
  ['a user by a graph of theirs', async () => {
    const { id } = await insertUser(unique('u'), ['developer']);
    const graph = { ...newGraph(), _id: newObjectId(Date.now()), title: unique('g') };
    await runGraphActions(asUser(id), graph, ['SAVE']);
    return used('user', id, { noun: 'graph', id: graph._id, name: graph.title, as: 'owner' }, 204);
  }],
  ['a user by a node of theirs', async () => {
    const { id } = await insertUser(unique('u'), ['developer']);
    const made = await uploadFile(asUser(id), { bytes: new ArrayBuffer(1), title: unique('f'), description: '', fileType: 'file' });
    if (made.kind === 'refused') throw new Error(made.message);
    return used('user', id, { noun: 'node', id: made.node._id, name: made.node.title, as: 'owner' }, 204);
  }],
]; // oxfmt-ignore

describe.each(CASES)('%s', (_, make) => {
  test('cannot be deleted while in use; the refusal lists the uses, and force overrides some', async () => {
    const { url, noun, id, use, forced } = await make();
    const token = await adminToken();
    const refused = await callAdmin('DELETE', url, { token });
    expect(refused).toMatchObject({ status: 409, body: { code: 'in_use', uses: [use] } });
    expect(refused.body.detail).toContain(use.name);
    expect((await callAdmin('GET', `${url}/uses`, { token })).body).toEqual({ items: [use], more: false });
    expect(await listUsesOf(noun)(ctx, id)).toEqual({ items: [use], more: false });
    // Roles have no forced deletion.
    const last = await callAdmin('DELETE', `${url}${noun === 'role' ? '' : '?force=true'}`, { token });
    expect(last.status, last.text).toBe(forced);
    expect((await callAdmin('GET', `${url}/uses`, { token })).status).toBe(forced === 204 ? 404 : 200);
  });
});

describe('resources that are no longer in use', () => {
  const free = async (url: string) =>
    expect((await callAdmin('DELETE', url, { token: await adminToken() })).status).toBe(204);

  test('a secret that its endpoint gave up, and one whose endpoint is gone', async () => {
    const [one, two] = [await keep(), await keep()];
    const { id } = await endpoint({ secrets: [one, two] });
    await updateEndpoint(ctx, id, { secrets: [two] }, null);
    await free(`/secrets/${one}`);
    await deleteEndpoint(ctx, id, null);
    await free(`/secrets/${two}`);
  });

  test('a handler and a table that only versions name which are not served', async () => {
    const { id: callee, path } = await saveHandler('export default () => 1');
    const { id, name } = await table();
    const by = await served(workflow(step('call', { handler: path }), { id: 'b', do: 'table.get', table: name }));
    await saveVersion(by, workflow(respond(1)));
    await createVersion(
      ctx,
      by.id,
      { source: workflow(step('call', { handler: path })), note: '', deploy: false },
      null,
    );
    await free(`/handlers/${callee}`);
    await free(`/tables/${id}`);
  });

  test('a role of a token that was revoked, and a user whose tokens were', async () => {
    const name = await role();
    const { id } = await insertUser(unique('u'), ['admin']);
    const owner = testContext({ kind: 'user', id, name: 'u', roles: ['admin'], sessionId: 's' });
    const made = await createToken(owner, { name: 't', roles: [name], expiresAt: null });
    await revokeToken(ctx, made.id, null);
    await free(`/roles/${name}`);
    await free(`/users/${id}`);
  });

  test('a table of the same name in another schema', async () => {
    const name = word('t');
    const [mine] = [await table({ name, schema: word('own') }), await table({ name })];
    await served(workflow(step('table.get', { table: name })));
    await free(`/tables/${mine.id}`);
  });
});

test('a table that holds rows is deleted with them only by force', async () => {
  const { id, name } = await table({ columns: [{ name: 'a', type: 'text' }] });
  await insertRows(ctx, { id }, [{ a: 'x' }]);
  const by = await served(workflow(step('table.get', { table: name })));
  const token = await adminToken();
  expect(await callAdmin('DELETE', `/tables/${id}`, { token })).toMatchObject({
    status: 409,
    body: { code: 'in_use', detail: expect.stringContaining('rows'), uses: [{ id: by.id }] },
  });
  expect((await callAdmin('DELETE', `/tables/${id}?force=true`, { token })).status).toBe(204);
});

test('a list of uses is bounded, and marks that there are more', async () => {
  const { id } = await makeKey();
  const made = [];
  for (let i = 0; i < 102; i++)
    made.push(await endpoint({ path: `many-${String(i).padStart(3, '0')}`, access: { keys: [id] } }));
  const refused = await callAdmin('DELETE', `/keys/${id}`, { token: await adminToken() });
  const uses = refused.body.uses as Use[];
  expect([uses.length, uses[0]!.name, uses[99]!.name]).toEqual([100, 'many-000', 'many-099']);
  expect(String(refused.body.detail)).toMatch(/endpoint many-019 and others\. /);
  expect(await listUsesOf('key')(ctx, id)).toMatchObject({ more: true });
});

test('uses that the actor may not read are hidden', async () => {
  const name = await role();
  await createToken(ctx, { name: 'secret project', roles: [name], expiresAt: null });
  expect(await listUsesOf('role')(testContext(actorWith('viewer')), name)).toEqual({ items: [], more: true });
  const token = (await signIn((await createUser(unique('viewer'), ['viewer'])).name)).accessToken;
  expect((await callAdmin('GET', `/secrets/${await keep()}/uses`, { token })).status).toBe(403);
});

test('a table that code names gets another name only by force, and other changes at once', async () => {
  const { id, name } = await table({ columns: [{ name: 'a', type: 'text' }] });
  const by = await served(workflow(step('table.get', { table: name })));
  const token = await adminToken();
  const patch = (body: object, query = '') => callAdmin('PATCH', `/tables/${id}${query}`, { token, body });
  expect((await patch({ name, description: 'as before', dropColumns: ['a'] })).status).toBe(200);
  for (const body of [{ name: word('new') }, { schema: word('new') }])
    expect(await patch(body)).toMatchObject({
      status: 409,
      body: { code: 'in_use', uses: [{ noun: 'handler', name: by.path, as: 'table' }] },
    });
  expect((await patch({ name: word('new') }, '?force=true')).status).toBe(200);
  expect((await patch({ name: word('again') })).status).toBe(200);
});

test('a use by an endpoint that is linked to a handler has the version that it pins', async () => {
  const { id, path } = await saveHandler('export default () => 1');
  const follows = await endpoint({ handler: { path } });
  const pins = await endpoint({ handler: { path, version: 1 } });
  const { items } = await listUsesOf('handler')(ctx, id);
  const versions = new Map(items.map((use) => [use.id, use.version]));
  expect([versions.get(follows.id), versions.get(pins.id)]).toEqual([null, 1]);
});

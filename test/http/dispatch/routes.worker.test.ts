import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { updateEndpoint } from '../../../src/core/publishing/endpoints/update-endpoint';
import { deleteEndpoint } from '../../../src/core/publishing/endpoints/delete-endpoint';
import { createEndpoint } from '../../../src/core/publishing/endpoints/create-endpoint';
import { CreateEndpointInput } from '../../../src/core/publishing/endpoints/endpoint.schema';
import { listRuns } from '../../../src/core/runs/get-run';
import { ListRunsQuery } from '../../../src/core/runs/run.schema';
import { testEndpoint } from '../../../src/core/gateway/test/test-endpoint';
import { TestEndpointInput } from '../../../src/core/gateway/test/test-endpoint.schema';
import { toProblem } from '../../../src/http/wire/errors';
import { testContext } from '../../support/context';
import {
  call,
  ensureAdmin,
  makeKey,
  publish,
  runOf,
  saveHandler,
  unique,
  type EndpointOptions,
} from '../../support/publish';

const ctx = testContext();
const SHOW = 'export default (params, ctx) => ({ params, at: ctx.endpoint.path, url: ctx.endpoint.url })';
const at = async (path: string, options: EndpointOptions = {}) =>
  (await publish(SHOW, { path, methods: ['GET'], ...options })).endpoint;
const get = async (path: string, init?: RequestInit) => {
  const response = await call(`/u/${path}`, init);
  const text = await response.text();
  return [response.status, text === '' ? null : JSON.parse(text)] as const;
};
const params = async (path: string) => {
  const [status, body] = await get(path);
  return status === 200 ? body.params : [status, body.code];
};

beforeAll(ensureAdmin);

describe('names in a path', () => {
  test('a name is a required text parameter where none of its name is declared', async () => {
    const root = unique('orders');
    const endpoint = await at(`${root}/:id/items/:item`);
    expect(await get(`${root}/a%20b/items/c%2Fd`)).toEqual([
      200,
      {
        params: { id: 'a b', item: 'c/d' },
        at: endpoint.path,
        url: `https://portico.test/u/${root}/a%20b/items/c%2Fd`,
      },
    ]);
    expect(endpoint.parameters).toEqual([]);
    expect(await params(`${root}/a%ff/items/x`)).toEqual([400, 'invalid_parameter']);
    expect(await params(`${root}//items/x`)).toEqual([404, 'not_found']);
  });

  test('a declared one has its type and rules, and positional ones take the segments after the path', async () => {
    const root = unique('orders');
    const parameters: EndpointOptions['parameters'] = [
      { name: 'part', in: 'path', type: 'integer', required: true },
      { name: 'id', in: 'path', type: 'uuid' },
    ];
    await at(`${root}/:id`, { parameters, subpaths: true });
    const id = '0198c0de-7a3b-7def-8123-456789abcdef';
    expect(await params(`${root}/${id}/5`)).toEqual({ id, part: 5 });
    const [status, problem] = await get(`${root}/7/x`);
    expect([status, problem.errors.map((issue: { pointer: string }) => issue.pointer)]).toEqual([
      422,
      ['#/path/part', '#/path/id'],
    ]);
  });

  test('a sensitive one is left out of the run, a field of the body of that name is not taken for it', async () => {
    const root = unique('people');
    const parameters: EndpointOptions['parameters'] = [{ name: 'email', in: 'path', sensitive: true }];
    await at(`${root}/:email/mail`, { parameters, methods: ['POST'] });
    const body = JSON.stringify({ email: 'other@example.com' });
    const response = await call(`/u/${root}/ada@example.com/mail/`, { method: 'POST', body });
    expect(((await response.clone().json()) as { params: object }).params).toEqual({ email: 'ada@example.com' });
    expect((await runOf(response)).request.path).toBe(`/u/${root}/[redacted]/mail/`);
  });

  test('a test run puts values into the path', async () => {
    const endpoint = await at(`${unique('orders')}/:id/:part`, {
      parameters: [{ name: 'part', in: 'path', type: 'integer', test: 7 }],
    });
    const run = (parameters: object) =>
      testEndpoint(ctx, endpoint.id, TestEndpointInput.parse({ parameters }), toProblem);
    const { response } = await run({ id: 'a/b' });
    expect(JSON.parse(response.body)).toMatchObject({ params: { id: 'a/b', part: 7 } });
    await expect(run({})).rejects.toMatchObject({
      extra: { issues: [{ pointer: '#/parameters/id', code: 'required' }] },
    });
  });
});

describe('methods of one path', () => {
  test('each has its own endpoint, HEAD goes to that of GET, and 405 lists the methods of all', async () => {
    const path = `${unique('orders')}/:id`;
    const key = await makeKey();
    const read = await at(path);
    const write = await at(path, { methods: ['PUT', 'DELETE'], access: { level: 'key', keys: [key.id] } });
    const url = path.replace(':id', '7');
    expect((await get(url))[0]).toBe(200);
    expect((await call(`/u/${url}`, { method: 'HEAD' })).status).toBe(200);
    expect((await get(url, { method: 'PUT' }))[0]).toBe(401);
    expect((await get(url, { method: 'PUT', headers: { 'x-api-key': key.key! } }))[0]).toBe(200);
    const refused = await call(`/u/${url}`, { method: 'POST' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE']);
    expect((await runOf(refused)).endpointId).toBe(read.id);
    const runs = (endpoint: string) => listRuns(ctx, ListRunsQuery.parse({ endpoint }));
    await expect(runs(path)).rejects.toMatchObject({ code: 'invalid_parameter' });
    expect((await runs(`DELETE ${path}`)).items.map((run) => run.endpointId)).toContain(write.id);
  });

  test('a preflight has the rules of the endpoint of the method that it asks for', async () => {
    const path = unique('orders');
    await at(path, { cors: { origins: ['https://a.example'] } });
    await at(path, { methods: ['POST', 'PUT'], cors: { origins: ['https://b.example'] } });
    const ask = async (origin: string, method: string) => {
      const headers = { origin, 'access-control-request-method': method };
      const response = await call(`/u/${path}`, { method: 'OPTIONS', headers });
      return [response.status, response.headers.get('access-control-allow-methods')];
    };
    expect(await ask('https://a.example', 'GET')).toEqual([204, 'GET']);
    expect(await ask('https://a.example', 'PUT')).toEqual([204, null]);
    expect(await ask('https://b.example', 'PUT')).toEqual([204, 'POST, PUT']);
    expect(await ask('https://b.example', 'GET')).toEqual([204, null]);
  });
});

describe('conflicts', () => {
  const create = async (input: object) =>
    createEndpoint(ctx, CreateEndpointInput.parse({ handler: { path: (await saveHandler(SHOW)).path }, ...input }));

  test('the same method and shape is refused, and the other endpoint is named', async () => {
    const root = unique('orders');
    const { id } = await at(`${root}/:id`, { methods: ['GET', 'PUT'] });
    const taken = (message: string) => ({ code: 'path_taken', message });
    await expect(create({ path: `${root}/:id`, methods: ['PUT', 'POST'] })).rejects.toMatchObject(
      taken(`The endpoint ${id} already answers PUT at ${root}/:id.`),
    );
    await expect(create({ path: `${root}/:key`, methods: ['POST'] })).rejects.toMatchObject(
      taken(`The endpoint ${id} is at ${root}/:id, which matches the same calls. Use the same names: ${root}/:id.`),
    );
    await expect(create({ path: `${root.toUpperCase()}/:id`, methods: ['POST'] })).rejects.toMatchObject(
      taken(`The endpoint ${id} is at ${root}/:id. Paths must differ in more than case: choose another, or the same.`),
    );
    const other = await create({ path: `${root}/:id`, methods: ['POST'] });
    await expect(updateEndpoint(ctx, other.id, { methods: ['POST', 'GET'] }, null)).rejects.toMatchObject(
      taken(`The endpoint ${id} already answers GET at ${root}/:id.`),
    );
    await updateEndpoint(ctx, id, { methods: ['PUT'] }, null);
    await updateEndpoint(ctx, other.id, { methods: ['POST', 'GET'] }, null);
    await deleteEndpoint(ctx, id, null);
    await updateEndpoint(ctx, other.id, { methods: ['GET', 'PUT'] }, null);
  });

  test('of concurrent creations of overlapping methods one succeeds', async () => {
    const path = `${unique('race')}/:id`;
    const made = await Promise.allSettled([
      create({ path, methods: ['GET', 'PUT'] }),
      create({ path, methods: ['PUT', 'POST'] }),
      create({ path: path.replace(':id', ':key'), methods: ['DELETE'] }),
    ]);
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a name that a parameter has in another place is refused', async () => {
    const input = { path: `${unique('a')}/:id`, parameters: [{ name: 'id', in: 'query' }] };
    await expect(create(input)).rejects.toMatchObject({
      extra: { issues: [{ pointer: '#/parameters/0/in', code: 'named_in_path' }] },
    });
  });

  test('subpaths that include the path of another endpoint are a warning on either side', async () => {
    const root = unique('files');
    await at(`${root}/:id/meta`);
    const wide = await create({ path: root, methods: ['POST'], subpaths: true });
    expect(wide.warnings).toEqual([
      {
        pointer: '#/subpaths',
        code: 'overlaps',
        message: `calls of ${root}/:id/meta go to their own endpoints, not to this one`,
      },
    ]);
    const below = await create({ path: `${root}/new` });
    expect(below.warnings?.map(({ pointer, code }) => [pointer, code])).toEqual([['#/path', 'overlaps']]);
  });

  test('one first segment has at most 200 endpoints', async () => {
    const root = unique('full');
    await env.DB.prepare(
      `insert into endpoint_routes (shape, method, endpoint_id, root)
       select ?1 || '/' || value, 'GET', ?1 || value, ?1 from json_each(?2)`,
    )
      .bind(root, JSON.stringify([...Array(199).keys()]))
      .run();
    const last = await create({ path: `${root}/last` });
    await expect(create({ path: `${root}/more` })).rejects.toMatchObject({
      extra: { issues: [{ pointer: '#/path', code: 'too_many' }] },
    });
    expect((await updateEndpoint(ctx, last.id, { path: `${root}/moved` }, null)).path).toBe(`${root}/moved`);
  });
});

import { describe, expect, test } from 'vitest';
import { confirmDeploy } from '../../../src/core/publishing/handlers/confirm-deploy';
import { createVersion } from '../../../src/core/publishing/handlers/create-version';
import { deleteHandler } from '../../../src/core/publishing/handlers/delete-handler';
import { renameHandler } from '../../../src/core/publishing/handlers/rename-handler';
import { getEndpoint } from '../../../src/core/publishing/endpoints/get-endpoint';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { call, publish, runOf, saveHandler, unique, type EndpointOptions } from '../../support/publish';
import { adminToken } from '../../support/sign-in';
import { respond, workflow } from '../../support/workflow';

const save = async (source: string, extension = 'js') => saveHandler(source, `${unique('attached')}.${extension}`);

async function callOf(source: string, options: EndpointOptions, init: RequestInit = {}) {
  const { endpoint } = await publish(source, options);
  const response = await call(`/u/${endpoint.path}?q=1`, { method: 'POST', ...init });
  const text = await response.text();
  return { endpoint, response, status: response.status, headers: response.headers, text };
}

const HANDLER = "export const handler = () => [{ total: 5, internal: true }, 201, { 'x-kept': 'a', 'x-changed': 'b' }]";

describe('a handler of response.after', () => {
  test.each([
    [
      'js',
      "export const handler = () => new Response('x', { headers: [['X-Many', '1'], ['X-Many', '2'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']] })",
    ],
    [
      'py',
      `from flask import make_response
def handler(request):
    response = make_response('x')
    response.headers.add('X-Many', '1')
    response.headers.add('X-Many', '2')
    response.set_cookie('a', '1')
    response.set_cookie('b', '2')
    return response
`,
    ],
  ])('may send the headers on that it sees, and every cookie stays (%s)', async (extension, source) => {
    const { path } = await save(
      "export default ({ answer }) => new Response(answer.headers['x-many'], { headers: answer.headers })",
    );
    const { endpoint } = await publish(source, { response: { after: [path], cookies: ['a', 'b'] } }, extension);
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    expect([await response.text(), response.headers.get('x-many'), cookies]).toEqual(['1, 2', '1, 2', ['a=1', 'b=2']]);
  });

  test.each([
    [
      'JavaScript',
      'js',
      "export default ({ answer }) => { console.log('after'); const { internal, ...body } = answer.body; return new Response(JSON.stringify({ ...body, was: answer.status }), { status: 202, headers: { 'content-type': 'application/json', 'x-changed': 'c' } }) }",
    ],
    [
      'Python',
      'py',
      'from flask import jsonify\ndef handler(request):\n    print("after")\n    answer = request.json["answer"]\n    r = jsonify(total=answer["body"]["total"], was=answer["status"])\n    r.status_code = 202\n    r.headers["x-changed"] = "c"\n    return r\n',
    ],
    [
      'a workflow',
      'workflow.json',
      workflow(
        { id: 'say', do: 'log', message: 'after' },
        respond(
          { total: { $: 'params.answer.body.total' }, was: { $: 'params.answer.status' } },
          { status: 202, headers: { 'x-changed': 'c' } },
        ),
      ),
    ],
  ])('in %s sees the answer, and changes status, headers and body', async (_language, extension, source) => {
    const { path } = await save(source, extension);
    const { response, status, headers, text } = await callOf(HANDLER, { response: { after: [path] } });
    expect([status, headers.get('x-kept'), headers.get('x-changed'), JSON.parse(text)]).toEqual([
      202,
      'a',
      'c',
      { total: 5, was: 201 },
    ]);
    const run = await runOf(response);
    expect(run).toMatchObject({ outcome: 'success', status: 202 });
    expect(run.logs.map(({ message }) => message)).toEqual(['after']);
  });

  test('that returns nothing changes nothing, and several run in order', async () => {
    const [nothing, first, second] = await Promise.all([
      save('export default () => undefined'),
      save('export default ({ answer, request }) => ({ ...answer.body, first: request.query })'),
      save('export default ({ answer }) => ({ ...answer.body, second: answer.body.first })'),
    ]);
    const same = await callOf(HANDLER, { response: { after: [nothing.path] } });
    expect([same.status, same.text]).toEqual([201, '{"total":5,"internal":true}']);
    const both = await callOf(HANDLER, { response: { after: [first.path, second.path] } });
    expect([both.status, JSON.parse(both.text)]).toEqual([
      201,
      { total: 5, internal: true, first: 'q=1', second: 'q=1' },
    ]);
    const bytes =
      "export const handler = () => new Response(new Uint8Array([255, 0]), { headers: { 'content-type': 'image/png' } })";
    const binary = await callOf(bytes, { response: { after: [nothing.path], types: ['image/png'] } });
    expect([binary.headers.get('content-type'), binary.text.length]).toEqual(['image/png', 2]);
  });

  test('sees no headers of Portico in the answer', async () => {
    const { path } = await save('export default ({ answer }) => answer.headers');
    const bytes =
      "export const handler = () => new Response(new Uint8Array([97]), { headers: { 'content-type': 'text/plain', 'x-own': 'a' } })";
    const { text } = await callOf(bytes, { response: { after: [path] } });
    expect(JSON.parse(text)).toEqual({ 'content-type': 'text/plain', 'x-own': 'a' });
  });

  test('that fails fails the call: the answer that it should have changed is not sent', async () => {
    const { path } = await save("export default () => { throw new Error('no stamp') }");
    const { response, status, text } = await callOf(HANDLER, { response: { after: [path] } });
    expect([status, text]).toEqual([500, expect.not.stringContaining('internal')]);
    expect(await runOf(response)).toMatchObject({ outcome: 'failed', error: { message: `${path}: no stamp` } });
  });

  test('does not run on a refusal', async () => {
    const { path } = await save("export default () => 'changed'");
    const options = { response: { after: [path] }, access: { level: 'key' as const } };
    expect(await callOf(HANDLER, options)).toMatchObject({ status: 401, text: expect.not.stringContaining('changed') });
  });

  test('is part of what is cached', async () => {
    const { path } = await save(
      'export default ({ answer, request }) => ({ n: answer.body.n, seen: Object.keys(request.headers) })',
    );
    const source = 'let n = 0; export default () => ({ n: ++n })';
    const { endpoint } = await publish(source, {
      methods: ['GET'],
      cache: { ttlSeconds: 60 },
      response: { after: [path] },
    });
    const response = await call(`/u/${endpoint.path}`, { headers: { 'x-evil': '1' } });
    expect(await response.json()).toEqual({ n: 1, seen: [] });
  });
});

describe('the handler of onError', () => {
  const FALLBACK =
    'export default ({ problem, request }) => ({ sorry: problem.code, asked: request.query, status: problem.status })';
  const BROKEN = "export default () => { throw new Error('broken') }";

  test('answers for a handler that failed, and the run has failed all the same', async () => {
    const { path } = await save(`${FALLBACK}`);
    const { response, status, text } = await callOf(BROKEN, { onError: path });
    expect([status, JSON.parse(text)]).toEqual([500, { sorry: 'handler_error', asked: 'q=1', status: 500 }]);
    expect(await runOf(response)).toMatchObject({
      outcome: 'failed',
      status: 500,
      errorCode: 'handler_error',
      error: { message: 'broken' },
      response: { body: text },
    });
  });

  test('may answer with a status of its own', async () => {
    const { path } = await save(
      "export default () => new Response('later', { status: 503, headers: { 'retry-after': '9' } })",
    );
    const { status, headers, text } = await callOf(BROKEN, { onError: path });
    expect([status, headers.get('retry-after'), text]).toEqual([503, '9', 'later']);
  });

  test.each([
    [
      'that timed out',
      'export default () => new Promise((done) => setTimeout(done, 60000))',
      'handler_timeout',
      504,
      'timeout',
      { timeoutMs: 100 },
    ],
    [
      'whose answer cannot be sent',
      "export const handler = () => ['x', 200, { 'content-type': 'text/html' }]",
      'handler_bad_response',
      502,
      'failed',
      {},
    ],
  ])('answers for one %s', async (_why, source, code, status, outcome, limits) => {
    const { path } = await save(FALLBACK);
    const found = await callOf(source, { onError: path, limits });
    expect([found.status, JSON.parse(found.text).sorry]).toEqual([status, code]);
    expect(await runOf(found.response)).toMatchObject({ outcome });
  });

  test('may ask its host while it streams, as those of response.after may', async () => {
    const asking = (name: string): string => `export default ({ problem, answer }, ctx) => {
      ctx.waitUntil(Promise.resolve());
      return new Response(new ReadableStream({ async pull(out) {
        await scheduler.wait(20);
        const code = await ctx.tables['not.there'].count({ all: true }).catch((error) => error.code);
        console.log('${name}'); out.enqueue(new TextEncoder().encode(code)); out.close() } }), { headers: { 'content-type': 'text/plain' } }) }`;
    const [after, sorry] = [await save(asking('after')), await save(asking('sorry'))];
    const answered = await callOf(HANDLER, { response: { after: [after.path] } });
    const failed = await callOf('export default () => { throw new Error("no") }', { onError: sorry.path });
    const logs = async ({ response }: typeof failed) => (await runOf(response)).logs.map(({ message }) => message);
    expect([answered.text, await logs(answered)]).toEqual(['not_found', ['after']]);
    expect([failed.text, await logs(failed)]).toEqual(['not_found', ['sorry']]);
  });

  test('that fails after its answer fails the run, as those of response.after do', async () => {
    const { path } = await save(
      `export default ({ answer }, ctx) => { ctx.waitUntil(scheduler.wait(20).then(() => { throw new RangeError('late') })) }`,
    );
    const { status, response } = await callOf(HANDLER, { response: { after: [path] } });
    expect([status, await runOf(response)]).toMatchObject([
      201,
      { outcome: 'failed_after_response', error: { name: 'RangeError', message: `${path}: late` } },
    ]);
  });

  test('has time of its own for a body that it streams, after the time limit of the handler', async () => {
    const { path } = await save(`export default () => new Response(new ReadableStream({ async pull(out) {
      await new Promise((done) => setTimeout(done, 50)); out.enqueue(new TextEncoder().encode('later')); out.close() } }),
      { headers: { 'content-type': 'text/plain' } })`);
    const source = 'export default () => new Promise((done) => setTimeout(done, 60000))';
    const { response, status, text } = await callOf(source, { onError: path, limits: { timeoutMs: 100 } });
    expect([status, text]).toEqual([200, 'later']);
    expect(await runOf(response)).toMatchObject({ outcome: 'timeout', response: { body: 'later' } });
  });

  test('that fails as well leaves the problem, and the run says why', async () => {
    const { path } = await save("export default () => { throw new Error('worse') }");
    const { response, status, headers } = await callOf(BROKEN, { onError: path });
    expect([status, headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    const run = await runOf(response);
    expect([run.error!.message, run.logs.map(({ message }) => message)]).toEqual(['broken', [`${path}: worse`]]);
  });

  test('does not run on a refusal, nor on an error that the handler answers', async () => {
    const { path } = await save(FALLBACK);
    const parameters = [{ name: 'n', type: 'integer' as const, required: true }];
    expect((await callOf(BROKEN, { onError: path, parameters })).text).toContain('invalid_parameters');
    expect((await callOf("export const handler = () => ['own', 500]", { onError: path })).text).toBe('own');
  });
});

test('attached handlers exist, follow a new path, serve their deployed version, and are in use', async () => {
  const ctx = testContext();
  const [one, other] = await Promise.all([save("export default () => 'one'"), save("export default () => 'sorry'")]);
  const { endpoint } = await publish(HANDLER, { response: { after: [one.path] }, onError: other.path });
  const paths = [`${unique('moved')}.js`, `${unique('moved')}.js`];
  await renameHandler(ctx, one.id, { path: paths[0]! }, false, null);
  await renameHandler(ctx, other.id, { path: paths[1]! }, false, null);
  const { response, onError } = await getEndpoint(ctx, endpoint.id);
  expect([response.after, onError]).toEqual([[paths[0]], paths[1]]);
  await createVersion(ctx, one.id, { source: "export default () => 'two'", note: '', deploy: true }, null);
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).text()).toBe('two');
  for (const { id } of [one, other])
    await expect(deleteHandler(ctx, id, false, null)).rejects.toMatchObject({ code: 'in_use' });
  const middleware = await saveHandler(
    JSON.stringify({ kind: 'middleware', steps: [] }),
    `${unique('mw')}.workflow.json`,
  );
  const body = { response: { after: ['nowhere.js'] }, onError: middleware.path };
  const refused = await callAdmin('PATCH', `/endpoints/${endpoint.id}`, { token: await adminToken(), body });
  expect(refused.body).toMatchObject({
    status: 422,
    errors: [
      { pointer: '#/response/after/0', code: 'not_found' },
      { pointer: '#/onError', code: 'not_a_handler' },
    ],
  });
});

test('an endpoint that attaches a handler is among those that its save checks and its deploy changes', async () => {
  for (const place of ['after', 'onError'] as const) {
    const handler = await save('export default () => null');
    const options = place === 'after' ? { response: { after: [handler.path] } } : { onError: handler.path };
    const { endpoint } = await publish(HANDLER, options);
    const source = "export default () => fetch('https://api.example.com/')";
    const { version, warnings } = await createVersion(
      testContext(),
      handler.id,
      { source, note: '', deploy: false },
      null,
    );
    expect(warnings).toMatchObject([
      { code: 'not_listed', message: expect.stringContaining(`in the endpoint ${endpoint.path}`) },
    ]);
    expect(await confirmDeploy(testContext(), handler.path, version)).toMatchObject({ endpoints: [endpoint.path] });
  }
});

import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { KEEP_ANSWERS_MS } from '../../../src/kernel/kept-answer';
import { dispatch } from '../../../src/core/gateway/dispatch';
import { updateEndpoint } from '../../../src/core/publishing/endpoints/update-endpoint';
import { toProblem } from '../../../src/http/wire/errors';
import { testContext } from '../../support/context';
import {
  call,
  ensureAdmin,
  HELD,
  makeKey,
  postJson,
  publish,
  RELEASE,
  runOf,
  unique,
  type EndpointOptions,
} from '../../support/publish';
import { publishWorkflow, respond, saveMiddleware } from '../../support/workflow';

beforeAll(ensureAdmin);

const COUNTER = 'let n = 0; export default (params) => ({ n: ++n, ...params });';
const counter = async (source = COUNTER, options: EndpointOptions = {}) => {
  const { endpoint } = await publish(source, { instance: 'shared', idempotency: {}, ...options });
  const path = `/u/${endpoint.path}`;
  const post = (key: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    postJson(path, body, { 'idempotency-key': key, ...headers });
  return { path, post, id: endpoint.id };
};
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

describe('a repeat with the same Idempotency-Key', () => {
  test('gets the first answer and its run, and the handler runs once', async () => {
    const { post } = await counter(
      'let n = 0; export function handler() { return new Response(String(++n), { status: 201, headers: { "x-n": String(n) } }); }',
    );
    const first = await post('order-1');
    const again = await post('"order-1"');
    expect([first.status, await first.text(), first.headers.get('idempotent-replayed')]).toEqual([201, '1', null]);
    expect([again.status, await again.text(), again.headers.get('x-n')]).toEqual([201, '1', '1']);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('x-run-id')).toBe(first.headers.get('x-run-id'));
    expect(await (await post('order-2')).text()).toBe('2');
  });

  test('is 422 with another body, query or method, and leaves a run', async () => {
    const { path, post } = await counter(COUNTER, { methods: ['POST', 'PUT'] });
    await post('a', { of: 1 });
    const refused = await post('a', { of: 2 });
    expect(await codeOf(refused.clone())).toEqual([422, 'idempotency_mismatch']);
    expect(await runOf(refused)).toMatchObject({ outcome: 'rejected', errorCode: 'idempotency_mismatch' });
    expect((await postJson(`${path}?q`, { of: 1 }, { 'idempotency-key': 'a' })).status).toBe(422);
    const init = {
      method: 'PUT',
      headers: { 'idempotency-key': 'a', 'content-type': 'application/json' },
      body: '{"of":1}',
    };
    expect((await call(path, init)).status).toBe(422);
  });

  test('compares forms by their fields and files, whatever their boundary', async () => {
    const { path } = await counter('export default () => 1');
    const send = async (file: string) => {
      const body = new FormData();
      body.set('name', 'Ada');
      body.set('photo', new Blob([file]), 'a.txt');
      const response = await call(path, { method: 'POST', body, headers: { 'idempotency-key': 'form' } });
      return response.status;
    };
    expect([await send('one'), await send('one'), await send('two')]).toEqual([200, 200, 422]);
  });

  test('is 409 while the first call runs', async () => {
    const { post } = await counter(HELD);
    const both = [post('slow'), post('slow')];
    // The other is held.
    const refused = await Promise.race(both);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await codeOf(refused)).toEqual([409, 'idempotency_in_flight']);
    await post('release', RELEASE);
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await post('slow')).headers.get('idempotent-replayed')).toBe('true');
  });

  test('gets a failure of the handler again, also of a streamed response', async () => {
    const { post } = await counter('let n = 0; export default () => { throw new Error(String(++n)); }');
    expect(await codeOf(await post('a'))).toEqual([500, 'handler_error']);
    expect((await post('a')).headers.get('idempotent-replayed')).toBe('true');
    const cut = await counter(
      `export function handler() {
        return new Response(new ReadableStream({ pull(out) { out.enqueue(new Uint8Array(2000)); } }));
      }`,
      { limits: { responseBytes: 5000 }, response: { types: ['application/octet-stream'] } },
    );
    expect(await codeOf(await cut.post('a'))).toEqual([502, 'handler_bad_response']);
    expect((await cut.post('a')).status).toBe(502);
  });

  test('runs where the first call was refused before the handler, by the endpoint or by a middleware', async () => {
    const { post } = await counter(COUNTER, { parameters: [{ name: 'n2', type: 'integer', required: true }] });
    expect((await post('a', {})).status).toBe(422);
    expect((await post('a', { n2: 1 })).status).toBe(200);
    const { path } = await saveMiddleware([{ id: 't', do: 'throw', message: 'no' }]);
    const closed = await counter(COUNTER, { access: { level: 'public', middleware: [{ handler: path, with: {} }] } });
    expect((await closed.post('a')).status).toBe(403);
    await updateEndpoint(testContext(), closed.id, { access: { middleware: [] } }, null);
    expect(await (await closed.post('a')).json()).toEqual({ n: 1 });
  });

  test('is kept when its caller leaves before the response', async () => {
    const { path } = await counter();
    const request = new Request(`https://portico.test${path}`, {
      method: 'POST',
      headers: { 'idempotency-key': 'a' },
    });
    const deferred: Promise<unknown>[] = [];
    const begun = Promise.withResolvers<void>();
    let [isClaimed, isKept] = [false, false];
    const ctx = testContext();
    const answers: typeof ctx.answers = {
      claim: async (...args) => {
        const claimed = await ctx.answers.claim(...args);
        isClaimed = true;
        return claimed;
      },
      settle: async (...args) => {
        await ctx.answers.settle(...args);
        isKept = true;
      },
    };
    const defer = (work: Promise<unknown>): void => {
      deferred.push(work);
      if (isClaimed) begun.resolve();
    };
    // Its batch would be waited for as well.
    const recorder = { record: () => undefined };
    void dispatch({ ...ctx, answers, defer, recorder }, request, path.slice('/u/'.length), toProblem);
    // Without a caller, the platform waits for deferred work only.
    await begun.promise;
    while (deferred.length > 0) await deferred.shift();
    expect(isKept).toBe(true);
  });

  test('belongs to its caller', async () => {
    const keys = [await makeKey(), await makeKey()];
    const { post } = await counter(COUNTER, { access: { level: 'key', keys: keys.map(({ id }) => id) } });
    const ask = async (at: number) => (await post('a', {}, { 'x-api-key': keys[at]!.key! })).json();
    expect([await ask(0), await ask(1), await ask(0)]).toEqual([{ n: 1 }, { n: 2 }, { n: 1 }]);
  });

  test('works for workflows, and not for GET', async () => {
    const { endpoint } = await publishWorkflow([respond(1)], { idempotency: {}, methods: ['GET', 'POST'] });
    const ask = (method: string) => call(`/u/${endpoint.path}`, { method, headers: { 'idempotency-key': 'a' } });
    const runs = [await ask('POST'), await ask('POST'), await ask('GET')].map(({ headers }) => headers.get('x-run-id'));
    expect([runs[0] === runs[1], runs[0] === runs[2]]).toEqual([true, false]);
  });
});

test('a required key is 400 where it is missing, and a malformed one always', async () => {
  const { path, post } = await counter(COUNTER, { idempotency: { required: true }, methods: ['GET', 'POST'] });
  expect(await codeOf(await postJson(path, {}))).toEqual([400, 'idempotency_key_required']);
  expect(await codeOf(await post('x'.repeat(256)))).toEqual([400, 'invalid_parameter']);
  expect((await call(path)).status).toBe(200);
});

test('a save refuses answers that cannot be kept, and methods without an effect', async () => {
  await expect(
    publish(COUNTER, { idempotency: {}, methods: ['GET'], limits: { responseBytes: 2_000_000 } }),
  ).rejects.toMatchObject({
    extra: {
      issues: [{ pointer: '#/limits/responseBytes' }, { pointer: '#/idempotency', code: 'idempotent_already' }],
    },
  });
});

test('the keeper gives a lost call up after its time, and forgets an answer after a day', async () => {
  const keeper = env.ANSWER.getByName(unique('answer'));
  const claim = async (runId: string, now: number) =>
    (await keeper.claim({ runId, print: 'p', until: now + 1000, undone: [] }, now)).kind;
  const answer = { status: 200, headers: [], body: null };
  expect([await claim('a', 0), await claim('b', 999), await claim('b', 1000)]).toEqual(['first', 'running', 'first']);
  await keeper.settle('a', answer, 1100);
  expect(await claim('c', 1200)).toBe('running');
  await keeper.settle('b', answer, 1300);
  expect([await claim('c', 1400), await claim('c', 1000 + KEEP_ANSWERS_MS)]).toEqual(['answered', 'first']);
});

import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { publishCounter } from '../../support/counter';
import { testContext } from '../../support/context';
import { call, postJson, publish, runOf, type EndpointOptions } from '../../support/publish';
import { clearOfWindowEnd } from '../../support/rate-window';

/** Publishes `export <source>`, calls it once and answers the response with its text. */
async function answerOf(source: string, options: EndpointOptions = {}, init: RequestInit = {}) {
  const { endpoint } = await publish(`export ${source}`, options);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST', redirect: 'manual', ...init });
  const text = await response.text().catch((error: unknown) => `broken: ${String(error)}`);
  return { response, status: response.status, text, code: /"code":"(\w+)"/.exec(text)?.[1] };
}

type Run = Awaited<ReturnType<typeof runOf>>;

/** Calls once for each of longer and longer time limits, until the handler had begun: on a busy machine, its start can outlast a short one. */
async function cutAnswerOf(source: string, hasBegun: (run: Run) => boolean) {
  const cut = async (timeoutMs: number) => {
    const answer = await answerOf(source, { limits: { timeoutMs } });
    return { ...answer, run: await runOf(answer.response) };
  };
  for (const timeoutMs of [150, 1000]) {
    const answer = await cut(timeoutMs);
    if (hasBegun(answer.run)) return answer;
  }
  return cut(10_000);
}

describe('valid answers of a handler', () => {
  test.each<[string, string, number, string, string | null]>([
    ['an object', 'default () => ({ a: 1 })', 200, '{"a":1}', 'application/json'],
    ['a list', 'default () => [1, 200]', 200, '[1,200]', 'application/json'],
    ['null', 'default () => null', 200, 'null', 'application/json'],
    ['a boolean', 'default () => false', 200, 'false', 'application/json'],
    ['a string', "default () => 'hi'", 200, 'hi', 'text/plain; charset=utf-8'],
    ['a string of JSON, fed by name', `default () => '{"a":1}'`, 200, '{"a":1}', 'application/json'],
    ['nothing', 'default () => {}', 204, '', null],
    ['undefined from handler', 'const handler = () => undefined', 204, '', null],
    ['data and status', 'const handler = () => [{ a: 1 }, 418]', 418, '{"a":1}', 'application/json'],
    ['a Response', "const handler = () => Response.json({ a: 1 }, { status: 599 })", 599, '{"a":1}', 'application/json'],
    ['a redirect that stays', "const handler = () => new Response(null, { status: 302, headers: { location: '/u/x' } })", 302, '', null],
    ['304', 'const handler = () => new Response(null, { status: 304 })', 304, '', null],
    ['a date', 'default () => ({ at: new Date(0) })', 200, '{"at":"1970-01-01T00:00:00.000Z"}', 'application/json'],
  ])('%s', async (_name, source, status, text, type) => {
    const answer = await answerOf(source);
    expect([answer.status, answer.text, answer.response.headers.get('content-type')]).toEqual([status, text, type]);
    expect(Object.fromEntries(answer.response.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining('sandbox') as unknown,
      'x-run-id': expect.stringMatching(/^run_/) as unknown,
    });
  }); // oxfmt-ignore

  test('calls of one endpoint share no headers, neither in responses nor in runs', async () => {
    const { endpoint } = await publish('export default () => 1', { cors: { origins: ['https://a.example', 'https://b.example'] } });
    const origins = ['https://a.example', null, 'https://b.example'];
    const answers = await Promise.all(origins.map((origin) => call(`/u/${endpoint.path}`, { method: 'POST', headers: origin === null ? {} : { origin } })));
    const ids = answers.map(({ headers }) => headers.get('x-run-id'));
    expect(new Set(ids).size).toBe(3);
    expect(answers.map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual(origins);
    for (const [index, answer] of answers.entries()) {
      const { response } = await runOf(answer);
      expect(response!.headers).toEqual({
        'cache-control': 'no-store',
        'content-type': 'application/json',
        vary: 'origin',
        ...(origins[index] && { 'access-control-allow-origin': origins[index], 'access-control-expose-headers': 'x-run-id, x-request-id, retry-after, ratelimit, ratelimit-policy, idempotent-replayed' }),
      });
    }
  }); // oxfmt-ignore

  test('every status of 200 to 599 passes through', async () => {
    const { endpoint } = await publish(
      `export const handler = (request, { params }) => new Response(null, { status: params.s })`,
      {
        parameters: [{ name: 's', type: 'integer', in: 'query' }],
        methods: ['GET'],
      },
    );
    for (let s = 200; s < 600; s += 7)
      expect((await call(`/u/${endpoint.path}?s=${s}`, { redirect: 'manual' })).status).toBe(s);
  });
});

describe('an invalid answer is a 502 with a reason, not a 500', () => {
  test.each([
    ['HTML', "const handler = () => new Response('<script>', { headers: { 'content-type': 'text/html' } })"],
    ['SVG', "const handler = () => new Response('<svg/>', { headers: { 'content-type': 'image/svg+xml' } })"],
    ['a type set on data', "const handler = () => ['<script>', 200, { 'content-type': 'text/html' }]"],
    ['bytes where they are not listed', 'default () => new Uint8Array(1)'],
    [
      'status 101',
      'const handler = () => new Response(null, { status: 101, webSocket: Object.values(new WebSocketPair())[0] })',
    ],
    ['a foreign redirect', "const handler = () => Response.redirect('https://evil.example/')"],
    ['a 204 with a body', 'const handler = () => [{ a: 1 }, 204]'],
    ['a symbol', 'default () => Symbol()'],
    ['a function', 'default () => () => 1'],
    ['a cyclic object', 'default () => { const a = {}; a.a = a; return a }'],
    ['a bigint', 'default () => 1n'],
    ['an object whose toJSON throws', "default () => ({ toJSON() { throw new Error('no') } })"],
    [
      '33 headers',
      "const handler = () => [1, 200, Object.fromEntries(Array.from({ length: 33 }, (_, n) => ['x-' + n, '1']))]",
    ],
    ['more than the limit', "default () => 'x'.repeat(2_000_000)"],
    ['bytes with a 204', 'const handler = () => [new Uint8Array(3), 204]'],
  ])('%s', async (_name, source) => {
    const { status, code, response } = await answerOf(source);
    expect([status, code]).toEqual([502, 'handler_bad_response']);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  test('listed types pass: the list is the endpoint’s', async () => {
    const source =
      "const handler = () => new Response('<p>', { headers: { 'content-type': 'text/html; charset=utf-8' } })";
    expect(await answerOf(source, { response: { types: ['text/html'] } })).toMatchObject({ status: 200, text: '<p>' });
  });

  test('headers that a handler may not set are dropped, with a warning in the run', async () => {
    const { response } = await answerOf(
      "const handler = () => [1, 200, { 'set-cookie': 'a=b', 'access-control-allow-origin': '*', 'x-run-id': 'run_forged', 'content-security-policy': 'none', 'x-mine': 'kept' }]",
    );
    expect(response.headers.has('set-cookie') || response.headers.has('access-control-allow-origin')).toBe(false);
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(response.headers.get('x-mine')).toBe('kept');
    const { logs } = await runOf(response);
    expect(logs.map(({ message }) => message).join()).toMatch(/set-cookie.*left out/);
  });
});

describe('failures', () => {
  test.each([
    ['an Error', "default () => { throw new RangeError('secret detail') }", 'RangeError', 'secret detail'],
    ['undefined', 'default () => { throw undefined }', 'Error', 'undefined'],
    ['an object with a throwing toString', 'default () => { throw { toString() { throw 1 }, toJSON() { throw 2 } } }', 'Error', ''],
    ['an error with throwing getters', "default () => { throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } }) }", 'Error', ''],
    ['a message of 500 KB', "default () => { throw new Error('m'.repeat(500_000)) }", 'Error', 'mmm'],
    ['a rejection', "default async () => { throw new Error('later') }", 'Error', 'later'],
    ['an error at module start', "default () => 1; throw new Error('no start')", 'Error', 'no start'],
  ])('a handler that throws %s is 500 handler_error without details', async (_name, source, name, message) => {
    const { status, code, text, response } = await answerOf(source);
    expect([status, code]).toEqual([500, 'handler_error']);
    if (message !== '') expect(text).not.toContain(message);
    expect(text).not.toMatch(/handler\.js|main\.js|stack/);
    const { outcome, error } = await runOf(response);
    expect([outcome, error?.name]).toEqual(['failed', name]);
    expect(error!.message).toContain(message);
    expect(error!.message.length).toBeLessThanOrEqual(4096);
    expect(error!.stack).not.toMatch(/main\.js|\/src\//);
  }); // oxfmt-ignore

  test('a handler that never answers is 504', async () => {
    const { status, code, response } = await answerOf('default () => new Promise(() => {})', {
      limits: { timeoutMs: 100 },
    });
    expect([status, code]).toEqual([504, 'handler_timeout']);
    expect(await runOf(response)).toMatchObject({ outcome: 'timeout', status: 504 });
  });

  test('the run of a handler that answers too late has what it logged until then, and no answer', async () => {
    const source = `default async () => { console.warn('waiting'); await new Promise((r) => setTimeout(r, 60_000)); return 1 }`;
    const { status, run } = await cutAnswerOf(source, ({ logs }) => logs.length > 0);
    expect([status, run.outcome, run.error?.code]).toEqual([504, 'timeout', 'handler_timeout']);
    expect(run.logs).toEqual([{ at: expect.any(String) as unknown, level: 'warn', message: 'waiting' }]);
  });

  test('4xx and 5xx of a handler pass through, as responded_error', async () => {
    const { status, response } = await answerOf('const handler = () => [{ no: 1 }, 503]');
    expect(status).toBe(503);
    expect(await runOf(response)).toMatchObject({ outcome: 'responded_error', error: null });
  });

  test('work after the answer that fails does not change the answer', async () => {
    const { text, response } = await answerOf(
      "default (p, ctx) => { ctx.waitUntil(Promise.reject(new Error('late'))); return 1 }",
    );
    expect(text).toBe('1');
    expect(await runOf(response)).toMatchObject({
      outcome: 'failed_after_response',
      status: 200,
      error: { message: 'late' },
    });
  });

  test('logs of 10 MB are cut and marked, and the run is there', async () => {
    const { text, response } = await answerOf(
      "default () => { for (let i = 0; i < 10; i++) console.log('x'.repeat(1_000_000)); return 1 }",
    );
    expect(text).toBe('1');
    const run = await runOf(response);
    expect(run.truncated).toBe(true);
    expect(run.logs.reduce((sum, { message }) => sum + message.length, 0)).toBeLessThanOrEqual(65_536);
  });

  test('a log of control characters, six times as long when written down, loses no run', async () => {
    const { response } = await answerOf("default () => { console.log('\\u0001'.repeat(65_000)); return 1 }");
    expect(await runOf(response)).toMatchObject({ truncated: true, outcome: 'success' });
  });
});

describe('streams', () => {
  const streaming = (body: string): string =>
    `const handler = () => new Response(new ReadableStream({ ${body} }), { headers: { 'content-type': 'text/plain' } })`;

  test('chunks arrive as they are sent', async () => {
    const { text, response } = await answerOf(
      streaming(
        `async start(c) { for (const x of ['a', 'b', 'c']) { c.enqueue(new TextEncoder().encode(x)); await new Promise((r) => setTimeout(r, 5)) } c.close() }`,
      ),
    );
    expect(text).toBe('abc');
    expect(await runOf(response)).toMatchObject({ outcome: 'success', response: { body: 'abc', bytes: 3 } });
  });

  test('a stream beyond the limit is cut, and its connection closed', async () => {
    const chunk = 65_536;
    const { status, text, response } = await answerOf(
      streaming(
        `n: 0, pull(c) { if (this.n++ > 200) return c.close(); c.enqueue(new Uint8Array(${chunk}).fill(120)) }`,
      ),
      { limits: { responseBytes: chunk * 4 } },
    );
    expect(status).toBe(200);
    expect(text).toMatch(/^broken/);
    expect(await runOf(response)).toMatchObject({ outcome: 'failed', error: { code: 'handler_bad_response' } });
  });

  test('a stalled stream is cut at the time limit', async () => {
    const { text, run } = await cutAnswerOf(
      streaming(
        `start(c) { c.enqueue(new Uint8Array(3).fill(120)); return new Promise((r) => setTimeout(r, 60_000)) }`,
      ),
      ({ response }) => response?.body === 'xxx',
    );
    expect(text).toMatch(/^broken/);
    expect([run.outcome, run.response?.body, run.error?.message]).toEqual([
      'timeout',
      'xxx',
      'the body was not complete within limits.timeoutMs and was cut',
    ]);
  });

  test('a stream that fails in the middle is a failed run', async () => {
    const { text, response } = await answerOf(
      streaming(`async start(c) { c.enqueue(new Uint8Array(3).fill(120)); await 1; c.error(new Error('broke')) }`),
    );
    expect(text).toMatch(/^broken/);
    const run = await runOf(response);
    expect([run.outcome, run.error?.code, run.error?.message]).toEqual([
      'failed',
      'handler_error',
      'the handler failed while its body was being sent',
    ]);
  });

  test('a stream without a type and a byte, as of an upstream without an answer, needs no type', async () => {
    const untyped = (body: string) =>
      `const handler = (_, ctx) => { ctx.waitUntil(new Promise((r) => setTimeout(r, 5)).then(() => console.log('late')));
        return new Response(new ReadableStream({ ${body} }), { status: 202, headers: { 'x-own': '1' } }) }`;
    const { status, text, response } = await answerOf(untyped('async pull(c) { await 1; c.close() }'));
    expect([status, text, response.headers.get('x-own'), response.headers.get('content-type')]).toEqual([
      202,
      '',
      '1',
      null,
    ]);
    expect(await runOf(response)).toMatchObject({ outcome: 'success', logs: [{ message: 'late' }] });
    const bytes = await answerOf(untyped('start(c) { c.enqueue(new Uint8Array(3).fill(120)); c.close() }'), {
      response: { types: ['application/octet-stream'] },
    });
    expect([bytes.status, bytes.text]).toEqual([202, 'xxx']);
  });

  test('a stalled stream without a type is a timeout', async () => {
    const { status, response } = await answerOf(
      'const handler = () => new Response(new ReadableStream({ start: () => new Promise((r) => setTimeout(r, 60_000)) }))',
      { limits: { timeoutMs: 500 }, response: { types: ['application/octet-stream'] } },
    );
    expect([status, (await runOf(response)).outcome]).toEqual([504, 'timeout']);
  });

  test('the time limit of such a stream begins with the call', async () => {
    const { status } = await answerOf(
      `const handler = async () => { await new Promise((r) => setTimeout(r, 1500));
        return new Response(new ReadableStream({ async start(c) { await new Promise((r) => setTimeout(r, 1500)); c.enqueue(new Uint8Array(3)); c.close() } })) }`,
      { limits: { timeoutMs: 2000 }, response: { types: ['application/octet-stream'] } },
    );
    expect(status).toBe(504);
  });

  test('a caller who leaves is an interrupted run', async () => {
    const { endpoint } = await publish(
      `export ${streaming(`n: 0, async pull(c) { await new Promise((r) => setTimeout(r, 5)); if (this.n++ > 500) return c.close(); c.enqueue(new Uint8Array(1000).fill(120)) }`)}`,
    );
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    expect(await runOf(response)).toMatchObject({ outcome: 'interrupted' });
  });
});

describe('limits and switches', () => {
  beforeEach(() => clearOfWindowEnd(86_400), 30_000);

  test('calls over the rate are 429 and do not run', async () => {
    const counter = await publishCounter({ rateLimit: { limit: 2, windowSeconds: 86_400, by: 'ip' } });
    await counter.expectUntouched();
    await counter.expectUntouched();
    for (let i = 0; i < 2; i++) {
      const response = await call(counter.path, { method: 'POST' });
      expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([429, 'rate_limited']);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const other = await call(counter.path, { method: 'POST', headers: { 'cf-connecting-ip': '192.0.2.9' } });
    expect(await other.text()).toBe('3');
  });

  test('concurrent calls cannot exceed the rate', async () => {
    const { path } = await publishCounter({ rateLimit: { limit: 3, windowSeconds: 86_400, by: 'ip' } });
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async () => (await call(path, { method: 'POST' })).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  });

  test('an endpoint whose executor is disabled is 503 and does not run', async () => {
    await env.DB.prepare(
      `insert into users (id, name, password_hash, active, roles, revision, created_at, updated_at) values ('usr_gone', 'gone', 'none', 1, '[]', 1, 0, 0)`,
    ).run();
    const counter = await publishCounter({ executor: 'usr_gone' });
    await counter.expectUntouched();
    await env.DB.prepare(`update users set active = 0 where id = 'usr_gone'`).run();
    testContext().cache.invalidate();
    expect(await (await call(counter.path, { method: 'POST' })).json()).toMatchObject({
      code: 'executor_disabled',
      status: 503,
    });
    await env.DB.prepare(`update users set active = 1 where id = 'usr_gone'`).run();
    testContext().cache.invalidate();
    await counter.expectUntouched();
  });
});

test('a handler that breaks built-ins does not affect other handlers', async () => {
  const { endpoint: bad } = await publish(
    `Object.prototype.polluted = 'yes'; Array.prototype.toJSON = () => 'broken'; JSON.stringify = () => '{"broken":1}'; JSON.parse = () => null;
     Headers.prototype.get = () => 'evil'; globalThis.Response = class {}; export default () => ({ done: true })`,
  );
  const { endpoint: good } = await publish(
    'export default (p) => [p, ({}).polluted === undefined, JSON.stringify({ a: 1 })]',
  );
  await postJson(`/u/${bad.path}`, {});
  expect(await (await postJson(`/u/${good.path}`, { a: 1 })).json()).toEqual([{ a: 1 }, true, '{"a":1}']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  const openapi = await (await call('/openapi.json')).json<{ openapi: string }>();
  expect(openapi.openapi).toBe('3.1.0');
  expect((await call('/admin/endpoints')).status).toBe(401);
});

describe('a handler that fails', () => {
  test('fails at once when it waits for a promise that cannot settle', async () => {
    const { response, code } = await answerOf('default () => { console.log("stuck"); return new Promise(() => {}) }', {
      limits: { timeoutMs: 120_000 },
    });
    expect([response.status, code]).toEqual([504, 'handler_timeout']);
    const run = await runOf(response);
    expect([run.outcome, run.error!.message, run.logs.map(({ message }) => message)]).toEqual([
      'timeout',
      'The handler will never answer: it waits for something that cannot happen, such as a promise that nothing resolves.',
      ['stuck'],
    ]);
  });

  test.each([
    ['named', `default () => { throw new Response('no such thing', { status: 404, headers: { 'x-a': 'b' } }) }`],
    [
      'handler',
      `async function handler() { throw new Response('no such thing', { status: 404, headers: { 'x-a': 'b' } }) }`,
    ],
    [
      'app',
      `default { fetch: async () => { throw new Response('no such thing', { status: 404, headers: { 'x-a': 'b' } }) } }`,
    ],
  ])('by throwing a Response answers with it (%s)', async (_form, source) => {
    const { response, text } = await answerOf(source);
    expect([response.status, text, response.headers.get('x-a')]).toEqual([404, 'no such thing', 'b']);
    expect(await runOf(response)).toMatchObject({ outcome: 'responded_error', status: 404, error: null });
  });

  test('has its causes in the run, not in the answer', async () => {
    const source = `default () => { throw new Error('could not save', { cause: new TypeError('port is closed') }) }`;
    const { response, text } = await answerOf(source);
    expect(text).not.toMatch(/could not|is closed/);
    const { error } = await runOf(response);
    expect(error).toMatchObject({ name: 'Error', message: 'could not save' });
    expect(error!.stack).toContain('[cause]: TypeError: port is closed');
  });
});

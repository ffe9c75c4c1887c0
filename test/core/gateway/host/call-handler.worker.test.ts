import { describe, expect, test } from 'vitest';
import { lend } from '../../../support/host';
import { call, publish, runOf, saveHandler, unique } from '../../../support/publish';
import { publishWorkflow, respond, saveMiddleware, workflow } from '../../../support/workflow';

/** A workflow that calls a handler and answers what it answered; its source, and what an endpoint of it comes to. */
const callsOf = (handler: string): object[] => [
  { id: 'c', do: 'call', handler, with: { n: 2 } },
  respond({ $: 'steps.c' }),
];
async function ask(handler: string) {
  const { endpoint } = await publishWorkflow(callsOf(handler));
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  return { status: response.status, body: await response.text(), run: await runOf(response) };
}

describe('a call of a handler', () => {
  test('answers with its status, body and log', async () => {
    const { path } = await saveHandler(
      workflow({ id: 'l', do: 'log', message: 'hi' }, respond({ $: 'params.n' }, { status: 202 })),
      `${unique('c')}.workflow.json`,
    );
    const { body, run } = await ask(path);
    expect([body, run.logs]).toMatchObject(['2', [{ level: 'info', message: `[${path}] hi` }]]);
  });

  test('keeps the digits of integers that JavaScript cannot count', async () => {
    for (const source of [
      'def f(n):\n    return {"id": 2**70, "list": [-9007199254740993, 1.5]}\nresult = f',
      'from flask import jsonify\ndef handler(request):\n    return jsonify(id=2**70, list=[-9007199254740993, 1.5])',
    ]) {
      const { path } = await saveHandler(source, `${unique('long')}.py`);
      expect((await ask(path)).body).toBe('{"id":"1180591620717411303424","list":["-9007199254740993",1.5]}');
    }
  });

  test('fails where it answers bytes that are no text, which JSON would change', async () => {
    const source = 'export default () => new Response(Uint8Array.of(0xff, 0xd8, 0xff))';
    const { path } = await saveHandler(source);
    const { status, run } = await ask(path);
    expect([status, run.error?.message]).toEqual([500, `${path} answered 502`]);
    expect(run.logs.map(({ message }) => message)).toEqual([`[${path}] answered bytes that are not UTF-8 text`]);
  });

  test('reads a stream whose code asks its host', async () => {
    const { path } = await saveHandler(
      `export default (p, ctx) => new Response(new ReadableStream({ async pull(out) {
        await scheduler.wait(20);
        const code = await ctx.tables['not.there'].count({ all: true }).catch((error) => error.code);
        console.log('asked'); out.enqueue(new TextEncoder().encode(code)); out.close() } }), { headers: { 'content-type': 'text/plain' } })`,
    );
    const { body, run } = await ask(path);
    expect([body, run.logs.map(({ message }) => message)]).toEqual(['not_found', [`[${path}] asked`]]);
  });

  test.each([
    ['js', "export default () => { console.log('a'); return new TextEncoder().encode('hi') }"],
    ['py', "def handler():\n    print('a')\n    return b'hi'\n"],
  ])('has the log of one that answers bytes (%s)', async (extension, source) => {
    const { path } = await saveHandler(source, `${unique('bytes')}.${extension}`);
    const { body, run } = await ask(path);
    expect([body, run.logs.map(({ message }) => message)]).toEqual(['hi', [`[${path}] a`]]);
  });

  test('has the log and the failure of its work after the answer', async () => {
    const { path } = await saveHandler(
      `export default (p, ctx) => { console.log('a'); ctx.waitUntil(scheduler.wait(20).then(() => { console.log('b'); throw new RangeError('late') })); return 1 }`,
    );
    const { body, run } = await ask(path);
    expect([body, run.logs.map(({ message }) => message)]).toEqual(['1', [`[${path}] a`, `[${path}] b`]]);
    expect(run).toMatchObject({
      outcome: 'failed_after_response',
      error: { code: 'handler_error', name: 'RangeError', message: `${path}: late` },
    });
  });

  test('ends three handlers deep', async () => {
    let { path } = await saveHandler('export default ({ n }) => n');
    for (let depth = 1; depth <= 2; depth++)
      ({ path } = await saveHandler(workflow(...callsOf(path)), `${unique('deep')}.workflow.json`));
    expect((await ask(path)).body).toBe('2');
    ({ path } = await saveHandler(workflow(...callsOf(path)), `${unique('deep')}.workflow.json`));
    const { status, run } = await ask(path);
    expect([status, run.error?.message]).toEqual([500, expect.stringContaining('answered 500')]);
    expect(JSON.stringify(run.logs)).toContain('more than 3 handlers deep');
  });

  test('finds neither what is not there nor a middleware', async () => {
    expect((await ask('not/there.js')).run.error?.message).toContain('No deployed handler found at not/there.js');
    const { path } = await saveMiddleware([{ id: 's', do: 'stop' }]);
    expect((await ask(path)).run.error?.message).toContain('is a middleware');
  });
});

describe('the answer of a called handler', () => {
  const limits = { responseBytes: 1000, timeoutMs: 10_000 };
  const answered = async (source: string) => {
    const { path } = await saveHandler(source);
    const steps = [
      {
        id: 't',
        do: 'try',
        steps: callsOf(path).slice(0, 1),
        catch: [respond({ $: 'error.cause' }, { id: 'failed' })],
      },
      respond({ $: 'steps.c' }),
    ];
    const { endpoint } = await publishWorkflow(steps, { limits: { ...limits, responseBytes: 2000 } });
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    return [response.status, await response.text()];
  };
  const stream = (body: string): string =>
    `export default () => new Response(new ReadableStream({ async pull(c) { ${body} } }), { headers: { 'content-type': 'text/plain' } })`;

  test.each([
    ['a text', 'export default () => "x".repeat(2001)'],
    ['characters of three bytes', 'export default () => "€".repeat(700)'],
    ['a stream', stream('c.enqueue(new Uint8Array(500))')],
    ['bytes', 'export default () => new Uint8Array(2001)'],
  ])('%s of more than the endpoint may answer is a failure', async (_name, source) => {
    expect(await answered(source)).toEqual([200, '{"status":502,"body":{"code":"handler_bad_response"}}']);
  });

  test('a stream that fails is one too, and one within the limits is read', async () => {
    expect(await answered(stream('c.enqueue(new Uint8Array(5)); throw new Error("no")'))).toEqual([
      200,
      '{"status":500,"body":{"code":"handler_error"}}',
    ]);
    expect(await answered(stream('c.enqueue(new Uint8Array([104, 105])); c.close()'))).toEqual([200, 'hi']);
  });
});

describe('code that asks for a call itself', () => {
  test('is refused: only steps call handlers, and only those that they name', async () => {
    const { path } = await saveHandler('export default () => 1');
    const { path: other } = await saveHandler('export default () => 2');
    const wish = (handler: string) => ({ handler, params: {} });
    const { endpoint: plain } = await publish('export default () => 1');
    expect(await (await lend(plain)).ask('handlers.call', wish(path))).toMatchObject({ error: { code: 'forbidden' } });
    const { ask: askAs } = await lend((await publishWorkflow(callsOf(path))).endpoint);
    expect(await askAs('handlers.call', wish(path))).toMatchObject({ ok: { status: 200, body: 1 } });
    expect(await askAs('handlers.call', wish(other))).toMatchObject({ error: { code: 'forbidden' } });
  });

  test('is refused from Python, which can reach the harness', async () => {
    const { path } = await saveHandler('export default () => 1');
    const { endpoint } = await publish(
      `from _portico import host\ndef f():\n  try: return host.ask("handlers.call", {"handler": "${path}", "params": {}})\n  except host.HostError as error: return error.code\nresult = f`,
      {},
      'py',
    );
    expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).text()).toBe('forbidden');
  });

  test.each([{ params: {} }, { handler: 'x' }, { handler: 'x', params: [] }, null])(
    'needs its arguments: %j',
    async (args) => {
      const { ask: askAs } = await lend((await publish('export default () => 1')).endpoint);
      expect(await askAs('handlers.call', args)).toMatchObject({ error: { code: 'invalid_input' } });
    },
  );

  test.each([
    ['tables.nope', '{}', 'not_found'],
    ['constructor', '{}', 'not_found'],
    ['tables.list', 'no JSON', 'invalid_json'],
  ])('%s with %s: %s', async (op, args, code) => {
    const { ask: askAs } = await lend((await publish('export default () => 1')).endpoint);
    expect(await askAs(op, args)).toMatchObject({ error: { code } });
  });
});

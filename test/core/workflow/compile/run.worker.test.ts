import { describe, expect, test } from 'vitest';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';
import { compileWorkflow } from '../../../../src/core/workflow/compile/compile.rules';
import { runModule, runWorkflow, workflow } from '../support/isolate';

const early = { id: 'early', do: 'respond', status: 202, body: 'ok', continue: true };
const answer = (expression: string) => ({ id: 'answer', do: 'respond', body: { $: expression } });
const outcomes = (steps: { id: string; outcome: string }[]) => steps.map(({ id, outcome }) => `${id} ${outcome}`);

describe('the answer', () => {
  test('no respond step is 204', async () => expect((await runWorkflow(workflow())).answer).toBeNull());
  test('an uncaught error is thrown on, with its step', async () => {
    const {
      answer: given,
      error,
      steps,
    } = await runWorkflow(workflow({ id: 'i', do: 'if', when: true, then: [answer('body.x.y')] }));
    expect(given).toBeUndefined();
    expect(error).toMatchObject({ name: 'TypeError', step: 'answer' });
    expect(outcomes(steps)).toEqual(['i failed', 'answer failed']);
    expect(steps[1]?.error?.message).toMatch('null');
  });
  test('a failure after the answer is a late one and keeps the answer', async () => {
    const {
      answer: given,
      error,
      late,
      steps,
    } = await runWorkflow(
      workflow(
        early,
        { id: 'l', do: 'each', items: [1], steps: [{ id: 'bad', do: 'throw', message: 'late', status: 400 }] },
        answer('1'),
      ),
    );
    expect(given).toEqual({ status: 202, headers: {}, body: 'ok' });
    expect(error).toBeUndefined();
    expect(late).toMatchObject([{ message: 'late', step: 'bad' }]);
    expect(outcomes(steps)).toEqual(['early success', 'l failed', 'bad failed']);
  });
  test('a second response is a step error, recorded and not sent', async () => {
    const { answer: given, late, steps } = await runWorkflow(workflow(early, { ...early, id: 'again', body: 'two' }));
    expect(given).toMatchObject({ body: 'ok' });
    expect(late).toMatchObject([{ message: 'the workflow has already responded', step: 'again' }]);
    expect(outcomes(steps)).toEqual(['early success', 'again failed']);
  });
  test('a second response that is caught is not a failure', async () => {
    const { late, steps } = await runWorkflow(
      workflow(early, {
        id: 't',
        do: 'try',
        steps: [{ id: 'again', do: 'respond' }],
        catch: [{ id: 'l', do: 'log', message: { $: 'error.message' } }],
      }),
    );
    expect(late).toEqual([]);
    expect(outcomes(steps)).toEqual(['early success', 't success', 'again failed', 'l success']);
  });
  test('an answer within a loop lets the rest go on', async () => {
    const {
      answer: given,
      steps,
      events,
    } = await runWorkflow(
      workflow(
        {
          id: 'l',
          do: 'each',
          items: [1, 2],
          steps: [{ id: 'i', do: 'if', when: { $: 'loop.index === 0' }, then: [early] }],
        },
        { id: 'end', do: 'log', message: 'x' },
      ),
    );
    expect(given).toMatchObject({ status: 202 });
    expect(steps.map(({ id }) => id)).toEqual(['l', 'i', 'early', 'i', 'end']);
    expect(events).toEqual(['answered']);
  });
});

describe('roots', () => {
  test('expressions read body, query, headers and the request', async () => {
    const roots =
      '({ body, page: query.page, all: request.queries.page, type: headers["content-type"], m: request.method, p: request.path, text: request.text })';
    const request = {
      url: 'https://e.test/a/b?page=1&page=2&__proto__=x',
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"a": [1]}',
    };
    expect((await runWorkflow(workflow(answer(roots)), { request })).answer?.body).toEqual({
      body: { a: [1] },
      page: '1',
      all: ['1', '2'],
      type: 'application/json',
      m: 'PUT',
      p: '/a/b',
      text: '{"a": [1]}',
    });
  });
  test.each([
    ['application/x-www-form-urlencoded', 'a=1&b=2&b=3', { a: '1', b: ['2', '3'] }],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
      { a: '1' },
    ],
    ['text/plain', '{"a":1}', { a: 1 }],
    ['text/plain', 'a=1', 'a=1'],
    ['application/json', 'a=1', { a: '1' }],
    ['application/json', '{"a":', '{"a":'],
    ['application/json', '', null],
  ])('a body of %s', async (type, body, expected) => {
    expect(
      (
        await runWorkflow(workflow(answer('body')), {
          request: { method: 'POST', headers: { 'content-type': type }, body },
        })
      ).answer?.body,
    ).toEqual(expected);
  });
  test.each([
    [
      { kind: 'user', id: 'u1', name: 'Ann', roles: ['a'] },
      { kind: 'user', user: { id: 'u1', name: 'Ann', roles: ['a'] }, key: null },
    ],
    [
      { kind: 'token', id: 't1', name: 'ci' },
      { kind: 'token', user: { id: 't1', name: 'ci', roles: [] }, key: null },
    ],
    [
      { kind: 'key', id: 'k1', name: 'shop' },
      { kind: 'key', user: null, key: { id: 'k1', alias: 'shop' } },
    ],
    [
      { kind: 'anonymous', id: null },
      { kind: 'anonymous', user: null, key: null },
    ],
  ])('auth of %j', async (caller, auth) => {
    expect((await runWorkflow(workflow(answer('auth')), { ctx: { caller } })).answer?.body).toEqual(auth);
  });
  test('expressions read the results of middleware as mw', async () => {
    expect(
      (await runWorkflow(workflow(answer('mw[1].member + mw.length')), { ctx: { mw: [{}, { member: 40 }] } })).answer
        ?.body,
    ).toBe(42);
  });
});

describe('limits', () => {
  const loop = (rounds: number) => ({
    id: 'l',
    do: 'while',
    when: { $: `loop.index < ${rounds}` },
    limit: 100_000,
    steps: [{ id: 's', do: 'set', name: 'x', value: 1 }],
  });
  test('a run takes 500 steps, and fails at the next', async () => {
    expect((await runWorkflow(workflow(loop(498), answer('1')))).answer?.body).toBe(1);
    expect((await runWorkflow(workflow(loop(500), answer('1')))).error).toMatchObject({
      name: 'LimitError',
      message: 'more than 500 steps ran',
      step: 's',
    });
  });
  test('1,000 loop rounds, of all loops together', async () => {
    const empty = (id: string, rounds: number) => ({
      id,
      do: 'while',
      when: { $: `loop.index < ${rounds}` },
      limit: 100_000,
      steps: [],
    });
    expect((await runWorkflow(workflow(empty('a', 500), empty('b', 500), answer('1')))).answer?.body).toBe(1);
    expect((await runWorkflow(workflow(empty('a', 500), empty('b', 501), answer('1')))).error).toMatchObject({
      name: 'LimitError',
      step: 'b',
    });
  });
  test('the workflow and its endpoint may set other ones', async () => {
    expect((await runWorkflow({ ...workflow(loop(3)), limits: { steps: 3 } })).error?.name).toBe('LimitError');
    expect(
      (await runWorkflow(workflow(loop(700), answer('1')), { ctx: { limits: { steps: 2_000 } } })).answer?.body,
    ).toBe(1);
  });
});

describe('test runs', () => {
  const steps = workflow(
    { id: 'a', do: 'set', name: 'x', value: 1 },
    {
      id: 'b',
      do: 'if',
      when: { $: 'vars.x === 1' },
      then: [{ id: 'c', do: 'table.insert', table: 't', values: { x: { $: 'vars.x' } } }],
    },
    { id: 'd', do: 'respond', body: { $: 'steps.c ?? null' } },
  );
  const world = '{ tables: { insert: async (table, values) => ({ id: 1, ...values }) } }';
  test.each([
    ['a', 1, ['a']],
    ['b', true, ['a', 'b', 'c']],
    ['c', { id: 1, x: 1 }, ['a', 'b', 'c']],
    ['d', { id: 1, x: 1 }, ['a', 'b', 'c', 'd']],
    ['elsewhere', { id: 1, x: 1 }, ['a', 'b', 'c', 'd']],
  ])('up to %s', async (until, body, ran) => {
    const { answer: given, steps: records } = await runWorkflow(steps, { world, ctx: { test: { until } } });
    expect(given).toMatchObject({ status: 200, body });
    expect(outcomes(records)).toEqual(ran.map((id) => `${id} success`));
  });
  test('up to a step that is never caught on the way', async () => {
    const { answer: given } = await runWorkflow(
      workflow({
        id: 't',
        do: 'try',
        steps: [{ id: 'a', do: 'set', name: 'x', value: 5 }],
        catch: [answer('"caught"')],
      }),
      { ctx: { test: { until: 'a' } } },
    );
    expect(given?.body).toBe(5);
  });
  test('up to a step after the answer', async () => {
    const {
      answer: given,
      steps: records,
      late,
    } = await runWorkflow(
      workflow(early, { id: 'a', do: 'set', name: 'x', value: 5 }, { id: 'b', do: 'log', message: 'x' }),
      { ctx: { test: { until: 'a' } } },
    );
    expect([given?.body, records.length, late]).toEqual(['ok', 2, []]);
  });
  test('mocked steps do not run', async () => {
    const { answer: given, steps: records } = await runWorkflow(steps, {
      ctx: { test: { mocks: { c: { id: 'mock' } } } },
    });
    expect(given?.body).toEqual({ id: 'mock' });
    expect(records[2]).toMatchObject({ id: 'c', outcome: 'mocked', output: { id: 'mock' } });
  });
  test('mocks decide splits, lists and throws', async () => {
    const all = workflow(
      { id: 'i', do: 'if', when: { $: 'body.nothing.here' }, then: [{ id: 'a', do: 'set', name: 'x', value: 'then' }] },
      { id: 's', do: 'switch', cases: [{ when: true, steps: [] }, { when: true, steps: [{ id: 'b', do: 'set', name: 'y', value: 'second' }] }] },
      { id: 'l', do: 'each', items: { $: 'body.nothing.here' }, steps: [{ id: 'c', do: 'set', name: 'z', value: { $: 'loop.item' } }] },
      { id: 't', do: 'throw', message: 'x' },
      answer('[vars.x ?? 0, vars.y ?? 0, vars.z ?? 0]'),
    ); // oxfmt-ignore
    expect(
      (await runWorkflow(all, { ctx: { test: { mocks: { i: true, s: 1, l: ['item'], t: null } } } })).answer?.body,
    ).toEqual(['then', 'second', 'item']);
  });
});

describe('middleware', () => {
  const middleware = (...steps: object[]) => ({
    kind: 'middleware',
    parameters: [{ name: 'project' }, { name: 'role', required: false, default: 'member' }],
    steps,
  });
  const run = (source: object, options: Parameters<typeof runWorkflow>[1] = {}) =>
    runWorkflow(source, {
      with: { project: { $: 'params.project_id' } },
      ctx: { params: { project_id: 'p1', role: 'x' } },
      ...options,
    });
  test('falling through passes, with the variables as its result', async () => {
    expect(
      (await run(middleware({ id: 'a', do: 'set', name: 'seen', value: { $: '[params.project, params.role]' } })))
        .answer,
    ).toEqual({ outcome: 'pass', result: { seen: ['p1', 'member'] } });
  });
  test('stop passes', async () =>
    expect((await run(middleware({ id: 'a', do: 'stop' }))).answer).toEqual({ outcome: 'pass', result: {} }));
  test('throw refuses', async () => {
    expect((await run(middleware({ id: 'a', do: 'throw', message: 'not yours' }))).answer).toMatchObject({
      outcome: 'refuse',
      status: 403,
      body: { detail: 'not yours' },
    });
    expect((await run(middleware({ id: 'a', do: 'throw', message: 'pay', status: 402 }))).answer).toMatchObject({
      outcome: 'refuse',
      status: 402,
    });
  });
  test('respond refuses', async () => {
    expect((await run(middleware({ id: 'a', do: 'respond', body: 'no' }))).answer).toEqual({
      outcome: 'refuse',
      status: 403,
      headers: {},
      body: 'no',
    });
    expect(
      (await run(middleware({ id: 'a', do: 'respond', status: 401, headers: { 'www-authenticate': 'Bearer' } })))
        .answer,
    ).toEqual({ outcome: 'refuse', status: 401, headers: { 'www-authenticate': 'Bearer' } });
  });
  test('a response that goes on refuses too', async () => {
    const { answer: given, steps } = await run(
      middleware({ id: 'a', do: 'respond', continue: true }, { id: 'b', do: 'log', message: 'refused one' }),
    );
    expect(given).toMatchObject({ outcome: 'refuse', status: 403 });
    expect(outcomes(steps)).toEqual(['a success', 'b success']);
  });
  test('an error is thrown on, and so are errors in its values', async () => {
    expect((await run(middleware({ id: 'a', do: 'set', name: 'x', value: { $: 'body.a.b' } }))).error?.step).toBe('a');
    expect((await run(middleware(), { with: { project: { $: 'body.a.b' } } })).error?.name).toBe('TypeError');
  });
});

describe('records', () => {
  test('records of large values are cut and marked', async () => {
    const { steps } = await runWorkflow(
      workflow(
        { id: 'a', do: 'set', name: 'x', value: { $: 'params' } },
        {
          id: 'b',
          do: 'set',
          name: 'y',
          value: {
            $: '[params.long, Array.from({ length: 100 }, (_, i) => i), { deep: { deep: { deep: { deep: { deep: { deep: { deep: { deep: 1 } } } } } } } }]',
          },
        },
      ),
      {
        ctx: {
          params: Object.fromEntries([
            ['long', 'x'.repeat(100_000)],
            ...Array.from({ length: 200 }, (_, index) => [`k${index}`, index]),
          ]) as Record<string, unknown>,
        },
      },
    );
    expect(JSON.stringify(steps).length).toBeLessThan(12_000);
    const [first, second] = steps.map(({ output }) => output as Record<string, unknown>);
    expect(first?.['long']).toBe(`${'x'.repeat(1024)}… (100000 characters)`);
    expect(first?.['…']).toMatch(/^\d+ more$/);
    expect((second as unknown as unknown[])[1]).toHaveLength(51);
    expect(JSON.stringify(second)).toContain('{…}');
  });
  test('are bounded for the whole run', async () => {
    const { steps } = await runWorkflow(
      {
        ...workflow({
          id: 'l',
          do: 'each',
          items: { $: 'params.list' },
          steps: [{ id: 's', do: 'set', name: 'x', value: { $: 'params.text' } }],
        }),
        limits: { steps: 5_000, rounds: 5_000 },
      },
      {
        ctx: { params: { list: Array.from({ length: 2_000 }, () => 1), text: ['x'.repeat(1_000), 'y'.repeat(1_000)] } },
      },
    );
    expect(steps).toHaveLength(1_000);
    expect(JSON.stringify(steps).length).toBeLessThan(600_000);
  });
  test('keep no secret, wherever it turns up', async () => {
    const { steps } = await runWorkflow(
      workflow(
        {
          id: 'c',
          do: 'code',
          with: { k: { secret: 'KEY' } },
          source: 'return { [input.k]: ["x" + input.k + "y"], long: "z".repeat(1020) + input.k }',
        },
        { id: 't', do: 'throw', message: { tpl: 'bad {{steps.c.long}}' } },
      ),
      { ctx: { env: { KEY: 'sesame-open', SHORT: 'a' } } },
    );
    expect(JSON.stringify(steps)).not.toMatch(/sesame|same-open/);
    expect(steps[0]?.output).toMatchObject({ '[secret KEY]': ['x[secret KEY]y'] });
  });
  test('hold what JSON cannot', async () => {
    const { steps } = await runWorkflow(
      workflow({
        id: 'c',
        do: 'code',
        source:
          'const a = { n: NaN, d: new Date(0), f() {}, u: undefined, e: new Error("x", { cause: new TypeError("y") }), b: new Uint8Array(3), big: 10n, m: new Map([["k", new Set([1])]]), q: new URLSearchParams("a=1") }; a.self = a; return a',
      }),
    );
    expect(steps[0]?.output).toMatchObject({
      n: 'NaN',
      d: '1970-01-01T00:00:00.000Z',
      f: '[function]',
      e: { name: 'Error', message: 'x', cause: { name: 'TypeError', message: 'y' } },
      b: '[3 bytes]',
      big: '10',
      m: 'Map(1) {"k" => Set(1) {1}}',
      q: 'URLSearchParams {"a" => "1"}',
    });
  });
  test('an unreadable value does not fail the step', async () => {
    const { steps, answer: given } = await runWorkflow(
      workflow({ id: 'c', do: 'code', source: 'return { get x() { throw new Error("no") } }' }, answer('1')),
    );
    expect([steps[0]?.output, steps[0]?.outcome, given?.body]).toEqual(['[not readable]', 'success', 1]);
  });
});

describe('the compiled text', () => {
  const source = workflow({
    id: 'a',
    do: 'respond',
    body: { 'odd-name': { $: '`line\n  two ${params["x"]}`' }, 'quote"': '</script>\u2028' },
  });
  const compiled = () => compileWorkflow(checkWorkflow(JSON.stringify(source)).workflow!).code;
  test('is the same for the same workflow', () => expect(compiled()).toBe(compiled()));
  test('reads like a program', () => {
    expect(compiled()).toBe(
      [
        '// Generated from a workflow at every save: edit the workflow, not this text.',
        'import { $key, $text, $workflow } from "./workflow.js";',
        '',
        'export const handler = $workflow({ kind: "workflow", limits: { steps: 500, rounds: 1000, nesting: 32 }, body: false }, async ($run, { steps, vars, params }) => {',
        '  // a: respond',
        '  return $run.respond("a", () => ({ body: { "odd-name": `line',
        '  two ${params["x"]}`, "quote\\"": "</script>\u2028" } }));',
        '});',
        '',
      ].join('\n'),
    );
  });
  test('keeps text as it is', async () => {
    expect((await runModule(compiled(), { ctx: { params: { x: '!' } } })).answer?.body).toEqual({
      'odd-name': 'line\n  two !',
      'quote"': '</script>\u2028',
    });
  });
  test('a workflow that was not checked is not compiled', () => {
    const limits = { steps: 1, rounds: 1, nesting: 1 };
    expect(() =>
      compileWorkflow({ kind: 'workflow', limits, steps: [{ id: 'a', do: 'log', message: { $: 'this' } }] }),
    ).toThrow('not allowed');
    expect(() => compileWorkflow({ kind: 'workflow', limits, steps: [{ id: 'a', do: 'nothing' }] })).toThrow(
      'unknown action',
    );
  });
});

import { describe, expect, test } from 'vitest';
import { checkWorkflow, type CheckContext } from '../../../../src/core/workflow/check/check.rules';
import { checkAttachment } from '../../../../src/core/publishing/workflows/attachment.rules';
import { workflow } from '../support/isolate';

const respond = { id: 'answer', do: 'respond', body: 1 };
const set = (id: string, expression: string) => ({ id, do: 'set', name: id, value: { $: expression } });
function issues(source: object, context: CheckContext = {}): string[] {
  const { errors, warnings } = checkWorkflow(JSON.stringify(source), context);
  return [
    ...errors.map(({ code, pointer }) => `error ${code} ${pointer}`),
    ...warnings.map(({ code, pointer }) => `warning ${code} ${pointer}`),
  ];
}

describe('each code', () => {
  const optional = {
    parameters: [
      { name: 'a', always: true },
      { name: 'b', always: false },
    ],
  };
  const cases: [string, object, string[], CheckContext?][] = [
    ['nothing to say', workflow(set('a', 'params.x'), respond), []],
    ['unknown_action', workflow({ id: 'x', do: 'email.send' }, respond), ['error unknown_action /steps/0/do']],
    ['unknown_action without a do', workflow({ id: 'x' }, respond), ['error unknown_action /steps/0/do']],
    ['duplicate_id', workflow(set('a', '1'), set('a', '2'), respond), ['error duplicate_id /steps/1/id']],
    ['bad_expression', workflow(set('a', 'this.x'), respond), ['error bad_expression /steps/0/value']],
    ['bad_expression in a template', workflow({ id: 'a', do: 'log', message: { tpl: '{{' } }, respond), ['error bad_expression /steps/0/message']],
    ['bad_expression: $ beside others', workflow({ id: 'a', do: 'respond', body: { x: [{ $: '1', y: 2 }] } }), ['error bad_expression /steps/0/body/x/0']],
    ['bad_expression: code', workflow({ id: 'a', do: 'code', source: 'return (' }, respond), ['error bad_expression /steps/0/source']],
    ['bad_expression: code that leaves its function', workflow({ id: 'a', do: 'code', source: '} async function b() {' }, respond), ['error bad_expression /steps/0/source']],
    ['bad_expression: code that imports', workflow({ id: 'a', do: 'code', source: 'import "x"' }, respond), ['error bad_expression /steps/0/source']],
    ['bad_expression: code that declares a root again', workflow({ id: 'a', do: 'code', source: 'const params = 1;' }, respond), ['error bad_expression /steps/0/source']],
    ['unknown_reference: a step that is not there', workflow(set('a', 'steps.b'), respond), ['error unknown_reference /steps/0/value']],
    ['unknown_reference: a later step', workflow(set('a', 'steps.answer'), respond), ['error unknown_reference /steps/0/value']],
    ['unknown_reference: itself', workflow(set('a', 'steps.a'), respond), ['error unknown_reference /steps/0/value']],
    ['unknown_reference: a variable', workflow(set('a', 'vars.z'), respond), ['error unknown_reference /steps/0/value']],
    ['unknown_reference: loop outside', workflow(set('a', 'loop.index'), respond), ['error unknown_reference /steps/0/value']],
    ['unknown_reference: error outside', workflow(set('a', 'error.message'), respond), ['error unknown_reference /steps/0/value']],
    ['unknown_reference: a parameter of a strict endpoint', workflow(set('a', 'params.c'), respond), ['error unknown_reference /steps/0/value'], { ...optional, strict: true }],
    ['maybe_missing: a parameter that is not declared', workflow(set('a', 'params.c'), set('b', 'params.c ?? 1'), respond), ['warning maybe_missing /steps/0/value'], optional],
    ['unknown_reference: a header in upper case', workflow(set('a', 'headers["X-A"]'), respond), ['error unknown_reference /steps/0/value']],
    ['unknown_reference: auth', workflow(set('a', 'auth.user.email'), respond), ['error unknown_reference /steps/0/value']],
    ['unknown_reference: request', workflow(set('a', 'request.body'), respond), ['error unknown_reference /steps/0/value']],
    ['unknown_reference: mw', workflow(set('a', 'mw[1].x'), set('b', 'mw[0].x'), respond), ['error unknown_reference /steps/0/value'], { middleware: 1 }],
    ['unknown_reference: a secret that is not listed', workflow({ id: 'a', do: 'call', handler: 'x.js', with: { k: { secret: 'K' } } }, respond), ['error unknown_reference /steps/0/with/k'], { secrets: ['J'] }],
    ['unknown_reference: a place in a URL', workflow({ id: 'a', do: 'http.request', url: 'https://x.test/:a/:b', urlParams: { a: 1, c: 2 } }, respond), ['error unknown_reference /steps/0/url', 'error unknown_reference /steps/0/urlParams']],
    ['maybe_missing: a parameter', workflow(set('a', 'params.b'), respond), ['warning maybe_missing /steps/0/value'], optional],
    ['maybe_missing: handled', workflow(set('a', 'params.b ?? 1'), set('c', 'params.b?.x'), set('d', 'params.b && params.b.x'), set('e', 'params.b ? params.b.x : 0'), respond), [], optional],
    ['maybe_missing: not handled by the ?? of a member', workflow(set('a', 'params.b.x ?? 1'), respond), ['warning maybe_missing /steps/0/value'], optional],
    ['maybe_missing: auth of a public endpoint', workflow(set('a', 'auth.user.id'), set('b', 'auth.user?.id'), respond), ['warning maybe_missing /steps/0/value'], { access: 'public' }],
    ['auth of an authenticated endpoint', workflow(set('a', 'auth.user.id'), respond), [], { access: 'authenticated' }],
    ['unreachable_step', workflow(respond, set('a', '1'), set('b', '1')), ['warning unreachable_step /steps/1']],
    ['no_response', workflow(set('a', '1')), ['warning no_response /steps']],
    ['no_response: empty', workflow(), ['warning no_response /steps']],
    ['no_response: stop', workflow({ id: 'a', do: 'stop' }), ['warning no_response /steps/0']],
    ['second_response', workflow({ ...respond, continue: true }, { ...respond, id: 'b' }), ['warning second_response /steps/1']],
    ['loop_without_limit', workflow({ id: 'a', do: 'while', when: true, steps: [] }, respond), ['error loop_without_limit /steps/0']],
    ['a table with the longest name of the longest schema', workflow({ id: 'a', do: 'table.get', table: `${'s'.repeat(63)}.${'t'.repeat(63)}`, row: 1 }, respond), []],
    ['many_without_flag', workflow({ id: 'a', do: 'table.delete', table: 't', where: [{ field: 'x', value: 1 }] }, respond), ['error many_without_flag /steps/0/where']],
    ['many_without_flag: said', workflow({ id: 'a', do: 'table.delete', table: 't', where: [{ field: 'x', value: 1 }], many: true }, respond), []],
    ['secret_not_allowed', workflow({ id: 'a', do: 'respond', body: { k: { secret: 'K' } } }), ['error secret_not_allowed /steps/0/body/k']],
    ['secret_not_allowed: a graph', workflow({ id: 'a', do: 'call', handler: 'a.graph.json', with: { n: 1, k: [{ secret: 'K' }] } }, respond), ['error secret_not_allowed /steps/0/with/k/0']],
    ['public_with_secret', workflow({ id: 'a', do: 'http.request', url: 'https://x.test/', headers: { k: { secret: 'K' } } }, respond), ['warning public_with_secret /steps/0/headers/k'], { access: 'public' }],
    ['public_write', workflow({ id: 'a', do: 'table.insert', table: 't', values: {} }, respond), ['warning public_write /steps/0'], { access: 'public' }],
    ['middleware_cycle: itself', workflow({ id: 'a', do: 'call', handler: 'me.workflow.json' }, respond), ['error middleware_cycle /steps/0/handler'], { path: 'me.workflow.json' }],
    ['middleware_cycle: by way of others', workflow({ id: 'a', do: 'call', handler: 'b' }, respond), ['error middleware_cycle /steps/0/handler'], { path: 'a', calls: new Map([['b', ['x', 'c']], ['c', ['b', 'a']]]) }],
    ['calls without a cycle', workflow({ id: 'a', do: 'call', handler: 'b' }, respond), [], { path: 'a', calls: new Map([['b', ['c']], ['c', ['b']]]) }],
    ['invalid_field: unknown field', workflow({ ...respond, bodi: 1 }), ['error invalid_field /steps/0']],
    ['invalid_field: id', workflow({ ...respond, id: 'a-b' }), ['error invalid_field /steps/0/id']],
    ['invalid_field: parameters of a workflow', { ...workflow(respond), parameters: [] }, ['error invalid_field /parameters']],
    ['invalid_field: kind', { ...workflow(respond), kind: 'flow' }, ['error invalid_field /kind']],
    ['invalid_field: steps', { kind: 'workflow', steps: {} }, ['error invalid_field /steps']],
    ['invalid_field: a step that is none', workflow(respond, [1]), ['error invalid_field /steps/1', 'warning unreachable_step /steps/1']],
  ]; // oxfmt-ignore
  test.each(cases)('%s', (_, source, expected, context) => expect(issues(source, context)).toEqual(expected));
});

describe('paths', () => {
  const when = { $: 'params.x' };
  const cases: [string, object[], string[]][] = [
    ['a step of one branch may be missing after it', [{ id: 'i', do: 'if', when, then: [set('a', '1')] }, set('b', 'steps.a')], ['warning maybe_missing /steps/1/value']],
    ['a step of the other branch cannot be there', [{ id: 'i', do: 'if', when, then: [set('a', '1')], else: [set('b', 'steps.a')] }], ['error unknown_reference /steps/0/else/0/value']],
    ['a branch that ends leaves the other one certain', [{ id: 'i', do: 'if', when, then: [set('a', '1')], else: [{ id: 't', do: 'throw', message: 'x' }] }, set('b', 'steps.a')], []],
    ['a variable set in both branches is certain', [{ id: 'i', do: 'if', when, then: [{ id: 'a', do: 'set', name: 'v', value: 1 }], else: [{ id: 'b', do: 'set', name: 'v', value: 2 }] }, set('c', 'vars.v')], []],
    ['a switch without default may run nothing', [{ id: 's', do: 'switch', cases: [{ when, steps: [set('a', '1')] }] }, set('b', 'steps.a')], ['warning maybe_missing /steps/1/value']],
    ['in a loop the round before is known', [{ id: 'l', do: 'each', items: [], steps: [set('a', 'steps.b ?? loop.item'), set('b', 'loop.index + steps.a')] }], []],
    ['after a loop its steps may be missing', [{ id: 'l', do: 'each', items: [], steps: [set('a', '1')] }, set('b', 'steps.a')], ['warning maybe_missing /steps/1/value']],
    ['the list of a loop is outside of it', [{ id: 'l', do: 'each', items: { $: 'loop.item' }, steps: [] }], ['error unknown_reference /steps/0/items']],
    ['the condition of a while is inside of it', [{ id: 'l', do: 'while', limit: 5, when: { $: 'loop.index < 3 && !vars.a' }, steps: [set('a', '1')] }], []],
    ['while has no item', [{ id: 'l', do: 'while', limit: 5, when: true, steps: [set('a', 'loop.item')] }], ['error unknown_reference /steps/0/steps/0/value']],
    ['in a catch the steps tried may be missing', [{ id: 't', do: 'try', steps: [set('a', '1')], catch: [set('b', 'steps.a'), set('c', 'error.message'), set('d', 'error.code')] }], ['error unknown_reference /steps/0/catch/2/value', 'warning maybe_missing /steps/0/catch/0/value']],
    ['both ends of a try are joined', [{ id: 't', do: 'try', steps: [set('a', '1')], catch: [{ id: 'x', do: 'stop' }] }, set('b', 'steps.a')], ['warning no_response /steps/0/catch/0']],
  ]; // oxfmt-ignore
  test.each(cases)('%s', (_, steps, expected) => expect(issues(workflow(...steps, respond))).toEqual(expected));

  test('a response on every path is a response', () => {
    expect(issues(workflow({ id: 'i', do: 'if', when, then: [respond], else: [{ ...respond, id: 'b' }] }))).toEqual([]);
    expect(issues(workflow({ id: 'i', do: 'if', when, then: [respond] }))).toEqual(['warning no_response /steps']);
    expect(issues(workflow({ id: 'l', do: 'each', items: [1], steps: [respond] }))).toEqual([
      'warning no_response /steps',
    ]);
    expect(issues(workflow({ id: 't', do: 'throw', message: 'x' }))).toEqual([]);
  });
  test('a middleware need not respond', () =>
    expect(issues({ kind: 'middleware', steps: [set('a', '1')] })).toEqual([]));
  test('a middleware knows its own parameters only', () => {
    const middleware = {
      kind: 'middleware',
      parameters: [{ name: 'project' }, { name: 'role', required: false }],
      steps: [set('a', 'params.project'), set('b', 'params.role'), set('c', 'params.price')],
    };
    expect(issues(middleware, { parameters: [{ name: 'price', always: true }] })).toEqual([
      'error unknown_reference /steps/2/value',
      'warning maybe_missing /steps/1/value',
    ]);
  });
});

describe('JSON that loses data when parsed is refused', () => {
  test.each([
    ['a field twice', '{"kind":"workflow","steps":[{"id":"r","do":"respond","body":1,"body":2}]}', '/steps/0'],
    [
      'a number that is rounded',
      '{"kind":"workflow","steps":[{"id":"r","do":"respond","body":{"id":9007199254740993}}]}',
      '/steps/0/body/id',
    ],
    ['an infinite one', '{"kind":"workflow","steps":[{"id":"r","do":"respond","body":[1e999]}]}', '/steps/0/body/0'],
  ])('%s', (_, source, pointer) =>
    expect(checkWorkflow(source, {}).errors[0]).toMatchObject({ code: 'invalid_json', pointer }),
  );
});

describe('everything is reported at once', () => {
  test('a step that cannot be read hides neither its neighbours nor the steps below it', () => {
    const source = workflow(
      { id: 'a', do: 'if', whenn: 1, then: [set('b', 'this')], else: 'x' },
      { id: 'c', do: 'nothing', steps: [set('d', 'nope')] },
      set('e', 'steps.b ?? steps.d ?? steps.f'),
      set('e', '1'),
      { ...respond, status: 99 },
    );
    expect(issues(source).toSorted()).toEqual([
      'error bad_expression /steps/0/then/0/value',
      'error bad_expression /steps/1/steps/0/value',
      'error duplicate_id /steps/3/id',
      'error invalid_field /steps/0',
      'error invalid_field /steps/0/else',
      'error invalid_field /steps/0/when',
      'error invalid_field /steps/4/status',
      'error unknown_action /steps/1/do',
      'error unknown_reference /steps/2/value',
    ]);
  });
});

describe('a malformed workflow', () => {
  test.each([
    ['', 'invalid_json'],
    ['{"kind": "workflow",}', 'invalid_json'],
    ['[]', 'invalid_field'],
    ['null', 'invalid_field'],
    ['{"kind":"workflow","steps":[{"id":"a","do":"respond","body":{"__proto__":1}}]}', 'invalid_field'],
    ['['.repeat(200_000), 'too_deep'],
    [`{"kind":"workflow","steps":[],"description":"${'['.repeat(1_000)}\\""}`, undefined],
  ])('%.40s', (source, code) => expect(checkWorkflow(source).errors[0]?.code).toBe(code));
  test('gets the place where JSON breaks', () => {
    expect(checkWorkflow('{\n  "kind": workflow\n}').errors[0]?.message).toBe('invalid JSON at line 2, column 11');
  });
});

test('nesting has a limit', () => {
  const nested = (depth: number): object => ({
    id: `n${depth}`,
    do: 'if',
    when: true,
    then: depth === 1 ? [] : [nested(depth - 1)],
  });
  expect(issues(workflow(nested(32), respond))).toEqual([]);
  expect(issues(workflow(nested(33), respond)).at(0)).toMatch(/^error too_deep \/steps\/0\/then/);
  expect(issues({ ...workflow(nested(33), respond), limits: { nesting: 40 } })).toEqual([]);
});

test('a workflow has at most 1,000 steps, and a template reports at most 10 issues', () => {
  const many = (count: number) =>
    workflow(
      ...Array.from({ length: count }, (_, index) => set(`s${index}`, index === 0 ? '1' : `steps.s${index - 1}`)),
      respond,
    );
  expect(issues(many(999))).toEqual([]);
  expect(issues(many(1_000))).toEqual(['error invalid_field /steps']);
  expect(issues(many(9_000))).toEqual(['error invalid_field /steps']);
  expect(
    issues(workflow({ ...respond, body: Array.from({ length: 40 }, () => ({ tpl: '{{}}'.repeat(5_000) })) })),
  ).toHaveLength(400);
});

test('returns the called handlers and used secrets', () => {
  const { calls, secrets } = checkWorkflow(
    JSON.stringify(workflow({ id: 'a', do: 'try', steps: [{ id: 'b', do: 'call', handler: 'x.js', with: { k: { secret: 'K' } } }], catch: [{ id: 'c', do: 'call', handler: 'y.js' }] }, { id: 'd', do: 'call', handler: 'x.js' })),
  ); // oxfmt-ignore
  expect([calls, secrets]).toEqual([['x.js', 'y.js'], ['K']]);
});

describe('an attached middleware', () => {
  const middleware = (kind = 'middleware') =>
    checkWorkflow(
      JSON.stringify({
        kind,
        ...(kind === 'middleware' ? { parameters: [{ name: 'project' }, { name: 'role', default: 'any' }] } : {}),
        steps: [respond],
      }),
    ).workflow!;
  const surroundings = {
    parameters: [
      { name: 'a', always: true },
      { name: 'b', always: false },
    ],
    strict: true,
    middleware: 1,
  };
  const attach = (values: Record<string, unknown>, kind?: string) => {
    const { errors, warnings } = checkAttachment(
      middleware(kind),
      { handler: 'm', with: values as never },
      surroundings,
    );
    return [...errors, ...warnings].map(({ code, pointer }) => `${code} ${pointer}`);
  };
  test.each<[Record<string, unknown>, string[]]>([
    [{ project: 'p1' }, []],
    [{ project: { $: 'params.a' }, role: { tpl: '{{mw[0].x}}' } }, []],
    [{}, ['unknown_reference /with']],
    [{ project: 1, 'x/y': 2 }, ['unknown_reference /with/x~1y']],
    [{ project: { $: 'steps.answer' } }, ['unknown_reference /with/project']],
    [{ project: { $: 'mw[1]' } }, ['unknown_reference /with/project']],
    [{ project: { $: 'params.c' } }, ['unknown_reference /with/project']],
    [{ project: { $: 'params.b' } }, ['maybe_missing /with/project']],
    [{ project: { $: 'this' } }, ['bad_expression /with/project']],
    [{ project: { $: '' } }, ['bad_expression /with/project']],
    [{ project: { secret: 'KEY' } }, ['secret_not_allowed /with/project']],
  ])('%j', (values, expected) => expect(attach(values)).toEqual(expected));
  test('must be a workflow of kind middleware', () =>
    expect(attach({}, 'workflow')).toEqual(['invalid_field /handler']));
});

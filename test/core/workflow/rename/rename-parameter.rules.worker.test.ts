import { describe, expect, test } from 'vitest';
import { renameInValues, renameParameter } from '../../../../src/core/workflow/rename/rename-parameter.rules';
import { workflow } from '../support/isolate';

const rename = (value: unknown, to = 'mail') => {
  const { source, changes, unsure } = renameParameter(
    JSON.stringify(workflow({ id: 'a', do: 'set', name: 'x', value })),
    'email',
    to,
  );
  return {
    value: (JSON.parse(source) as { steps: { value: unknown }[] }).steps[0]?.value,
    pointers: changes.map(({ pointer }) => pointer),
    unsure: unsure.length,
  };
};

describe('expressions', () => {
  test.each([
    ['params.email', 'params.mail'],
    ['params?.email?.length + params . email', 'params?.mail?.length + params . mail'],
    ['params["email"] + params[`email`]', 'params["mail"] + params[`email`]'],
    ['params.emails + body.email + steps.params.email', 'params.emails + body.email + steps.params.email'],
    ['body.list.map((params) => params.email)', 'body.list.map((params) => params.email)'],
    ['body.list.map((x) => params.email + x.email)', 'body.list.map((x) => params.mail + x.email)'],
    ['"params.email"', '"params.email"'],
    ['({ email: params.email })', '({ email: params.mail })'],
  ])('%s', (before, after) => expect(rename({ $: before }).value).toEqual({ $: after }));
  test('a name that is not an identifier is put in brackets', () => {
    expect(rename({ $: 'params.email.length + params?.email' }, 'e-mail').value).toEqual({
      $: 'params["e-mail"].length + params?.["e-mail"]',
    });
    expect(rename({ tpl: 'to {{params.email}}, {{ params["email"] }}: params.email' }, 'e-mail').value).toEqual({
      tpl: 'to {{params["e-mail"]}}, {{ params["e-mail"] }}: params.email',
    });
  });
  test('a use that only shows at run time is pointed at', () => {
    expect(rename({ $: 'JSON.stringify(params)' })).toMatchObject({ pointers: [], unsure: 1 });
    expect(rename({ $: 'params[vars.x]' })).toMatchObject({ pointers: [], unsure: 1 });
  });
  test.each([
    ['body.email', 'body'],
    ['params.email + body?.email', 'body'],
    ['query["email"] ?? 1', 'query'],
    ['headers.email', 'headers'],
  ] as const)('what callers sent as %s stays, and is pointed at', ($, root) => {
    const source = JSON.stringify(workflow({ id: 'a', do: 'set', name: 'x', value: { $ } }));
    const { source: after, unsure } = renameParameter(source, 'email', 'mail', root);
    expect(after).toBe(source.replace('params.email', 'params.mail'));
    const message = `reads ${root}.email, which exists only when the caller sends that name: params.mail has the value`;
    expect(unsure).toEqual([{ pointer: '/steps/0/value/$', message }]);
    expect(renameParameter(source, 'email', 'mail', root === 'body' ? 'query' : 'body').unsure).toEqual([]);
  });
  test('a header is read in lower case', () => {
    const source = JSON.stringify(workflow({ id: 'a', do: 'set', name: 'x', value: { $: "headers['x-email']" } }));
    expect(renameParameter(source, 'X-Email', 'mail', 'headers').unsure).toHaveLength(1);
  });
  test('literals stay', () =>
    expect(rename({ email: 'params.email', list: [{ $: 'params.email' }] })).toEqual({
      value: { email: 'params.email', list: [{ $: 'params.mail' }] },
      pointers: ['/steps/0/value/list/0/$'],
      unsure: 0,
    }));
});

describe('code steps', () => {
  const code = (source: unknown) => {
    const result = renameParameter(JSON.stringify(workflow({ id: 'a', do: 'code', source })), 'email', 'mail');
    return [
      (JSON.parse(result.source) as { steps: { source: unknown }[] }).steps[0]?.source,
      result.unsure.map(({ message }) => message),
    ];
  };
  test.each([
    ['return params.email + input.email', 'return params.mail + input.email', []],
    [['const a = params.email;', 'return a;'], ['const a = params.mail;', 'return a;'], []],
    [
      'const { email } = params; return email',
      'const { email } = params; return email',
      ['uses params as a whole or by a computed name'],
    ],
    [
      'return input.map((params) => params.email) + params.email',
      'return input.map((params) => params.email) + params.email',
      ['declares its own params'],
    ],
    ['return a.params.email + { params: 1 }.params', 'return a.params.email + { params: 1 }.params', []],
    ['return "params.email"', 'return "params.email"', []],
  ])('%j', (before, after, unsure) => expect(code(before)).toEqual([after, unsure]));
});

test('code that reads what callers sent is pointed at, unless it means something of its own', () => {
  const unsure = (source: string) =>
    renameParameter(JSON.stringify(workflow({ id: 'a', do: 'code', source })), 'email', 'mail', 'body').unsure;
  const message = 'reads body.email, which exists only when the caller sends that name: params.mail has the value';
  expect(unsure('return body.email')).toEqual([{ pointer: '/steps/0/source', message }]);
  expect(unsure('return body?.["email"] + params.email')).toEqual([{ pointer: '/steps/0/source', message }]);
  expect(unsure('return input.body.email + body.mail')).toEqual([]);
  expect(unsure('return input.map((body) => body.email)')).toEqual([]);
  // A name of its own hides the body where it counts, and nowhere else.
  for (const source of [
    'return input.map((body) => body.email).includes(body.email)',
    'function f(body) { return body.email } return body.email',
    'for (const body of input) log(body.email); return body.email',
    'try { f() } catch (body) { log(body.email) } return body.email',
    'if (input) { const { body } = input; log(body.email) } return body.email',
  ])
    expect(unsure(source), source).toEqual([{ pointer: '/steps/0/source', message }]);
  for (const source of [
    'const body = input; return () => body.email',
    'const { body } = input; return body.email',
    'function body() {} return body.email',
    'return input.reduce((sum, { body }) => sum + body.email, "")',
  ])
    expect(unsure(source), source).toEqual([]);
  // The body as a value of a literal is no name of its own.
  const whole = 'uses body as sent: callers may send mail instead of email';
  expect(unsure('log({ body }); return body.email')).toEqual(
    [message, whole].map((text) => ({ pointer: '/steps/0/source', message: text })),
  );
  const text = 'uses request.base64 as sent: callers may send mail instead of email';
  expect(unsure('return atob(request.base64).includes("x")')).toEqual([{ pointer: '/steps/0/source', message: text }]);
});

test('everything but the names stays as it was written', () => {
  const source = `{
    "kind": "workflow",
  "steps": [
    { "id": "a", "do": "if",   "when": {"$": "params.email"}, "then": [
        { "id": "b", "do": "table.insert", "table": "t", "values": { "1": {"$":"params.email"}, "a/b": { "tpl": "{{params.email}}" } } } ] }
  ]
}
`;
  const { source: after, changes, unsure } = renameParameter(source, 'email', 'mail');
  expect(after).toBe(source.replaceAll('params.email', 'params.mail'));
  expect(changes).toEqual([
    { pointer: '/steps/0/when/$', before: 'params.email', after: 'params.mail' },
    { pointer: '/steps/0/then/0/values/1/$', before: 'params.email', after: 'params.mail' },
    { pointer: '/steps/0/then/0/values/a~1b/tpl', before: '{{params.email}}', after: '{{params.mail}}' },
  ]);
  expect(unsure).toEqual([]);
});

test.each([
  'not json',
  '{"kind":"middleware","steps":[{"id":"a","do":"log","message":{"$":"params.email"}}]}',
  '{"kind":"workflow","steps":[]}',
])('%s stays', (source) => {
  expect(renameParameter(source, 'email', 'mail')).toEqual({ source, changes: [], unsure: [] });
});

test('the values that an endpoint gives to a middleware are followed too', () => {
  const { values, changes } = renameInValues({ owner: { $: 'params.email' }, email: 'x' }, 'email', 'mail');
  expect([values, changes.length]).toEqual([{ owner: { $: 'params.mail' }, email: 'x' }, 1]);
});

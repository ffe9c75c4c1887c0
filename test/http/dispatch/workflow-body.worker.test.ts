import { describe, expect, test } from 'vitest';
import { call, publish } from '../../support/publish';
import { publishWorkflow, respond, saveMiddleware } from '../../support/workflow';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const multipart = (...lines: string[]): string => ['--b', ...lines, '--b--', ''].join('\r\n');
const FIELD = multipart('content-disposition: form-data; name="role"', '', 'admin');

/** Ways in which a client may say `role: admin`. */
// oxfmt-ignore
const SENT: [string, string | null, string | Uint8Array<ArrayBuffer>][] = [
  ['JSON', JSON_TYPE, '{"role":"admin"}'],
  ['JSON without a type', null, '{"role":"admin"}'],
  ['JSON as text', 'text/plain', '{"role":"admin"}'],
  ['JSON as another text', 'text/json', '{"role":"admin"}'],
  ['JSON as a form', FORM, '{"role":"admin"}'],
  ['JSON with a byte order mark', JSON_TYPE, '\ufeff{"role":"admin"}'],
  ['JSON in UTF-16', `${JSON_TYPE}; charset=utf-16`, new Uint8Array([...'{"role":"admin"}'].flatMap((c) => [c.charCodeAt(0), 0]))],
  ['a form', FORM, 'role=admin'],
  ['a form as JSON', JSON_TYPE, 'role=admin'],
  ['multipart', 'multipart/form-data; boundary=b', FIELD],
  ['multipart without its boundary', 'multipart/form-data', FIELD],
  ['multipart as JSON', JSON_TYPE, FIELD],
  ['multipart as an attachment', 'multipart/form-data; boundary=b', FIELD.replace('form-data', 'attachment')],
  ['multipart in base64', 'multipart/form-data; boundary=b', multipart('content-disposition: form-data; name=role', 'content-transfer-encoding: base64', '', 'YWRtaW4=')],
  ['multipart with an extended name', 'multipart/form-data; boundary=b', multipart("content-disposition: form-data; name*=utf-8''role", '', 'admin')],
];
/** The same for an endpoint that has `role` among its parameters. */
const SENT_FOR_PARAMETER: typeof SENT = [
  ...SENT,
  ['a form with two', FORM, 'role=admin&role=guest'],
  ['a form with the same twice', FORM, 'role=admin&role=admin'],
  [
    'multipart with two',
    'multipart/form-data; boundary=b',
    FIELD.replace('--b--', `${FIELD.replace('admin', 'guest')}`),
  ],
  [
    'a Blob of JSON',
    'multipart/form-data; boundary=b',
    FIELD.replace('"role"', '"role"; filename="blob"\r\ncontent-type: application/json'),
  ],
];
const request = (type: string | null, body: string | Uint8Array<ArrayBuffer>): RequestInit => ({
  method: 'POST',
  // A text would bring a type of its own.
  body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  ...(type === null ? {} : { headers: { 'content-type': type } }),
});

describe('steps and parameters read the same body', () => {
  test.each(SENT)('%s', async (_name, type, body) => {
    const { endpoint } = await publishWorkflow([respond({ body: { $: 'body' }, params: { $: 'params' } })]);
    const fields = { role: 'admin' };
    expect(await (await call(`/u/${endpoint.path}`, request(type, body))).json()).toEqual({
      body: fields,
      params: fields,
    });
  });

  test.each([
    ['a JavaScript function', 'js', 'export default ({ role }) => ({ let: role })'],
    ['a Python function', 'py', 'def f(role=None):\n    return {"let": role}\nresult = f\n'],
    [
      'a JavaScript handler',
      'js',
      'export const handler = (request, { params }) => ({ let: params.role ?? "through" })',
    ],
  ])('a middleware that looks into it cannot be got around: %s', async (_name, extension, source) => {
    const guard = await saveMiddleware([
      { id: 'look', do: 'if', when: { $: "body.role == 'admin'" }, then: [{ id: 'no', do: 'throw', message: 'no' }] },
    ]);
    const access = { level: 'public' as const, middleware: [{ handler: guard.path }] };
    const { endpoint } = await publish(source, { access, parameters: [{ name: 'role' }] }, extension);
    for (const [name, type, body] of SENT_FOR_PARAMETER)
      expect((await call(`/u/${endpoint.path}`, request(type, body))).status, name).toBe(403);
    expect((await call(`/u/${endpoint.path}`, request(JSON_TYPE, '{"role":"guest"}'))).status).toBe(200);
  });
});

test('a list that comes item by item has its name in body, too', async () => {
  const { endpoint } = await publishWorkflow([respond({ body: { $: 'body' }, params: { $: 'params' } })], {
    parameters: [{ name: 'tags', type: 'array' }],
  });
  const fields = { tags: ['a', 'b'], 'other[]': 'c' };
  for (const body of ['tags[]=a&tags[]=b&other[]=c', 'tags[1]=b&tags[0]=a&other[]=c'])
    expect(await (await call(`/u/${endpoint.path}`, request(FORM, body))).json()).toEqual({
      body: fields,
      params: fields,
    });
});

describe('body', () => {
  const bodyOf = async (type: string | null, body: string): Promise<unknown> => {
    const { endpoint } = await publishWorkflow([respond({ is: { $: 'body' }, text: { $: 'request.text' } })]);
    return (await call(`/u/${endpoint.path}`, request(type, body))).json();
  };

  test.each<[string | null, string, unknown]>([
    [JSON_TYPE, '[1, 2]', [1, 2]],
    [JSON_TYPE, '"a"', 'a'],
    [JSON_TYPE, '{"id": 9007199254740993}', { id: '9007199254740993' }],
    [JSON_TYPE, '{"id": ', '{"id": '],
    ['text/plain', 'hello', 'hello'],
    ['text/plain', '[1]', '[1]'],
    ['application/xml', '<a/>', '<a/>'],
    [FORM, 'a=1&a=2&b=3', { a: ['1', '2'], b: '3' }],
  ])('of %s %s', async (type, body, wanted) => expect(await bodyOf(type, body)).toEqual({ is: wanted, text: body }));

  test('is null without a body', async () => {
    const { endpoint } = await publishWorkflow([respond({ is: { $: 'body' } })]);
    expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).json()).toEqual({ is: null });
  });

  test('has the files of a form by their field, whether they are parameters or not', async () => {
    const show = 'const show = (file) => [file.name, file.type, file.size];';
    const { endpoint } = await publishWorkflow(
      [
        {
          id: 'see',
          do: 'code',
          source: `${show} return { body: [show(body.doc), ...body.more.map(show), body.note], params: [show(params.doc), Object.keys(params)] }`,
        },
        respond({ $: 'steps.see' }),
      ],
      { parameters: [{ name: 'doc', type: 'file' }] },
    );
    const octets = 'application/octet-stream';
    const form = new FormData();
    form.append('doc', new File(['héllo'], 'a.txt', { type: 'text/plain' }));
    form.append('more', new File(['1'], 'b'));
    form.append('more', new File(['22'], 'c'));
    form.append('note', 'n');
    expect(await (await call(`/u/${endpoint.path}`, { method: 'POST', body: form })).json()).toEqual({
      body: [['a.txt', 'text/plain', 6], ['b', octets, 1], ['c', octets, 2], 'n'],
      params: [
        ['a.txt', 'text/plain', 6],
        ['note', 'more', 'doc'],
      ],
    });
  });

  test('is the parameters of a handler that a step calls', async () => {
    const callee = await publishWorkflow([respond({ $: 'body' })]);
    const { endpoint } = await publishWorkflow([
      { id: 'c', do: 'call', handler: callee.handler.path, with: { n: { $: '1 + 1' } } },
      respond({ $: 'steps.c' }),
    ]);
    expect(await (await call(`/u/${endpoint.path}`, { method: 'POST' })).json()).toEqual({ n: 2 });
  });
});

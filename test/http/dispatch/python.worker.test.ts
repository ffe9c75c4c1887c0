import { beforeAll, describe, expect, test } from 'vitest';
import { call, type EndpointOptions, postJson, publish, runOf } from '../../support/publish';

test('a Python function is fed by name, from JSON and from a form', async () => {
  const { endpoint } = await publish(
    'def _fn(name1, name2):\n    print("hi", name1)\n    return {"names": [name1, name2]}\nresult = _fn\n',
    {},
    'py',
  );
  const response = await postJson(`/u/${endpoint.path}`, { name1: 'Ada', name2: 'Grace' });
  expect([response.status, await response.json()]).toEqual([200, { names: ['Ada', 'Grace'] }]);
  const form = new FormData();
  form.set('name1', 'a');
  form.set('name2', 'b');
  expect(await (await call(`/u/${endpoint.path}`, { method: 'POST', body: form })).json()).toEqual({
    names: ['a', 'b'],
  });
  expect((await runOf(response)).logs).toMatchObject([{ level: 'info', message: 'hi Ada' }]);
  const missing = await postJson(`/u/${endpoint.path}`, { name1: 'Ada', other: 1 });
  expect([missing.status, await missing.json()]).toMatchObject([
    422,
    {
      code: 'invalid_parameters',
      errors: [
        { code: 'missing_parameter', pointer: '#/body/name2' },
        { code: 'unexpected_parameter', pointer: '#/body/other' },
      ],
    },
  ]);
  expect(await runOf(missing)).toMatchObject({ outcome: 'rejected', status: 422 });
});

test.each(['per-call', 'shared'] as const)('%s: Python keeps its module state only where it may', async (instance) => {
  const { endpoint } = await publish(
    'n = 0\ndef handler(request):\n    global n\n    n += 1\n    return str(n)\n',
    { instance, idempotency: {} },
    'py',
  );
  const answers = [
    await call(`/u/${endpoint.path}`, { method: 'POST' }),
    await call(`/u/${endpoint.path}`, { method: 'POST' }),
  ];
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(
    instance === 'shared' ? ['1', '2'] : ['1', '1'],
  );
  if (instance !== 'shared') return;
  const once = { method: 'POST', headers: { 'idempotency-key': 'a' } };
  const repeated = [await call(`/u/${endpoint.path}`, once), await call(`/u/${endpoint.path}`, once)];
  expect(await Promise.all(repeated.map((answer) => answer.text()))).toEqual(['3', '3']);
});

test('an exception is in the run, with the lines of the script', async () => {
  const { endpoint } = await publish('def handler(request):\n    return {}["gone"]\n', {}, 'py');
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([500, 'handler_error']);
  const run = await runOf(response);
  expect(run.error).toMatchObject({ name: 'KeyError', message: "'gone'" });
  expect(run.error!.stack).toMatch(/line 2, in handler/);
});

test('a syntax error in Python is refused with its place', async () => {
  await expect(publish('def handler(:\n  pass\n', {}, 'py')).rejects.toMatchObject({
    code: 'invalid_source',
    extra: { issues: [{ code: 'source_syntax', line: 1, column: 13 }] },
  });
});

test('requests are recorded, and refused for unlisted hosts', async () => {
  const source = `from portico import fetch
def handler(request):
    sent = fetch("https://api.portico-upstream.dev/a?b=1#top", "POST", {"Content-Type": "application/ld+json"}, json={}, params={"c": 2}).json()
    try: fetch("https://elsewhere.example.dev/x")
    except OSError as e: return [sent["url"], sent["headers"]["content-type"], str(e)]
`;
  const { endpoint } = await publish(source, { egress: ['api.portico-upstream.dev'] }, 'py');
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  expect(await response.json()).toEqual([
    'https://api.portico-upstream.dev/a?b=1&c=2',
    'application/ld+json',
    expect.stringContaining("elsewhere.example.dev is not on the endpoint's egress list"),
  ]);
  expect((await runOf(response)).outbound).toMatchObject([
    { host: 'api.portico-upstream.dev', status: 200 },
    { host: 'elsewhere.example.dev', status: null, refused: expect.stringContaining('not on') as unknown },
  ]);
});

/** Publishes one handler that returns what the expression with the number of the header `x-at` gives. Returns how to call it. */
async function publishExpressions(
  expressions: string[],
  options?: EndpointOptions,
): Promise<(at: number) => Promise<Response>> {
  const source = `from flask import *
def with_header(response):
    response.headers["x-a"] = "1"
    return response
def with_type(response):
    response.mimetype = "text/plain"
    return response
given = [${expressions.map((expression) => `lambda: (${expression})`).join(', ')}]
def handler(request):
    return given[int(request.headers["x-at"])]()
`;
  const { endpoint } = await publish(source, options, 'py');
  return (at) => call(`/u/${endpoint.path}`, { method: 'POST', headers: { 'x-at': String(at) } });
}

/** Idioms of flask's handlers, with the type that an endpoint gives them, and the one where it answers with HTML. */
const IDIOMS: [give: string, status: number, plain: string, html: string][] = [
  ['"t"', 200, 'text/plain', 'text/plain'],
  ['"t", {"x-a": "1"}', 200, 'text/plain', 'text/plain'],
  ['"t", 201, {"x-a": "1"}', 201, 'text/plain', 'text/plain'],
  ['"t", "404 NOT FOUND", [("x-a", "1")]', 404, 'text/plain', 'text/plain'],
  ['make_response("t")', 200, 'text/plain', 'text/html'],
  ['make_response("t", 201, {"x-a": "1"})', 201, 'text/plain', 'text/html'],
  ['make_response(("t", 201))', 201, 'text/plain', 'text/html'],
  ['with_header(make_response("t", 202))', 202, 'text/plain', 'text/html'],
  ['Response("t", 203)', 203, 'text/plain', 'text/html'],
  ['Response("t", status="404 NOT FOUND", headers={"x-a": "1"})', 404, 'text/plain', 'text/html'],
  ['(Response("t"), 418, {"x-a": "1"})', 418, 'text/plain', 'text/html'],
  ['Response("t", headers={"Content-Type": "text/plain"})', 200, 'text/plain', 'text/plain'],
  ['Response("t", content_type="text/plain; charset=utf-8")', 200, 'text/plain', 'text/plain'],
  ['with_type(Response("t"))', 200, 'text/plain', 'text/plain'],
];

describe('an answer as flask writes it', () => {
  let askPlain: (at: number) => Promise<Response>;
  let askHtml: (at: number) => Promise<Response>;
  beforeAll(async () => {
    const expressions = IDIOMS.map(([give]) => give);
    askPlain = await publishExpressions(expressions);
    askHtml = await publishExpressions(expressions, {
      response: { types: ['text/plain', 'text/html', 'application/json'] },
    });
  });
  test.each(IDIOMS)('%s is %d %s, or %s', async (give, status, plain, html) => {
    const at = IDIOMS.findIndex((row) => row[0] === give);
    const got = await Promise.all(
      [askPlain, askHtml].map(async (ask) => {
        const answer = await ask(at);
        const type = answer.headers.get('content-type')?.split(';', 1)[0];
        return [answer.status, type, give.includes('x-a') ? answer.headers.get('x-a') : '1', await answer.text()];
      }),
    );
    expect(got).toEqual([
      [status, plain, '1', 't'],
      [status, html, '1', 't'],
    ]);
  });
});

test('a header that is given twice is sent twice', async () => {
  const forms = [
    '"x", 200, [("Link", "</a>; rel=a"), ("Link", "</b>; rel=b")]',
    '{}, {"Link": ["</a>; rel=a", "</b>; rel=b"]}',
    'Response("x", headers=[("Link", "</a>; rel=a"), ("Link", "</b>; rel=b")], mimetype="text/plain")',
  ];
  const ask = await publishExpressions(forms);
  for (const [at, form] of forms.entries())
    expect([form, (await ask(at)).headers.get('link')]).toEqual([form, '</a>; rel=a, </b>; rel=b']);
});

test('per-call: a script ends with its call as a process does, and its files are gone', async () => {
  const source = `import atexit, os
atexit.register(print, "end")
def handler(request):
    print(os.path.exists("/tmp/left"))
    open("/tmp/left", "w").close()
    return "x"
`;
  const { endpoint } = await publish(source, { instance: 'per-call' }, 'py');
  for (let calls = 0; calls < 2; calls++) {
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    expect(await response.text()).toBe('x');
    expect((await runOf(response)).logs).toMatchObject([{ message: 'False' }, { message: 'end' }]);
  }
});

test('send_file answers conditional calls and calls for a part', async () => {
  const source = `import io
from flask import send_file
def handler(request):
    return send_file(io.BytesIO(b"a,b\\n1,2\\n"), download_name="rows.csv", etag="v1", max_age=60)
`;
  const { endpoint } = await publish(source, { methods: ['GET'], response: { types: ['text/csv'] } }, 'py');
  const ask = (headers: Record<string, string> = {}) => call(`/u/${endpoint.path}`, { headers });
  const whole = await ask();
  expect([whole.status, whole.headers.get('etag'), await whole.text()]).toEqual([200, '"v1"', 'a,b\n1,2\n']);
  expect(whole.headers.get('content-disposition')).toBe('inline; filename=rows.csv');
  const known = await ask({ 'if-none-match': '"v1"' });
  expect([known.status, known.headers.get('etag'), await known.text()]).toEqual([304, '"v1"', '']);
  const part = await ask({ range: 'bytes=4-' });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 4-7/8', '1,2\n']);
  const beyond = await ask({ range: 'bytes=9-' });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */8']);
  expect((await runOf(known)).logs).toEqual([]);
});

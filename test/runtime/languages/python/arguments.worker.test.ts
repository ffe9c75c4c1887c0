import { beforeAll, describe, expect, test } from 'vitest';
import { named, open, receive, startPython, startScripts, utf8, withRequest } from './isolate';

let run: Awaited<ReturnType<typeof startScripts>>;
beforeAll(async () => {
  run = await startScripts();
});

test.each([
  ['def f(): return 1', {}, '1'],
  ['def f(a, b=2): return [a, b]', { a: 1 }, '[1,2]'],
  ['def f(a, /, b): return [a, b]', { b: 2, a: 1 }, '[1,2]'],
  ['def f(a=0, /, b=0): return [a, b]', { b: 2 }, '[0,2]'],
  ['def f(*, a): return a', { a: { x: [1] } }, '{"x":[1]}'],
  ['def f(**rest): return rest', { a: 1, 'not a name': 2 }, '{"a":1,"not a name":2}'],
  ['def f(*args, a=1): return [args, a]', {}, '[[],1]'],
  ['f = lambda a: a', { a: null }, 'null_is_none'],
  ['class F:\n  def __call__(self, a): return a + 1\nf = F()', { a: 1 }, '2'],
  ['import functools\ndef g(a, b): return a - b\nf = functools.partial(g, b=1)', { a: 3 }, '2'],
  ['f = str.upper', { self: 'x' }, 'X'],
  ['import asyncio\ndef f(): return asyncio.gather(asyncio.sleep(0, 1), asyncio.sleep(0, 2))', {}, '[1,2]'],
  ['class F:\n  def __await__(self):\n    yield\n    return 7\nf = F', {}, '7'],
  // Text of 2 MB and more brackets than the JSON may be deep.
  [
    'def f(items, text): return [len(items), len(text)]',
    { items: Array(600).fill([]), text: '\\x'.repeat(1e6) },
    '[600,2000000]',
  ],
])('%s is fed by name', async (definition, params, expected) => {
  const { head, body } = await run(definition, params);
  expect(head.error).toBeUndefined();
  expect(head.kind === 'none' ? 'null_is_none' : body).toBe(expected);
});

test('a missing and an unexpected argument are the caller’s, all of them at once, and the function does not start', async () => {
  const isolate = await startPython('def f(a, b, c=1):\n  print("started")\nresult = f');
  const { head } = open(await isolate.call(named({ a: 1, 'x/~y': 2, z: 3 })));
  expect(head.kind).toBe('invalid');
  expect(head.errors).toEqual([
    { code: 'missing_parameter', pointer: '/b', message: "missing parameter 'b'" },
    { code: 'unexpected_parameter', pointer: '/x~1~0y', message: "unexpected parameter 'x/~y'" },
    { code: 'unexpected_parameter', pointer: '/z', message: "unexpected parameter 'z'" },
  ]);
  expect(head.logs).toBeUndefined();
});

test('a refusal lists at most 100 issues', async () => {
  const params = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, i]));
  expect((await run('def f(): pass', params)).head.errors).toHaveLength(100);
});

test('a TypeError inside of the function is the function’s own', async () => {
  const { head } = await run('def g(x): pass\ndef f(): g()');
  expect([head.kind, head.error?.name]).toEqual(['error', 'TypeError']);
  expect(head.error?.stack).toContain('line 2, in f');
});

test('a handler takes declared parameters that it names, or all with **kwargs', async () => {
  const isolate = await startPython(
    'def handler(request, *args, size=1, **rest): return [request.method, args, size, rest]',
  );
  expect(open(await isolate.call(withRequest('GET', '/', {}, { size: 5, other: 'o', request: 'r' }))).body).toBe(
    '["GET",[],5,{"other":"o"}]',
  );
  const strict = await startPython('def handler(request, size): return size');
  expect(open(await strict.call(withRequest('GET', '/', {}, { size: 5, other: 'o' }))).body).toBe('5');
  expect(open(await strict.call(withRequest())).head.errors?.[0]).toMatchObject({
    code: 'missing_parameter',
    pointer: '/size',
  });
});

test('handler wins over result; a script with neither is an error that names both', async () => {
  const both = await startPython('def handler(request): return "h"\nresult = lambda: "r"');
  expect(open(await both.call(withRequest())).body).toBe('h');
  const neither = await startPython('x = 1');
  expect(open(await neither.call(withRequest())).head.error).toMatchObject({
    name: 'NameError',
    message: "handler.py does not define 'handler'",
  });
  const wrong = await startPython('result = 1');
  expect(open(await wrong.call(named())).head.error?.message).toBe("handler.py has no function in 'result'");
});

test('files of a form feed parameters by name; repeated ones are a list', async () => {
  const isolate = await startPython(
    'def f(doc, all, note):\n  return [doc.filename, doc.mimetype, doc.read().decode(), [x.filename for x in all], note]\nresult = f',
  );
  const file = (field: string, name: string, text: string) => ({
    field,
    name,
    type: 'text/plain; charset=utf-8',
    bytes: utf8(text),
  });
  const files = [file('doc', 'a.txt', 'é'), file('all', '1', ''), file('all', '2', '')];
  const { body } = open(await isolate.call(named({ note: 'n' }), undefined, files));
  expect(body).toBe('["a.txt","text/plain","é",["1","2"],"n"]');
});

test('an async handler is awaited', async () => {
  const isolate = await startPython(
    'import asyncio\nasync def handler(request):\n  await asyncio.sleep(0.01)\n  return (await asyncio.gather(one(), one()))\nasync def one(): return 1',
  );
  expect(open(await isolate.call(withRequest())).body).toBe('[1,1]');
});

describe('numbers keep every digit', () => {
  const NUMBERS =
    '[9007199254740993,-9007199254740993,123456789012345678901234567890,{"deep":[[18446744073709551616]]},0.1,1e21,-0.0]';
  const SHOWN = [
    ['9007199254740993', 'int'],
    ['-9007199254740993', 'int'],
    ['123456789012345678901234567890', 'int'],
    ["{'deep': [[18446744073709551616]]}", 'dict'],
    ['0.1', 'float'],
    ['1e+21', 'float'],
    ['-0.0', 'float'],
  ];
  /** The meta of a call with parameters that JavaScript could not hold. */
  const withNumbers = (meta: string): string => meta.replace('"NUMBERS"', NUMBERS);

  test('in parameters by name, in ctx.params and back', async () => {
    const isolate = await startPython(`from portico import ctx
def f(n):
    shown = [[str(x), type(x).__name__] for x in n]
    return {"shown": shown, "same": ctx.params["n"] == n, "back": n[:4]}
result = f`);
    const { body } = open(await isolate.call(withNumbers(named({ n: 'NUMBERS' }))));
    expect(JSON.parse(body)).toMatchObject({ shown: SHOWN, same: true });
    expect(body).toContain(
      '"back":[9007199254740993,-9007199254740993,123456789012345678901234567890,{"deep":[[18446744073709551616]]}]',
    );
  });

  test('in parameters of a handler, and in the body that it reads itself', async () => {
    const isolate = await startPython(
      'def handler(request, n=None):\n    return [[str(x), type(x).__name__] for x in n or request.get_json()]',
    );
    const declared = await isolate.call(withNumbers(withRequest('POST', '/', {}, { n: 'NUMBERS' })));
    expect(JSON.parse(open(declared).body)).toEqual(SHOWN);
    const own = await isolate.call(withRequest('POST', '/', { 'content-type': 'application/json' }), utf8(NUMBERS));
    expect(JSON.parse(open(own).body)).toEqual(SHOWN);
  });

  test('more digits than Python takes are the caller’s fault, and of an answer a 502', async () => {
    const isolate = await startPython(
      'def handler(request, n=None):\n    return 10 ** 5000 if request.args.get("out") else request.get_json()',
    );
    const meta = withRequest('POST', '/', {}, { n: 'LONG' }).replace('"LONG"', '9'.repeat(5000));
    expect(open(await isolate.call(meta)).head).toMatchObject({
      kind: 'invalid',
      errors: [{ code: 'unreadable', pointer: '', message: expect.stringContaining('4300 digits') }],
    });
    const json = withRequest('POST', '/', { 'content-type': 'application/json' });
    const refused = await receive(isolate, await isolate.call(json, utf8('9'.repeat(5000))));
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('4300 digits')]);
    expect(open(await isolate.call(withRequest('POST', '/?out=1'))).head).toMatchObject({
      kind: 'bad',
      reason: expect.stringContaining('4300 digits'),
    });
  });
});

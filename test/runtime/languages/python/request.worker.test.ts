import { beforeAll, describe, expect, test } from 'vitest';
import { open, startPython, utf8, withRequest, type Isolate } from './isolate';

/** Evaluates the x-give header as a Python expression, with the request given (`flask`) or global (`peliqan`). */
const FLASK =
  'import flask\nfrom flask import request as proxy, Request\ndef handler(request): return repr(eval(request.headers["X-Give"]))';
const PELIQAN = 'def handler(): return repr(eval(request.headers["x-give"]))';

let flask: Isolate;
let peliqan: Isolate;
beforeAll(async () => {
  [flask, peliqan] = await Promise.all([startPython(FLASK), startPython(PELIQAN)]);
});

interface Sent {
  method?: string;
  url?: string;
  type?: string;
  headers?: Record<string, string>;
  body?: ArrayBuffer | string;
}
async function ask(isolate: Isolate, give: string, sent: Sent = {}): Promise<string> {
  const { method = sent.body === undefined ? 'GET' : 'POST', url = '/', type, headers = {}, body } = sent;
  const meta = withRequest(method, url, { 'x-give': give, ...(type ? { 'content-type': type } : {}), ...headers });
  const answer = await isolate.call(meta, typeof body === 'string' ? utf8(body) : body);
  if (typeof answer !== 'string') return `${answer.status} ${await answer.text()}`;
  const { head, body: text } = open(answer);
  return head.error ? `${head.error.name}: ${head.error.message}` : text;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const FORM_TYPE = 'application/x-www-form-urlencoded';

describe.each([
  ['the argument of handler(request)', () => flask],
  ['the global request of handler()', () => peliqan],
])('%s', (_, isolate) => {
  const url = '/a%20b/c?x=1&x=2&y=%C3%A9&e=';
  test.each([
    ['request.method', "'GET'"],
    ['request.url', "'https://portico.test/a%20b/c?x=1&x=2&y=%C3%A9&e='"],
    ['request.base_url', "'https://portico.test/a%20b/c'"],
    ['request.path', "'/a b/c'"],
    ['request.full_path', "'/a b/c?x=1&x=2&y=%C3%A9&e='"],
    [
      'request.host, request.host_url, request.scheme, request.is_secure',
      "('portico.test', 'https://portico.test/', 'https', True)",
    ],
    ['request.query_string', "b'x=1&x=2&y=%C3%A9&e='"],
    ['request.args["x"], request.args.get("y"), request.args["e"]', "('1', 'é', '')"],
    ['request.args.getlist("x"), request.args.getlist("x", type=int)', "(['1', '2'], [1, 2])"],
    ['request.args.get("x", type=int), request.args.get("y", 7, type=int), request.args.get("z")', '(1, 7, None)'],
    ['request.args.to_dict(), request.args.to_dict(flat=False)["x"]', "({'x': '1', 'y': 'é', 'e': ''}, ['1', '2'])"],
    ['"x" in request.args, list(request.args), len(request.args)', "(True, ['x', 'y', 'e'], 3)"],
    ['request.args["nope"]', "400 The request has no 'nope'."],
    [
      'request.args.setdefault("x", "y")',
      'TypeError: data of the request cannot be changed; use copy() for a MultiDict or to_dict() for a dict',
    ],
    ['dict(request.headers)["X-Other"], request.headers["x-OTHER"], request.headers.get("n")', "('o', 'o', None)"],
    ['sorted(name for name, value in request.headers)', "['User-Agent', 'X-Give', 'X-Other']"],
    [
      'request.user_agent, request.referrer, request.cookies, request.authorization',
      "('test', None, ImmutableMultiDict([]), None)",
    ],
    ['request.data, dict(request.form), dict(request.files), request.values["x"]', "(b'', {}, {}, '1')"],
    ['request.mimetype, request.content_type, request.content_length, request.is_json', "('', None, None, False)"],
  ])('%s', async (give, expected) => {
    expect(await ask(isolate(), give, { url, headers: { 'x-other': 'o', 'user-agent': 'test' } })).toBe(expected);
  });

  test.each([
    ['request.json', '{"a": [1, 1180591620717411303424]}', JSON_TYPE, "{'a': [1, 1180591620717411303424]}"],
    ['request.get_json()', '[]', 'application/problem+json', '[]'],
    ['request.get_json(force=True)', '1', 'text/plain', '1'],
    ['request.get_json(silent=True)', '{', JSON_TYPE, 'None'],
    ['request.get_json(silent=True)', '1', 'text/plain', 'None'],
    ['request.json', '1', 'text/plain', "415 The request's Content-Type is not application/json."],
    ['request.get_json()["a"]', '', JSON_TYPE, '400 The body is not JSON: Expecting value: line 1 column 1 (char 0)'],
    ['request.json', 'NaN', JSON_TYPE, '400 The body is not JSON: NaN is not JSON'],
    ['request.json', '['.repeat(100_000), JSON_TYPE, '400 The body is not JSON: the JSON is nested more than 500 deep'],
    ['request.json', `["${'['.repeat(1000)}"]`, JSON_TYPE, `['${'['.repeat(1000)}']`],
    [
      'request.mimetype, request.mimetype_params, request.is_json',
      '1',
      JSON_TYPE,
      "('application/json', {'charset': 'utf-8'}, True)",
    ],
    [
      'request.data, request.get_data(), request.get_data(as_text=True)',
      'é',
      'text/plain',
      "(b'\\xc3\\xa9', b'\\xc3\\xa9', 'é')",
    ],
    ['request.stream.read(2)', 'abc', 'text/plain', "b'ab'"],
  ])('%s of %.20s', async (give, body, type, expected) => {
    expect(await ask(isolate(), give, { body, type })).toBe(expected);
  });

  test('an urlencoded form is parsed into request.form', async () => {
    const sent = { url: '/?q=1', type: FORM_TYPE, body: 'a=1&a=2&b=%C3%A9+x&c' };
    expect(await ask(isolate(), 'request.form', sent)).toBe(
      "ImmutableMultiDict([('a', '1'), ('a', '2'), ('b', 'é x'), ('c', '')])",
    );
    expect(await ask(isolate(), 'request.data', sent)).toBe("b''");
    expect(await ask(isolate(), 'request.values["q"], request.values["a"]', sent)).toBe("('1', '1')");
  });
});

describe('multipart forms', () => {
  const parts = new FormData();
  parts.append('a', 'é');
  parts.append('a', '2');
  parts.append('doc', new File([Uint8Array.of(0, 10, 13, 255)], 'd.bin', { type: 'image/x' }));
  const sent = async (): Promise<Sent> => {
    const made = new Response(parts);
    return { url: '/?q=1', type: made.headers.get('content-type') ?? '', body: await made.arrayBuffer() };
  };

  test('fields are in request.form, files in request.files', async () => {
    expect(await ask(flask, 'request.form', await sent())).toBe("ImmutableMultiDict([('a', 'é'), ('a', '2')])");
    const file =
      'request.files["doc"].filename, request.files["doc"].content_type, request.files["doc"].read(), request.data';
    expect(await ask(flask, file, await sent())).toBe("('d.bin', 'image/x', b'\\x00\\n\\r\\xff', b'')");
    expect(await ask(flask, 'request.files["doc"].save("/tmp/d") or open("/tmp/d", "rb").read()', await sent())).toBe(
      "b'\\x00\\n\\r\\xff'",
    );
  });

  test('a body that does not match its content type has no parts', async () => {
    const broken = { type: 'multipart/form-data; boundary=x', body: 'nonsense' };
    expect(await ask(flask, 'dict(request.form), dict(request.files), request.get_data()', broken)).toBe(
      "({}, {}, b'nonsense')",
    );
  });

  test("get_data(): flask's is the raw body, Peliqan's combines fields and query string", async () => {
    const raw = await sent();
    expect(await ask(flask, 'len(request.get_data())', raw)).toBe(String((raw.body as ArrayBuffer).byteLength));
    expect(await ask(peliqan, 'request.get_data()', raw)).toBe("b'a=%C3%A9&a=2&q=1'");
  });
});

test.each([
  ['no body: the query string', undefined, undefined, "b''", "b'q=1&r=%C3%A9'"],
  ['JSON: the body', '{"a": 1}', JSON_TYPE, `b'{"a": 1}'`, `b'{"a": 1}'`],
  ['a form: its fields, then the query string', 'a=1', FORM_TYPE, "b'a=1'", "b'a=1&q=1&r=%C3%A9'"],
])('get_data() with %s', async (_, body, type, forFlask, forPeliqan) => {
  const sent = {
    url: '/?q=1&r=%C3%A9',
    ...(body === undefined ? {} : { body }),
    ...(type === undefined ? {} : { type }),
  };
  expect(await ask(flask, 'request.get_data()', sent)).toBe(forFlask);
  expect(await ask(peliqan, 'request.get_data()', sent)).toBe(forPeliqan);
  expect(await ask(peliqan, 'request.get_data(as_text=True)', sent)).toBe(forPeliqan.slice(1));
});

test('flask.request is the running call’s own request, and is a Request', async () => {
  expect(await ask(flask, 'proxy.path, isinstance(proxy, Request), proxy.args is request.args', { url: '/p' })).toBe(
    "('/p', True, True)",
  );
});

import { beforeAll, describe, expect, test } from 'vitest';
import { named, open, receive, startPython, withRequest, type Isolate } from './isolate';

/** Answers whatever the query's or the parameter's Python expression gives. */
const SCRIPT = `
import datetime, decimal, uuid, dataclasses, http
from flask import Response, jsonify, make_response, abort, redirect

@dataclasses.dataclass
class Point:
    x: int
    y: int

class Odd:
    pass

cycle = []
cycle.append(cycle)

def handler(request):
    return eval(request.args["give"])

def result(give):
    return eval(give)
`;
const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

let isolate: Isolate;
beforeAll(async () => {
  isolate = await startPython(SCRIPT);
});
const fromHandler = (give: string) => isolate.call(withRequest('GET', `/?give=${encodeURIComponent(give)}`));
const fromNamed = (give: string) => isolate.call(named({ give }));

describe('a handler', () => {
  test.each([
    ['{"b": 1, "a": [True, None, 1.5]}', 'json', '{"b":1,"a":[true,null,1.5]}'],
    ['2**70', 'json', '1180591620717411303424'],
    ['True', 'json', 'true'],
    ['0', 'json', '0'],
    ['[]', 'json', '[]'],
    ['{1: "é☃"}', 'json', '{"1":"é☃"}'],
    ['"text"', 'text', 'text'],
    ['"{}"', 'text', '{}'],
    ['""', 'text', ''],
    ['None', 'none', ''],
    ['(1, 2, 3, 4)', 'json', '[1,2,3,4]'],
    ['("a", "b")', 'json', '["a","b"]'],
    ['("a", ("b", "c"))', 'json', '["a",["b","c"]]'],
    ['([1], [(2, 3)])', 'json', '[[1],[[2,3]]]'],
    ['datetime.date(2026, 1, 2)', 'json', '"2026-01-02"'],
    ['[datetime.datetime(2026, 1, 2, 3, 4), decimal.Decimal("1.10")]', 'json', '["2026-01-02T03:04:00","1.10"]'],
    ['uuid.UUID(int=1)', 'json', '"00000000-0000-0000-0000-000000000001"'],
    ['Point(1, 2)', 'json', '{"x":1,"y":2}'],
  ])('%s is %s %s', async (give, kind, body) => {
    const opened = open(await fromHandler(give));
    expect([opened.head.kind, opened.body]).toEqual([kind, body]);
    expect(opened.head.status).toBeUndefined();
  });

  test.each([
    ['[1], 201', 'json', 201, undefined, '[1]'],
    ['"no", 404', 'text', 404, undefined, 'no'],
    ['"", 404, {"some_header": "some_value"}', 'text', 404, [['some_header', 'some_value']], ''],
    ['None, 204', 'none', 204, undefined, ''],
    ['{}, "404 NOT FOUND"', 'json', 404, undefined, '{}'],
    ['{}, {"x-a": "1"}', 'json', undefined, [['x-a', '1']], '{}'],
    [
      '{}, 200, [("x-a", "1"), ("x-a", "2")]',
      'json',
      200,
      [
        ['x-a', '1'],
        ['x-a', '2'],
      ],
      '{}',
    ],
    ['{}, [["x-a", "1"]]', 'json', undefined, [['x-a', '1']], '{}'],
    ['"t", (("x-a", "1"),)', 'text', undefined, [['x-a', '1']], 't'],
    ['"t", 200, ()', 'text', 200, undefined, 't'],
    ['"t", http.HTTPStatus.CREATED', 'text', 201, undefined, 't'],
    ['{}, 200, None', 'json', 200, undefined, '{}'],
    ['{}, 799', 'json', 799, undefined, '{}'],
  ])('%s is %s with status %s', async (give, kind, status, headers, body) => {
    const { head, body: text } = open(await fromHandler(give));
    expect([head.kind, head.status, head.headers, text]).toEqual([kind, status, headers, body]);
  });

  test.each([
    ['float("nan")', /not JSON compliant/],
    ['[float("inf")]', /not JSON compliant/],
    ['cycle', /Circular reference/],
    ['Odd()', /type Odd is not JSON serializable/],
    ['{1, 2}', /type set/],
    ['handler', /type function/],
    ['{"a": b"x"}', /type bytes/],
  ])('%s cannot be sent', async (give, reason) => {
    const { head } = open(await fromHandler(give));
    expect(head.kind).toBe('bad');
    expect(head.reason).toMatch(reason);
  });

  test.each([
    ['b"\\x00\\xff"', 200, 'application/octet-stream', [0, 255]],
    ['bytearray(b"ab")', 200, 'application/octet-stream', [97, 98]],
    ['b"", 200, {"x": "y"}', 200, 'application/octet-stream', []],
    ['(b"ab", 206, {"content-type": "image/x"})', 206, 'image/x', [97, 98]],
    ['Response("h\\u00e9", mimetype="text/plain")', 200, 'text/plain; charset=utf-8', [104, 195, 169]],
    ['Response("x", mimetype="text/html")', 200, 'text/html; charset=utf-8', [120]],
    ['Response(b"\\xff")', 200, 'text/html; charset=utf-8', [255]],
    ['Response(iter(["a", b"b"]), 201, {"Content-Type": "text/csv"})', 201, 'text/csv', [97, 98]],
    ['(Response("a", 500, mimetype="text/plain"), 418)', 418, 'text/plain; charset=utf-8', [97]],
    ['jsonify(a=[1])', 200, 'application/json', ascii('{"a":[1]}')],
    ['jsonify(1, 2)', 200, 'application/json', ascii('[1,2]')],
    ['make_response({"a": 1}, 201)', 201, 'application/json', ascii('{"a":1}')],
    ['abort(403, "not you")', 403, 'text/plain; charset=utf-8', ascii('not you')],
    ['abort(Response("gone", 410, mimetype="text/plain"))', 410, 'text/plain; charset=utf-8', ascii('gone')],
  ])('%s comes as a Response of %s %s', async (give, status, type, bytes) => {
    const got = await receive(isolate, await fromHandler(give));
    expect([got.status, got.type, [...got.bytes]]).toEqual([status, type, bytes]);
  });

  test('an empty Response has no type, so that no rule about types can refuse it', async () => {
    expect(open(await fromHandler('Response(status=404)')).head).toEqual({ kind: 'none', status: 404, headers: [] });
    expect(open(await fromHandler('redirect("/x")')).head).toMatchObject({
      kind: 'none',
      status: 302,
      headers: [['Location', '/x']],
    });
  });

  test('text in a Response without a type is sent as text, and may be HTML', async () => {
    const { head, body } = open(await fromHandler('make_response("h\u00e9", 201, {"x-a": "1"})'));
    expect([head, body]).toEqual([{ kind: 'text', html: true, status: 201, headers: [['x-a', '1']] }, 'h\u00e9']);
  });

  test('an invalid status is refused', async () => {
    for (const status of [99, 204])
      expect(open(await fromHandler(`Response("x", ${status}, mimetype="text/plain")`)).head.kind).toBe('bad');
  });

  test('a line break in a header is an error of the handler', async () => {
    const { head } = open(await fromHandler('("x", 200, {"a": "b\\r\\nc: d"})'));
    expect(head.error).toMatchObject({
      name: 'ValueError',
      message: 'header names and values must not contain line breaks',
    });
  });
});

describe('a function fed by name', () => {
  test.each([
    [`'{"b": 1.0, "a": 2}'`, 'json', '{"b": 1.0, "a": 2}'],
    [`' [1, 2] '`, 'json', ' [1, 2] '],
    [`'"quoted"'`, 'json', '"quoted"'],
    [`'12'`, 'json', '12'],
    [`'plain'`, 'text', 'plain'],
    [`'{"a": NaN}'`, 'text', '{"a": NaN}'],
    [`'{"a": 1'`, 'text', '{"a": 1'],
    [`''`, 'text', ''],
    [`'[' * 600 + ']' * 600`, 'text', '['.repeat(600) + ']'.repeat(600)],
  ])('the string %s goes out as %s', async (give, kind, body) => {
    const { head, body: text } = open(await fromNamed(give));
    expect([head.kind, head.named_text, text]).toEqual([kind, true, body]);
  });

  test('a pair of numbers stays one, unless the second is a status', async () => {
    expect(open(await fromNamed('(1, 2)')).body).toBe('[1,2]');
    expect(open(await fromNamed('(1, 2, 3)')).body).toBe('[1,2,3]');
    expect(open(await fromNamed('({}, 404)')).head).toMatchObject({ kind: 'json', status: 404 });
    expect(open(await fromNamed('({}, {})')).body).toBe('[{},{}]');
  });

  test('None is 204, an object is JSON', async () => {
    expect(open(await fromNamed('None')).head.kind).toBe('none');
    expect(open(await fromNamed('{"a": 1}')).body).toBe('{"a":1}');
  });
});

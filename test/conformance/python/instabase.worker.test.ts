import { describe, expect, test } from 'vitest';
import { instabase, saveScript, setUpInstabase, wrong } from '../../support/instabase';
import { runOf, unique } from '../../support/publish';

/* Inputs and answers of handlers in Python over the API of Instabase. Numbers are those of docs/compat/instabase.md. */

const { HELLO, token, caller, make } = await setUpInstabase();

test('I2: PUT answers 201, the id, and the message of the document', async () => {
  const body = { path: 'helloworld', handler_script_path: HELLO };
  const made = await instabase('PUT', '/my-endpoint-id', { token, body });
  expect([made.status, made.body]).toEqual([201, { id: 'my-endpoint-id' }]);
  expect(made.headers.get('x-portico-message')).toBe('Endpoint handler is created at u/helloworld');
  const hello = await instabase('GET', '/u/helloworld', { token: caller });
  expect([hello.status, hello.headers.get('content-type'), hello.text]).toEqual([
    200,
    expect.stringContaining('text/plain'),
    'Hello World',
  ]);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    expect((await instabase(method, '/u/helloworld', { token: caller })).status, method).toBe(404);
  }
});

test('I5: handler(request, *args, **kwargs) is called with the request', async () => {
  const source = 'def handler(request, *args, **kwargs):\n  return str([len(args), request.get_json()["a"]])\n';
  const { path } = await make(await saveScript(`/i5/${unique('args')}.py`, source));
  const sent = { token, body: { a: 1 }, headers: { 'content-type': 'application/json' } };
  expect(await instabase('POST', `/u/${path}`, sent)).toMatchObject({ status: 200, text: '[0, 1]' });
});

describe('I7: a string is text/plain; a Response may be JSON or text, and nothing else', () => {
  const source = `from flask import Request, Response
def handler(request: Request, *args, **kwargs):
  case = request.args["case"]
  if case == "text": return '{"a": 1}'
  if case == "json": return Response('{"a": 1}', status=202, mimetype="application/json")
  if case == "error": return {}["gone"]
  return Response("<b>x</b>", mimetype=case)
`;
  let made: ReturnType<typeof make> | undefined;
  const answering = async (result: string) => {
    made ??= saveScript(`/i7/${unique('answer')}.py`, source).then(make);
    return instabase('GET', `/u/${(await made).path}?case=${encodeURIComponent(result)}`, { token });
  };

  test('a string is sent as text/plain', async () => {
    const answer = await answering('text');
    const type = answer.headers.get('content-type');
    expect([answer.status, answer.text, type]).toEqual([200, '{"a": 1}', 'text/plain; charset=utf-8']);
  });

  test('a JSON Response is sent with its status', async () => {
    const answer = await answering('json');
    expect([answer.status, answer.body]).toEqual([202, { a: 1 }]);
  });

  test.each(['text/html', 'image/svg+xml', 'application/octet-stream'])('a Response of %s is refused', async (type) => {
    const answer = await answering(type);
    expect(answer).toMatchObject(wrong(502, 'handler_bad_response', expect.stringContaining(type)));
  });

  test('a failed handler answers a bare 500, and the run has the reason', async () => {
    const answer = await answering('error');
    expect(answer).toMatchObject(wrong(500, 'handler_error'));
    expect(answer.text).not.toContain('gone');
    const run = await runOf(new Response(null, { headers: answer.headers }));
    expect(run.error).toMatchObject({ name: 'KeyError' });
  });
});

test('I8: query, headers and body are the handler’s own to define', async () => {
  const source =
    'def handler(request, *args, **kwargs):\n  return [request.args["q"], request.headers["x-a"], request.data.decode()], 418\n';
  const { path } = await make(await saveScript(`/i8/${unique('own')}.py`, source));
  const sent = { token, body: '<not json>', headers: { 'x-a': 'A', 'content-type': 'application/xml' } };
  const answer = await instabase('POST', `/u/${path}?q=1`, sent);
  expect([answer.status, answer.body]).toEqual([418, ['1', 'A', '<not json>']]);
});

test('I10: PATCH changes the script', async () => {
  const { id, path } = await make();
  await instabase('PATCH', `/${id}`, { token, body: { handler_script_path: HELLO } });
  expect((await instabase('GET', `/u/${path}`, { token })).text).toBe('Hello World');
});

const toHex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

describe('I15: the use cases of the document', () => {
  test('a webhook handler for an upstream system', async () => {
    const source = `from flask import Request, Response
import hashlib, hmac
def handler(request: Request, *args, **kwargs):
  wanted = hmac.new(b"shared", request.get_data(), hashlib.sha256).hexdigest()
  if not hmac.compare_digest(wanted, request.headers.get("x-signature", "")):
    return Response("bad signature", status=403, mimetype="text/plain")
  return Response(status=204)
`;
    const { path } = await make(await saveScript(`/i15/${unique('hook')}.py`, source));
    const body = '{"event":"done"}';
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode('shared'),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const signature = toHex(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body)));
    const send = (value: string) =>
      instabase('POST', `/u/${path}`, {
        token: caller,
        body,
        headers: { 'x-signature': value, 'content-type': 'application/json' },
      });
    expect((await send(signature)).status).toBe(204);
    expect(await send('0'.repeat(64))).toMatchObject({ status: 403, text: 'bad signature' });
  });

  test('an answer in a fixed format for a downstream one', async () => {
    const source = `from flask import Response
import json
def handler(request, *args, **kwargs):
  return Response(json.dumps({"version": 2, "records": [{"name": n} for n in request.args.getlist("name")]}), mimetype="application/json")
`;
    const { path } = await make(await saveScript(`/i15/${unique('format')}.py`, source));
    const answer = await instabase('GET', `/u/${path}?name=a&name=b`, { token: caller });
    expect(answer.text).toBe('{"version": 2, "records": [{"name": "a"}, {"name": "b"}]}');
  });
});

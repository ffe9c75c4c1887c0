import { beforeAll, describe, expect, test } from 'vitest';
import evaluate from '../../../fixtures/python/flask/evaluate.py?raw';
import recorded from '../../../fixtures/python/flask/recorded.json';
import { open, receive, startPython, utf8, withRequest, type Isolate, type Opened } from './isolate';

/** A request, and by probe what Flask and Werkzeug answered; see record.py beside the recording. */
interface Entry {
  name: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  answers: Record<string, string>;
}

/** Returns what the parameter `probe` evaluates to; for one that begins with `return `, the value itself. */
const SCRIPT = `${evaluate}
def handler(request, probe, evaluate=handler):
    if not probe.startswith("return "):
        return evaluate(request, probe)
    return eval(probe.removeprefix("return "), {**NAMES, "request": request})
`;

let isolate: Isolate;
beforeAll(async () => {
  isolate = await startPython(SCRIPT);
});

function send(probe: string, sent: Partial<Entry> = {}): Promise<string | Response> {
  const { method = 'GET', url = '/', headers = {}, body } = sent;
  const length = body === undefined ? {} : { 'content-length': String(body.length) };
  const meta = withRequest(method, url, { ...headers, ...length }, { probe });
  return isolate.call(meta, body === undefined ? undefined : utf8(body));
}

const ask = async (probe: string, sent?: Partial<Entry>): Promise<Opened> => open(await send(probe, sent));

test.each(recorded.entries as unknown as Entry[])('$name: as Flask and Werkzeug', async (entry) => {
  const answers: Record<string, string> = {};
  for (const probe of Object.keys(entry.answers)) answers[probe] = (await ask(probe, entry)).body;
  expect(answers).toEqual(entry.answers);
});

describe('response headers and bodies', () => {
  test('Content-Length is left to the platform', async () => {
    const { head } = await ask('return Response("x", headers={"Content-Length": "7", "X-A": "b"})');
    expect(head.headers).toEqual([['X-A', 'b']]);
  });

  test('a cookie keeps its value, also one that a cookie cannot hold as it is', async () => {
    const value = String.raw`{"a": "é;,\\"} `;
    const set = await ask('return [r := Response("x"), r.set_cookie("c", request.args["v"])][0]', {
      url: `/?v=${encodeURIComponent(value)}`,
    });
    const cookie = set.head.headers!.find(([name]) => name === 'Set-Cookie')![1];
    expect(cookie).toBe(String.raw`c="{\"a\": \"\303\251\073\054\\\\\"} "; Path=/`);
    const sent = { headers: { cookie: cookie.replace(/; Path=.*/, '') } };
    expect((await ask('return request.cookies["c"]', sent)).body).toBe(value);
  });

  test('a 304 has no body and no type', async () => {
    const probe = 'return [r := Response("x", headers={"ETag": \'"a"\'}), r.make_conditional(request)][1]';
    const { head } = await ask(probe, { headers: { 'if-none-match': '"a"' } });
    expect(head).toMatchObject({ kind: 'none', status: 304 });
    expect(head.headers?.map(([name]) => name)).toEqual(['ETag', 'Date']);
  });

  test('a part of a body', async () => {
    const probe = 'return send_file(io.BytesIO(b"0123456789"), download_name="a.txt")';
    const { status, text, headers } = await receive(isolate, await send(probe, { headers: { range: 'bytes=-3' } }));
    expect([status, text, headers.get('content-range')]).toEqual([206, '789', 'bytes 7-9/10']);
  });

  test('a file name beyond ASCII is one that HTTP can carry', async () => {
    const probe = 'return send_file(io.BytesIO(b"1"), download_name="\u00e9\u2603.csv", as_attachment=True)';
    const { headers } = await receive(isolate, await send(probe));
    expect(headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%A9%E2%98%83.csv");
  });

  test('call_on_close runs before the answer is sent, also of a Response that is raised', async () => {
    const closing = '[r := Response("x", 409), r.call_on_close(lambda: print("closed"))]';
    for (const probe of [`${closing}[0]`, `abort(${closing}[0])`]) {
      const { head } = await ask(`return ${probe}`);
      expect([head.status, head.logs?.map(([, , message]) => message)]).toEqual([409, ['closed']]);
    }
    const { head } = await ask('return [r := Response("x"), r.call_on_close(lambda: 1 / 0)][0]');
    expect(head.error?.name).toBe('ZeroDivisionError');
  });
});

test.each([
  [
    'Response("x").access_control_allow_origin',
    /AttributeError.*Response\.access_control_allow_origin.*setting `cors`/,
  ],
  ['setattr(Response("x"), "access_control_allow_origin", "*")', /AttributeError.*setting `cors`/],
  ['Response("x").www_authenticate', /AttributeError.*Set headers\["WWW-Authenticate"\]/],
  ['Response("x").get_wsgi_response({})', /AttributeError.*WSGI is not available/],
  ['Response.force_type("x")', /AttributeError.*return the Response/],
  ['Request.from_values()', /AttributeError.*WSGI is not available/],
  ['MultiDict().setlistdefault("x")', /AttributeError.*Use setlist\./],
  ['request.application', /AttributeError.*flask\.Request\.application/],
  ['(hasattr(request, "from_values"), hasattr(Response(), "www_authenticate"))', /\(False, False\)/],
  ['__import__("flask").session', /ImportError.*flask\.session is not available here.*tables/],
  ['__import__("flask").Flask', /ImportError.*define handler\(request\)/],
  ['__import__("flask").nothing', /ImportError.*flask has .*send_file/],
  ['request.args.pop("x")', /TypeError.*copy\(\)/],
])('%s names what to use instead', async (expression, message) => {
  const { head, body } = await ask(`return repr(${expression})`);
  expect(head.error ? `${head.error.name}: ${head.error.message}` : body).toMatch(message);
});

import { describe, expect, test } from 'vitest';
import { createUpstream } from '../../src/platform/upstream';
import { parseSettings } from '../../src/settings';
import { testContext } from '../support/context';
import { lend } from '../support/host';
import { call, postJson, publish, runOf, saveHandler, type EndpointOptions } from '../support/publish';
import { publishWorkflow, respond, saveMiddleware } from '../support/workflow';

const UP = 'https://api.portico-upstream.dev';
const egress = ['api.portico-upstream.dev', '*.cdn.portico-upstream.dev'];
const open: EndpointOptions = { egress };

/** Answer of a handler with this body, and the requests that its run shows. */
async function run(body: string, options: EndpointOptions = open, extension = 'js') {
  const { endpoint } = await publish(body, options, extension);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  const text = await response.text();
  const record = await runOf(response);
  const lines = record.outbound.map(({ method, host, status, refused }) => `${method} ${host} ${refused ?? status}`);
  return { status: response.status, answer: JSON.parse(text) as unknown, lines, record };
}
const handler = (body: string): string =>
  `const told = async (work) => { try { return await work() } catch (error) { return error.name + ': ' + error.message } };
   export default async () => { ${body} }`;

describe('the network', () => {
  test.each(['pooled', 'per-call', 'shared'] as const)('%s: is not there beside fetch', async (instance) => {
    const { answer, lines } = await run(
      handler(`
        const platform = Object.getPrototypeOf(globalThis);
        const reached = [];
        for (const work of [
          () => platform.fetch.call(globalThis, '${UP}/'),
          () => platform.fetch.call(globalThis, 'https://elsewhere.example.net/'),
          () => new Promise((done, fail) => { const socket = new platform.WebSocket('wss://api.portico-upstream.dev/'); socket.onopen = done; socket.onerror = fail }),
          () => new Promise((done, fail) => { const source = new platform.EventSource('${UP}/'); source.onopen = done; source.onerror = fail; setTimeout(fail, 1000) }),
          () => navigator.sendBeacon('${UP}/', 'x'),
          () => caches.default.put('${UP}/', new Response('x')),
        ]) try { await work(); reached.push(String(work)) } catch {}
        reached.push((await fetch('${UP}/')).status);
        return reached`),
      { egress, instance },
    );
    expect(answer).toEqual([200]);
    expect(lines).toEqual(['GET api.portico-upstream.dev 200']);
  });

  test('explains that sockets and event streams are not available', async () => {
    const { answer } = await run(
      handler(`return [await told(() => new WebSocket('wss://api.portico-upstream.dev/')), await told(() => new EventSource('${UP}/')),
        await told(() => fetch('${UP}/', { headers: { upgrade: 'websocket' } }))]`),
    );
    expect(answer).toEqual([
      'TypeError: WebSocket is not available: use fetch',
      'TypeError: EventSource is not available: use fetch',
      'TypeError: fetch failed: WebSockets are not allowed',
    ]);
  });

  test('is closed for an endpoint without listed hosts, with a reason', async () => {
    const { answer, lines } = await run(handler(`return [await told(() => fetch('${UP}/'))]`), {});
    const reason = 'this endpoint has no network access: its egress list is empty';
    expect(answer).toEqual([`TypeError: fetch failed: ${reason}`]);
    expect(lines).toEqual([`GET api.portico-upstream.dev ${reason}`]);
  });

  test('reports an unreachable host without messages of the platform', async () => {
    const fetchUpstream = () => Promise.reject(new Error('internal error; reference = 0123456789'));
    const { endpoint } = await publish('export default () => 1', open);
    const { host, outlet } = await lend(endpoint, { ctx: testContext(undefined, { fetchUpstream }) });
    const request = { id: 1, method: 'GET', url: `${UP}/x`, headers: [], redirect: 'follow' };
    expect(await host.fetch(request)).toEqual({ refused: 'api.portico-upstream.dev cannot be reached' });
    expect(outlet.outbound).toMatchObject([{ status: null, refused: 'api.portico-upstream.dev cannot be reached' }]);
  });
});

describe('every way of sending counts, and is in the run', () => {
  test('Python: portico.fetch, urllib, pyfetch and the fetch of JavaScript', async () => {
    const { answer, lines } = await run(
      `import urllib.request, js
from pyodide.http import pyfetch
from pyodide.ffi import run_sync
from portico import fetch, FetchError
def f():
    seen = [fetch("${UP}/").status, urllib.request.urlopen("${UP}/").status, run_sync(pyfetch("${UP}/")).status, run_sync(js.fetch("${UP}/")).status]
    try: fetch("${UP}/")
    except FetchError as error: seen.append(str(error))
    return seen
result = f`,
      { egress, limits: { subrequests: 4 } },
      'py',
    );
    expect(answer).toEqual([200, 200, 200, 200, `${UP}/: more than 4 requests in one call`]);
    const sent = 'GET api.portico-upstream.dev';
    expect(lines).toEqual([...Array(4).fill(`${sent} 200`), `${sent} more than 4 requests in one call`]);
  });

  test('a workflow, its middleware and the handler that it calls count together', async () => {
    const { path } = await saveHandler(
      handler(`return [(await fetch('${UP}/')).status, await told(() => fetch('${UP}/'))]`),
    );
    const guard = await saveMiddleware([{ id: 'm', do: 'http.request', method: 'PUT', url: `${UP}/` }]);
    const { endpoint } = await publishWorkflow(
      [
        { id: 'h', do: 'http.request', method: 'POST', url: `${UP}/` },
        { id: 'c', do: 'call', handler: path },
        respond({ $: 'steps.c' }),
      ],
      { egress, limits: { subrequests: 3 }, access: { level: 'public', middleware: [{ handler: guard.path }] } },
    );
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    const refused = 'more than 3 requests in one call';
    expect(await response.json()).toEqual([200, `TypeError: fetch failed: ${refused}`]);
    expect((await runOf(response)).outbound.map(({ method, status, refused: why }) => [method, status ?? why])).toEqual(
      [
        ['PUT', 200],
        ['POST', 200],
        ['GET', 200],
        ['GET', refused],
      ],
    );
  });

  test.each(['js', 'py'])('%s: calls at once have each their own', async (extension) => {
    const source =
      extension === 'js'
        ? `export default async ({ n }) => { for (let i = 0; i < 3; i++) await fetch('https://' + n + '.cdn.portico-upstream.dev/'); return n }`
        : `from portico import fetch\nasync def _(): pass\ndef f(n):\n  for i in range(3): fetch("https://%s.cdn.portico-upstream.dev/" % n)\n  return n\nresult = f`;
    const { endpoint } = await publish(source, open, extension);
    const names = ['a', 'b', 'c', 'd', 'e'];
    const responses = await Promise.all(names.map((n) => postJson(`/u/${endpoint.path}`, { n })));
    for (const [i, response] of responses.entries()) {
      const record = await runOf(response);
      expect(record.outbound.map(({ host }) => host)).toEqual(Array(3).fill(`${names[i]}.cdn.portico-upstream.dev`));
    }
  });

  test('work after the answer, whether the endpoint has a log or not', async () => {
    const { lines } = await run(
      `export default (p, ctx) => { ctx.waitUntil(scheduler.wait(50).then(() => fetch('${UP}/', { method: 'DELETE' }))); return 1 }`,
    );
    expect(lines).toEqual(['DELETE api.portico-upstream.dev 200']);
  });

  test('a run keeps a hundred of them', async () => {
    const { answer, record } = await run(
      handler(
        `let ok = 0; for (let i = 0; i < 120; i++) if ((await told(() => fetch('http://x/'))).startsWith?.('TypeError')) ok++; return ok`,
      ),
      { egress, limits: { subrequests: 1000 } },
    );
    expect([answer, record.outbound.length]).toEqual([120, 100]);
  });
});

describe('a redirect', () => {
  const to = (target: string, status = 302): string =>
    `${UP}/redirect?status=${status}&to=${encodeURIComponent(target)}`;

  test.each([
    [301, 'GET', 'GET'],
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ])('%i of a %s is followed by a %s', async (status, method, then) => {
    const { answer, lines } = await run(
      handler(`
        const response = await fetch('${to('/end', status)}', { method: '${method}', headers: { 'x-a': '1', 'content-type': 'text/x-mine' }${method === 'GET' ? '' : ", body: 'sent'"} });
        const { method, headers, body } = await response.json();
        return [method, headers['x-a'], headers['content-type'] ?? null, body, response.url, response.redirected]`),
    );
    const body = then === 'GET' ? '' : 'sent';
    const type = then === 'GET' && method !== 'GET' ? null : 'text/x-mine';
    expect(answer).toEqual([then, '1', type, body, `${UP}/end`, true]);
    expect(lines).toEqual([`${method} api.portico-upstream.dev ${status}`, `${then} api.portico-upstream.dev 200`]);
  });

  test('takes credentials to another path, and not to another host', async () => {
    const { answer } = await run(
      handler(`
        const headers = { authorization: 'Bearer x', cookie: 'a=b', 'x-kept': '1' };
        const names = async (url) => { const { headers: got } = await (await fetch(url, { headers })).json(); return [got.authorization, got.cookie, got['x-kept']] };
        return [await names('${to('/here')}'), await names('${to('https://a.cdn.portico-upstream.dev/there')}')]`),
    );
    expect(answer).toEqual([
      ['Bearer x', 'a=b', '1'],
      [null, null, '1'],
    ]);
  });

  test('is not followed where the request says so', async () => {
    const { answer, lines } = await run(
      handler(`
        const manual = await fetch('${to('/x')}', { redirect: 'manual' });
        return [manual.status, manual.headers.get('location'), manual.redirected, await told(() => fetch('${to('/x')}', { redirect: 'error' }))]`),
    );
    expect(answer).toEqual([
      302,
      '/x',
      false,
      'TypeError: fetch failed: api.portico-upstream.dev responded with a redirect',
    ]);
    expect(lines).toHaveLength(2);
  });

  test('counts, and so does each after it', async () => {
    const { answer } = await run(handler(`return [await told(() => fetch('${to(to('/x'))}'))]`), {
      egress,
      limits: { subrequests: 2 },
    });
    expect(answer).toEqual(['TypeError: fetch failed: more than 2 requests in one call']);
  });

  test('in a circle ends with an error', async () => {
    let loop = `${UP}/end`;
    for (let i = 0; i < 3; i++) loop = to(loop);
    const { answer } = await run(handler(`return (await fetch('${loop}')).status`), { egress });
    expect(answer).toBe(200);
    const fetchUpstream = (url: URL): Promise<Response> => Promise.resolve(Response.redirect(url.href, 302));
    const { endpoint } = await publish('export default () => 1', { egress, limits: { subrequests: 1000 } });
    const { host, outlet } = await lend(endpoint, { ctx: testContext(undefined, { fetchUpstream }) });
    const request = { id: 1, method: 'GET', url: `${UP}/`, headers: [], redirect: 'follow' };
    expect(await host.fetch(request)).toEqual({ refused: 'it was redirected more than 20 times' });
    expect(outlet.outbound).toHaveLength(21);
  });

  test('to an invalid URL fails', async () => {
    const { answer } = await run(handler(`return [await told(() => fetch('${to('https://[')}'))]`));
    expect(answer).toEqual(['TypeError: fetch failed: api.portico-upstream.dev redirects to an invalid URL']);
  });
});

describe('fetch is the one that code knows', () => {
  test.each(['pooled', 'shared'] as const)(
    '%s: an answer tells where it came from, and so do its copies',
    async (instance) => {
      const { answer } = await run(
        handler(`const response = await fetch(new Request('${UP}/a?b#c', { method: 'POST', body: new URLSearchParams({ x: '1' }) })); const copy = response.clone();
        return [response.url, copy.url, response.redirected, response instanceof Response, response.ok, (await copy.json()).body, (await response.json()).headers['content-type']]`),
        { egress, instance },
      );
      expect(answer).toEqual([
        `${UP}/a?b#c`,
        `${UP}/a?b#c`,
        false,
        true,
        true,
        'x=1',
        'application/x-www-form-urlencoded;charset=UTF-8',
      ]);
    },
  );

  test('an answer goes out as the handler’s own, unpacked', async () => {
    const { endpoint } = await publish(`export default () => fetch('${UP}/packed')`, open);
    const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([200, 'unpacked '.repeat(100)]);
  });

  test('a signal that is aborted ends a request, before, while it waits, and while it answers', async () => {
    const { answer, lines } = await run(
      handler(`
        const during = new AbortController();
        const reading = new AbortController();
        const drip = await fetch('${UP}/drip', { signal: reading.signal });
        const reader = drip.body.getReader(); await reader.read(); reading.abort();
        return [
          await told(() => fetch('${UP}/', { signal: AbortSignal.abort() })),
          await told(() => fetch('${UP}/later', { signal: AbortSignal.timeout(50) })),
          await told(() => { setTimeout(() => during.abort(new Error('mine')), 50); return fetch('${UP}/later', { signal: during.signal }) }),
          await told(() => reader.read()),
          await told(() => fetch(new Request('${UP}/later', { signal: AbortSignal.timeout(50) }))),
        ].map((text) => text.split(':')[0])`),
    );
    expect(answer).toEqual(['AbortError', 'TimeoutError', 'Error', 'AbortError', 'TimeoutError']);
    expect(lines.filter((line) => line.endsWith('the request was canceled'))).toHaveLength(3);
  });

  test('bodies are bounded both ways, with or without content-length', async () => {
    const { answer } = await run(
      handler(`return [
        await told(() => fetch('${UP}/', { method: 'POST', body: new Uint8Array(10485761) })),
        await told(() => fetch('${UP}/', { method: 'POST', body: new Uint8Array(40000000) })),
        await told(async () => (await fetch('${UP}/bytes?n=10485761')).arrayBuffer()),
        await told(async () => (await fetch('${UP}/bytes?streamed&n=10551296')).arrayBuffer()),
        (await (await fetch('${UP}/bytes?streamed&n=10485760')).arrayBuffer()).byteLength,
        (await (await fetch('${UP}/bytes?n=10485760')).arrayBuffer()).byteLength]`),
    );
    const larger = (what: string): string => `TypeError: fetch failed: the ${what} is larger than 10485760 bytes`;
    expect(answer).toEqual([
      larger('body'),
      larger('body'),
      larger('response'),
      larger('response'),
      10_485_760,
      10_485_760,
    ]);
  });
});

describe('forged messages of an isolate', () => {
  const good = { id: 1, method: 'GET', url: `${UP}/`, headers: [], redirect: 'follow' };

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'https://api.portico-upstream.dev/'],
    ['no id', { ...good, id: '1' }],
    ['no text as its URL', { ...good, url: { href: `${UP}/` } }],
    ['what is no URL', { ...good, url: '/x' }],
    ['a method that is none', { ...good, method: 'GET /x HTTP/1.1\r\n' }],
    ['headers that are none', { ...good, headers: { a: 'b' } }],
    ['headers of other things than texts', { ...good, headers: [['a', 1]] }],
    ['a mode that is none', { ...good, redirect: 'sometimes' }],
    ['a body that is none', { ...good, method: 'POST', body: 'text' }],
    ['a body that is too large', { ...good, method: 'POST', body: new ArrayBuffer(10_485_761) }],
    ['another host', { ...good, url: 'https://elsewhere.example.net/' }],
    ['http', { ...good, url: 'http://api.portico-upstream.dev/' }],
    ['another scheme', { ...good, url: 'data:text/plain,x' }],
    ['a header that cannot be sent', { ...good, headers: [['a b', '1']] }],
  ])('%s is refused', async (_name, value) => {
    const { endpoint } = await publish('export default () => 1', open);
    expect(await (await lend(endpoint)).host.fetch(value)).toEqual({ refused: expect.any(String) });
  });

  test('headers that only proxies and Portico set are left out', async () => {
    const { endpoint } = await publish('export default () => 1', open);
    const headers = [
      ['X-Portico-Depth', '0.0.forged'],
      ['CF-Connecting-IP', '1.2.3.4'],
      ['Host', 'evil.dev'],
      ['x-mine', '1'],
    ];
    const answer = await (await lend(endpoint)).host.fetch({ ...good, headers });
    const echoed = await ('response' in answer ? answer.response.text() : '');
    expect(echoed).toContain('"x-mine":"1"');
    expect(echoed).not.toMatch(/forged|1\.2\.3\.4|evil/);
  });

  test('bodies of one call are bounded together', async () => {
    const { endpoint } = await publish('export default () => 1', open);
    const { host, outlet } = await lend(endpoint);
    const post = (id: number) =>
      host.fetch({ ...good, id, method: 'POST', url: `${UP}/later`, body: new ArrayBuffer(10_000_000) });
    const sent = [1, 2, 3].map(post);
    expect(await post(4)).toEqual({ refused: 'more than 33554432 bytes are being sent at once' });
    outlet.close();
    expect(await Promise.all(sent)).toEqual(Array(3).fill({ refused: 'the request was canceled' }));
  });

  test('an operation is asked for in text', async () => {
    const { ask, host } = await lend((await publish('export default () => 1')).endpoint);
    expect(await ask({}, {})).toMatchObject({ error: { code: 'invalid_input' } });
    expect(JSON.parse(await host.send('tables.count', { table: 'x' }))).toMatchObject({
      error: { code: 'invalid_input' },
    });
  });

  test('the end of a call cancels its requests and refuses new ones', async () => {
    const { endpoint } = await publish('export default () => 1', open);
    const { host, outlet, ask } = await lend(endpoint);
    const late = host.fetch({ ...good, url: `${UP}/later` });
    outlet.close();
    expect(await late).toEqual({ refused: 'the request was canceled' });
    expect(await host.fetch(good)).toEqual({ refused: 'the request was canceled' });
    expect(await ask('tables.list', { table: 'x' })).toMatchObject({ error: { code: 'call_ended' } });
  });
});

describe('LOCAL_EGRESS', () => {
  const settings = (text: string) => parseSettings({ LOCAL_EGRESS: text }).localEgress;

  test('sends requests for a host to its stand-in', async () => {
    const send = createUpstream({ localEgress: settings('api.partner.com=http://stand-in.portico-upstream.dev:4000') });
    const response = await send(new URL('https://api.partner.com/a?b=1'), {
      method: 'PUT',
      body: 'x',
      headers: { a: '1' },
    });
    expect(await response.json()).toMatchObject({
      method: 'PUT',
      url: 'http://stand-in.portico-upstream.dev:4000/a?b=1',
      headers: { a: '1', 'x-forwarded-host': 'api.partner.com' },
      body: 'x',
    });
    const other = await send(new URL(`${UP}/x`), { method: 'GET' });
    expect(await other.json()).toMatchObject({ url: `${UP}/x` });
  });

  test.each([
    'api.partner.com',
    'api.partner.com=localhost:4000',
    'api.partner.com=http://localhost:4000/path',
    '=http://x',
    'A.com=http://x',
  ])('%j is refused', (text) => expect(() => settings(text)).toThrow(/^LOCAL_EGRESS must be like/));
  test('takes several hosts, and an empty text', () => {
    expect([...settings('a.com=http://x:1, b.com=https://y')]).toEqual([
      ['a.com', 'http://x:1'],
      ['b.com', 'https://y'],
    ]);
    expect([...settings('')]).toEqual([]);
  });
});

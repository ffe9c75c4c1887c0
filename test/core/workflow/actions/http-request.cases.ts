import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';

describe('http.request', () => {
  const world = `{ fetch: async (url, init) => {
  const request = new Request(url, init);
  events.push(request.method + ' ' + request.url);
  const path = new URL(url).pathname;
  if (path === '/down' || (path === '/shaky' && events.length < 3)) throw new Error('no route');
  if (path === '/busy' && events.length < 3) return new Response('wait', { status: 503 });
  if (path === '/never') return new Promise((resolve, reject) => init.signal.addEventListener('abort', () => reject(init.signal.reason)));
  if (path === '/missing') return Response.json({ code: 'gone' }, { status: 404 });
  if (path === '/text') return new Response('{"a":1}', { headers: { 'content-type': 'text/plain' } });
  if (path === '/broken') return new Response('{', { headers: { 'content-type': 'application/json' } });
  if (path === '/empty') return new Response(null, { status: 204 });
  return Response.json({ headers: Object.fromEntries(request.headers), body: await request.text(), redirect: init.redirect }, { headers: { 'x-a': 'b' } });
} }`;
  const ctx = { params: { id: 'a/b c', q: ['x', 'y'] }, env: { TOKEN: 'sesame-open', PASS: 'pässword' } };
  const send = (step: object) =>
    runWorkflow(
      workflow(
        { id: 'r', do: 'http.request', url: 'https://api.test/x', ...step },
        { id: 'answer', do: 'respond', body: { $: 'steps.r' } },
      ),
      { world, ctx },
    );
  const refused = (step: object) =>
    checkWorkflow(
      JSON.stringify(workflow({ id: 'r', do: 'http.request', url: 'https://api.test/x', ...step })),
    ).errors.map(({ code, pointer }) => `${code} ${pointer}`);
  interface Echo {
    status: number;
    headers: Record<string, string>;
    body: { headers: Record<string, string>; body: string; redirect: string };
  }
  const echo = async (step: object): Promise<Echo> => (await send(step)).answer?.body as Echo;

  test('GET when nothing is said; answers status, headers and JSON', async () => {
    const { answer, events } = await send({});
    expect(events[0]).toBe('GET https://api.test/x');
    expect(answer?.body).toMatchObject({ status: 200, headers: { 'x-a': 'b' }, body: { body: '' } });
  });
  test('fills the places of the path and the query, encoded', async () => {
    const { events } = await send({
      url: 'https://api.test:8443/:id/:n/x?z=1',
      urlParams: { id: { $: 'params.id' }, n: 7 },
      query: { q: { $: 'params.q' }, 'a b': '&', none: null },
    });
    expect(events[0]).toBe('GET https://api.test:8443/a%2Fb%20c/7/x?z=1&q=x&q=y&a+b=%26');
  });
  test.each(['""', '"."', '".."', 'null', 'undefined'])('a place does not take %s', async (value) => {
    const { error, events } = await send({ url: 'https://api.test/:id/x', urlParams: { id: { $: value } } });
    expect(error).toMatchObject({ message: '/:id needs a value that is a path segment', step: 'r' });
    expect(events).toEqual([]);
  });
  test.each([
    ['Number("12,50")', 'body.price is NaN; write a finite number, or null for no value'],
    ['[1, undefined]', 'body.price[1] is undefined; give it a value'],
    ['[1].map', 'body.price is a function; write the value that you mean'],
  ])('a JSON body with a value without a JSON form is not sent: %s', async (value, message) => {
    const { error, events } = await send({ method: 'POST', body: { price: { $: value } } });
    expect(error).toMatchObject({ name: 'TypeError', message, step: 'r' });
    expect(events).toEqual([]);
  });
  test.each([
    [{ query: { q: { $: '[1, NaN]' } } }, 'query.q is NaN'],
    [{ query: { since: { $: 'new Date(params.id)' } } }, 'query.since is an invalid Date'],
    [{ url: 'https://api.test/:n', urlParams: { n: { $: '1 / 0' } } }, 'urlParams.n is Infinity'],
    [{ headers: { 'x-n': { $: '[{ a: NaN }]' } } }, 'headers["x-n"].a is NaN'],
    [{ headers: { date: { $: 'new Date(NaN)' } } }, 'headers.date is an invalid Date'],
    [{ method: 'POST', bodyAs: 'form', body: { f: { $: 'Object.keys' } } }, 'body.f is a function'],
    [{ method: 'POST', bodyAs: 'text', body: { $: '({ a: [undefined] })' } }, 'body.a[0] is undefined'],
    [{ auth: { type: 'bearer', token: { $: 'params.none' } } }, 'auth.token is undefined'],
  ])('a request with a value that has no exact text is not sent: %j', async (step, message) => {
    const { error, events } = await send(step);
    expect([error?.name, error?.message, events]).toEqual(['TypeError', expect.stringContaining(message), []]);
  });
  test('dates, lists and objects have a text', async () => {
    const { events } = await send({ query: { d: { $: 'new Date(0)' }, o: { $: '({ a: [1], b: params.none })' } } });
    expect(decodeURIComponent(events[0] as string)).toBe(
      'GET https://api.test/x?d=1970-01-01T00:00:00.000Z&o={"a":[1]}',
    );
    expect((await echo({ headers: { date: { $: 'new Date(0)' } } })).body.headers['date']).toBe(
      'Thu, 01 Jan 1970 00:00:00 GMT',
    );
  });
  test('a field of a JSON body without a value is left out', async () => {
    const body = { a: { $: 'params.none' }, b: { $: '({ c: params.none, d: new Date(0) })' } };
    expect((await echo({ method: 'POST', body })).body.body).toBe('{"b":{"d":"1970-01-01T00:00:00.000Z"}}');
  });
  test('sends JSON, a form or text', async () => {
    const json = await echo({ method: 'POST', body: { a: { $: 'params.q' } } });
    expect([json.body.headers['content-type'], json.body.body]).toEqual(['application/json', '{"a":["x","y"]}']);
    const form = await echo({ method: 'PUT', bodyAs: 'form', body: { a: 'b c', l: [1, 2], none: null } });
    expect([form.body.headers['content-type'], form.body.body]).toEqual([
      'application/x-www-form-urlencoded',
      'a=b+c&l=1&l=2',
    ]);
    const text = await echo({
      method: 'PATCH',
      bodyAs: 'text',
      body: '<a/>',
      headers: { 'Content-Type': 'application/xml' },
    });
    expect([text.body.headers['content-type'], text.body.body]).toEqual(['application/xml', '<a/>']);
  });
  test('signs in, and no record has the secret', async () => {
    const bearer = await send({ auth: { type: 'bearer', token: { secret: 'TOKEN' } } });
    expect((bearer.answer!.body as Echo).body.headers['authorization']).toBe('Bearer sesame-open');
    expect(JSON.stringify(bearer.steps.slice(0, 1))).not.toContain('sesame');
    expect(bearer.steps[0]?.input).toMatchObject({ auth: { type: 'bearer', token: '[secret TOKEN]' } });
    const basic = await echo({ auth: { type: 'basic', user: 'me', password: { secret: 'PASS' } } });
    expect(basic.body.headers['authorization']).toBe(
      `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode('me:pässword')))}`,
    );
  });
  test('a request with a secret follows no redirect', async () => {
    expect((await echo({})).body.redirect).toBe('follow');
    expect((await echo({ headers: { 'x-key': { secret: 'TOKEN' } } })).body.redirect).toBe('manual');
  });
  test('a secret that the endpoint does not give is an error', async () => {
    expect((await send({ headers: { k: { secret: 'OTHER' } } })).error?.message).toBe('secret OTHER is not available');
  });
  test('400 and above is an error with the answer as its cause, unless it is wanted', async () => {
    expect((await send({ url: 'https://api.test/missing' })).error).toMatchObject({
      message: 'GET https://api.test answered 404',
      step: 'r',
      cause: { status: 404, body: { code: 'gone' } },
    });
    expect((await echo({ url: 'https://api.test/missing', failOnStatus: false })).status).toBe(404);
  });
  test('JSON is parsed by content type only', async () => {
    expect((await echo({ url: 'https://api.test/text' })).body).toBe('{"a":1}');
    expect((await echo({ url: 'https://api.test/broken' })).body).toBe('{');
    expect((await echo({ url: 'https://api.test/empty' })).body).toBeNull();
  });
  test('retries after no response and after 5xx, up to its limit', async () => {
    expect(
      (await send({ url: 'https://api.test/shaky', retries: 2 })).events.filter((each) => each.startsWith('GET')),
    ).toHaveLength(3);
    expect((await send({ url: 'https://api.test/busy', retries: 2 })).answer?.status).toBe(200);
    expect((await send({ url: 'https://api.test/busy', retries: 1 })).error?.message).toBe(
      'GET https://api.test answered 503',
    );
    expect((await send({ url: 'https://api.test/down' })).error).toMatchObject({
      message: 'GET https://api.test failed: no route',
    });
  });
  test('gives up after its time limit', async () => {
    expect((await send({ url: 'https://api.test/never', timeoutMs: 20 })).error?.message).toMatch(
      'GET https://api.test failed',
    );
  });
  test('a computed URL has to be one', async () => {
    expect((await send({ url: { $: '"file:///x"' } })).error?.message).toBe(
      'the URL must be an absolute http or https URL',
    );
    expect((await send({ url: { tpl: 'https://api.test/{{params.q[0]}}' } })).events[0]).toBe('GET https://api.test/x');
  });
  test('invalid fields are refused', () => {
    expect(refused({ url: '/x' })).toEqual(['invalid_field /steps/0/url']);
    expect(refused({ url: 'ftp://x' })).toEqual(['invalid_field /steps/0/url']);
    expect(refused({ body: 1 })).toEqual(['invalid_field /steps/0/body']);
    expect(refused({ auth: { type: 'digest' } })).toEqual(['invalid_field /steps/0/auth']);
    expect(refused({ retries: 6 })).toEqual(['invalid_field /steps/0/retries']);
  });
});

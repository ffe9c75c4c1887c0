import { describe, expect, test } from 'vitest';
import type { SavedEndpoint } from '../../../src/core/publishing/endpoints/endpoint.schema';
import { deployVersion } from '../../../src/core/publishing/handlers/deploy-version';
import { getVersion } from '../../../src/core/publishing/handlers/get-handler';
import { callAdmin } from '../../support/admin-api';
import { testContext } from '../../support/context';
import { postJson, publish, runOf } from '../../support/publish';
import { adminToken } from '../../support/sign-in';
import { publishWorkflow, respond, saveMiddleware, saveVersion, workflow } from '../../support/workflow';

const patch = async (id: string, body: object) => {
  const answer = await callAdmin('PATCH', `/endpoints/${id}`, { token: await adminToken(), body });
  return { ...answer, body: answer.body as unknown as SavedEndpoint };
};
const EMAIL = { id: 'p1', name: 'email', required: true };
const sourceOf = async (id: string, version: number) => (await getVersion(testContext(), id, version)).source;
const say = (expression: string): string => workflow(respond({ $: expression }));

test('a rename makes a new version, reports its changes, and breaks neither callers nor deployed code', async () => {
  const { endpoint, handler } = await publishWorkflow([respond({ $: '[params.email, params]' })], {
    parameters: [EMAIL],
    strict: true,
  });
  const { status, body } = await patch(endpoint.id, { parameters: [{ ...EMAIL, name: 'mail' }] });
  expect(status).toBe(200);
  expect(body.parameters[0]).toMatchObject({
    id: 'p1',
    name: 'mail',
    aliases: [{ name: 'email', handler: handler.id, version: 1 }],
  });
  expect(body.renamed).toEqual([
    {
      id: 'p1',
      from: 'email',
      to: 'mail',
      versions: [
        {
          handler: handler.path,
          from: 1,
          version: 2,
          changes: [{ pointer: '/steps/0/body/$', before: '[params.email, params]', after: '[params.mail, params]' }],
          unsure: [{ pointer: '/steps/0/body/$', message: 'uses params as a whole or by a computed name' }],
        },
      ],
      middleware: [],
      notes: [`versions up to 1 of ${handler.path} keep email; later ones get mail`, 'callers may still send email'],
    },
  ]);
  expect(await sourceOf(handler.id, 2)).toContain('params.mail');
  const answers = async () =>
    Promise.all(
      ['email', 'mail'].map(async (name) => (await postJson(`/u/${endpoint.path}`, { [name]: 'a@b.co' })).json()),
    );
  // Version 1 is still served, and knows it as email, whatever the caller says.
  expect(await answers()).toEqual([
    ['a@b.co', { email: 'a@b.co' }],
    ['a@b.co', { email: 'a@b.co' }],
  ]);
  await deployVersion(testContext(), handler.id, 2, null);
  expect(await answers()).toEqual([
    ['a@b.co', { mail: 'a@b.co' }],
    ['a@b.co', { mail: 'a@b.co' }],
  ]);
  await deployVersion(testContext(), handler.id, 1, null);
  expect(await answers()).toEqual([
    ['a@b.co', { email: 'a@b.co' }],
    ['a@b.co', { email: 'a@b.co' }],
  ]);
  const { body: audit } = await callAdmin('GET', `/audit?object=endpoint&limit=100`, { token: await adminToken() });
  expect(JSON.stringify(audit)).toContain('"renamed":[{"id":"p1","from":"email","to":"mail"');
});

test('every version that is not deployed is rewritten, the deployed one is not', async () => {
  const { endpoint, handler } = await publishWorkflow([respond({ $: 'params.email' })], { parameters: [EMAIL] });
  await saveVersion(handler, say("'two ' + params.email"), false);
  await saveVersion(handler, say("'three'"), false);
  await saveVersion(handler, say("'four ' + params.email"), false);
  const { body } = await patch(endpoint.id, { parameters: [{ ...EMAIL, name: 'mail-address' }] });
  expect(body.renamed![0]!.versions.map(({ from, version }) => [from, version])).toEqual([
    [2, 5],
    [4, 6],
  ]);
  expect(await sourceOf(handler.id, 5)).toContain(`'two ' + params[\\"mail-address\\"]`);
  expect(await sourceOf(handler.id, 6)).toContain(`'four ' + params[\\"mail-address\\"]`);
  expect(await sourceOf(handler.id, 2)).toContain('params.email');
  await deployVersion(testContext(), handler.id, 6, null);
  expect(await (await postJson(`/u/${endpoint.path}`, { email: 'x' })).text()).toBe('four x');
  // Later cases build on them.
  expect((await saveVersion(handler, say("params['mail-address']"))).version).toBe(7);
  expect(await (await postJson(`/u/${endpoint.path}`, { 'mail-address': 'y' })).text()).toBe('y');
});

test('a read of the raw body stays, is reported, and works for callers of the old name', async () => {
  const { endpoint, handler } = await publishWorkflow([respond({ $: '[body.email ?? null, params.email]' })], {
    parameters: [EMAIL],
  });
  await saveVersion(handler, say('body.email ?? 1'), false);
  const { body } = await patch(endpoint.id, { parameters: [{ ...EMAIL, name: 'mail' }] });
  const message = 'reads body.email, which exists only when the caller sends that name: params.mail has the value';
  const unsure = [{ pointer: '/steps/0/body/$', message }];
  // Nothing to rewrite in it, so no version is made; but somebody has to look.
  expect(body.renamed![0]!.versions).toEqual(
    // The first goes on being served until the second is.
    [1, 2].map((from) => ({ handler: handler.path, from, version: null, changes: [], unsure })),
  );
  const answerTo = async (name: string): Promise<unknown> =>
    (await postJson(`/u/${endpoint.path}`, { [name]: 'a' })).json();
  expect([await answerTo('email'), await answerTo('mail')]).toEqual([
    ['a', 'a'],
    [null, 'a'],
  ]);
});

test('the values of a middleware follow a rename at once', async () => {
  const { path } = await saveMiddleware(
    [{ id: 'm', do: 'set', name: 'got', value: { $: 'params.who' } }],
    [{ name: 'who' }],
  );
  const { endpoint } = await publishWorkflow([respond({ $: 'mw[0].got' })], {
    parameters: [EMAIL],
    access: { level: 'public', middleware: [{ handler: path, with: { who: { $: 'params.email' } } }] },
  });
  const { body } = await patch(endpoint.id, { parameters: [{ ...EMAIL, name: 'mail' }] });
  expect(body.access.middleware[0]!.with).toEqual({ who: { $: 'params.mail' } });
  expect(body.renamed![0]!.middleware).toMatchObject([
    { index: 0, handler: path, changes: [{ before: 'params.email', after: 'params.mail' }] },
  ]);
  expect(await (await postJson(`/u/${endpoint.path}`, { email: 'x' })).text()).toBe('x');
});

describe('a read of a parameter as it was sent is reported', () => {
  const DIRECT = 'exists only when the caller sends that name';
  const WHOLE = 'callers may send mail instead of email';
  const set = (value: unknown): object => ({ id: 's', do: 'set', name: 'v', value });
  const code = (source: string): object => ({ id: 'c', do: 'code', source });
  /** Place of the parameter, a step that reads it there, its path, and the expected issue. */
  const READS: [string, object, string, string][] = [
    ['body', { id: 'i', do: 'if', when: { $: "body.email.endsWith('@b.co')" }, then: [] }, '/steps/0/when/$', DIRECT],
    ['body', set({ tpl: 'to {{body["email"]}}' }), '/steps/0/value/tpl', DIRECT],
    ['body', set({ a: [{ $: 'body?.email' }] }), '/steps/0/value/a/0/$', DIRECT],
    ['body', set({ $: 'body' }), '/steps/0/value/$', WHOLE],
    ['body', set({ $: 'Object.keys(body)' }), '/steps/0/value/$', WHOLE],
    ['body', set({ $: 'body[request.path]' }), '/steps/0/value/$', WHOLE],
    ['body', set({ $: 'request.text' }), '/steps/0/value/$', WHOLE],
    ['body', code('return body.email'), '/steps/0/source', DIRECT],
    ['body', code('const { email } = body;\nreturn email'), '/steps/0/source', DIRECT],
    ['body', code('const { name, ...rest } = body;\nreturn rest'), '/steps/0/source', WHOLE],
    ['body', code('return JSON.stringify(body)'), '/steps/0/source', WHOLE],
    ['body', code('return JSON.parse(request.text).email'), '/steps/0/source', WHOLE],
    ['body', { id: 'c', do: 'code', with: { e: { $: 'body.email' } }, source: 'return input.e' }, '/steps/0/with/e/$', DIRECT],
    ['body', { id: 'o', do: 'each', items: [1], steps: [set({ $: 'body.email' })] }, '/steps/0/steps/0/value/$', DIRECT],
    ['query', set({ $: 'query.email' }), '/steps/0/value/$', DIRECT],
    ['query', set({ $: 'request.queries.email' }), '/steps/0/value/$', DIRECT],
    ['query', set({ $: 'request.url' }), '/steps/0/value/$', WHOLE],
    ['header', set({ $: "headers['email']" }), '/steps/0/value/$', DIRECT],
    ['header', code('return headers'), '/steps/0/source', WHOLE],
  ]; // oxfmt-ignore

  test.each(READS)('in %s: %j', async (place, step, pointer, says) => {
    const mw = await saveMiddleware([step]);
    const parameters = [{ id: 'p1', name: 'email', in: place as 'body' }];
    const { endpoint } = await publishWorkflow([step, respond(1)], {
      parameters,
      access: { level: 'public', middleware: [{ handler: mw.path }] },
    });
    const { body } = await patch(endpoint.id, { parameters: [{ ...parameters[0]!, name: 'mail' }] });
    const unsure = [{ pointer, message: expect.stringContaining(says) }];
    expect(body.renamed![0]).toMatchObject({
      versions: [{ from: 1, version: null, unsure }],
      middleware: [{ index: 0, handler: mw.path, changes: [], unsure }],
    });
  });

  test.each([['body.mail'], ['query.email'], ['steps.s?.body.email'], ['params.email ?? 1'], ['request.path']])(
    'except %s in a middleware',
    async ($) => {
      const { path } = await saveMiddleware([set(1), { ...set({ $ }), id: 't' }], [{ name: 'email', required: false }]);
      const parameters = [EMAIL];
      const access = { level: 'public' as const, middleware: [{ handler: path }] };
      const { endpoint } = await publishWorkflow([respond(1)], { parameters, access });
      const { body } = await patch(endpoint.id, { parameters: [{ ...EMAIL, name: 'mail' }] });
      expect(body.renamed![0]!.middleware).toEqual([]);
    },
  );

  test.each([
    ['js', 'export async function handler(request) {\n  const { email } = await request.json();\n  return email;\n}', [2, 3]],
    ['ts', 'export async function handler(request: Request) {\n  const body: any = await request.json();\n  return body.email as string;\n}', [3]],
    ['js', "import { Hono } from 'hono'\nconst app = new Hono()\napp.post('/', async (c) => c.json((await c.req.json()).email))\nexport default app", [3]],
    ['py', "def handler(request):\n    emails = []\n    return request.get_json()['email']", [3]],
    ['js', 'export default ({ email }) => email', []],
    ['py', 'def _f(email): return email\nresult = _f', []],
  ])('in lines of a .%s handler that takes the request: %j', async (extension, source, lines) => {
    const { endpoint, handler } = await publish(source, { parameters: [EMAIL] }, extension);
    await saveVersion(handler, `${source}\n`, false);
    const { body } = await patch(endpoint.id, { parameters: [{ ...EMAIL, name: 'mail' }] });
    const unsure = lines.map((line) => ({ pointer: '', message: expect.stringContaining(`line ${line} contains email`) }));
    expect(body.renamed![0]!.versions).toEqual(
      lines.length === 0 ? [] : [1, 2].map((from) => ({ handler: handler.path, from, version: null, changes: [], unsure })),
    );
  }); // oxfmt-ignore
});

test('twice renamed, then swapped: every version has the names that it was written with', async () => {
  const [a, b] = [
    { id: 'p1', name: 'a' },
    { id: 'p2', name: 'b' },
  ];
  const { endpoint, handler } = await publishWorkflow([respond({ $: "params.a + '/' + params.b" })], {
    parameters: [a, b],
  });
  await patch(endpoint.id, { parameters: [{ ...a, name: 'c' }, b] });
  const { body } = await patch(endpoint.id, {
    parameters: [
      { ...a, name: 'b' },
      { ...b, name: 'c' },
    ],
  });
  expect(body.parameters.map(({ name }) => name)).toEqual(['b', 'c']);
  expect(await sourceOf(handler.id, 2)).toContain("params.c + '/' + params.b");
  expect(await sourceOf(handler.id, 3)).toContain("params.b + '/' + params.c");
  for (const version of [1, 2, 3]) {
    await deployVersion(testContext(), handler.id, version, null);
    expect(await (await postJson(`/u/${endpoint.path}`, { b: '1', c: '2' })).text(), `version ${version}`).toBe('1/2');
  }
});

test('handlers of other languages go on under the old name until they are saved again', async () => {
  const { endpoint, handler } = await publish('result = lambda email: {"got": email}\n', { parameters: [EMAIL] }, 'py');
  const { body } = await patch(endpoint.id, { parameters: [{ ...EMAIL, name: 'mail' }] });
  expect(body.renamed).toMatchObject([
    {
      versions: [],
      notes: [expect.stringContaining('change the source before you save it again'), expect.any(String)],
    },
  ]);
  expect(await (await postJson(`/u/${endpoint.path}`, { mail: 'x' })).json()).toEqual({ got: 'x' });
  await saveVersion(handler, 'result = lambda mail: {"new": mail}\n');
  expect(await (await postJson(`/u/${endpoint.path}`, { email: 'x' })).json()).toEqual({ new: 'x' });
}, 20_000); // Python boots.

test('aliases are forgotten on demand, and stay sensitive until then', async () => {
  const { endpoint } = await publishWorkflow([respond(1)], { parameters: [{ ...EMAIL, sensitive: true }] });
  await patch(endpoint.id, { parameters: [{ ...EMAIL, sensitive: true, name: 'mail' }] });
  const response = await postJson(`/u/${endpoint.path}`, { email: 'ada@example.com' });
  expect([response.status, (await runOf(response)).request.body]).toEqual([200, '{"email":"[redacted]"}']);
  await patch(endpoint.id, { parameters: [{ ...EMAIL, name: 'mail', aliases: [] }] });
  expect((await postJson(`/u/${endpoint.path}`, { email: 'x' })).status).toBe(422);
});

import { expect, test } from 'vitest';
import { putSecret } from '../../src/core/publishing/secrets/put-secret';
import { PutSecretInput } from '../../src/core/publishing/secrets/secret.schema';
import { testContext } from '../support/context';
import { call, postJson, publish, runOf, unique } from '../support/publish';

const VALUE = 'SuperSecretValue0123456789abcdefXY';

async function keep(value = VALUE): Promise<string> {
  const name = unique('SECRET').replaceAll('-', '_').toUpperCase();
  await putSecret(testContext(), name, PutSecretInput.parse({ value, roles: [] }));
  return name;
}

/** Pieces of eight characters of the secret that are in a text. */
const piecesIn = (text: string): string[] =>
  Array.from({ length: VALUE.length - 7 }, (_, at) => VALUE.slice(at, at + 8)).filter((piece) => text.includes(piece));

/** Handlers that put a secret across every limit of a record, plain or in base64. */
const SOURCES: [string, string, (secret: string) => string][] = [
  [
    'JavaScript',
    'js',
    (name) => `export function handler(request, ctx) {
      const secret = ctx.env.${name}, fill = (n) => 'p'.repeat(n);
      console.log(fill(65536 - 33) + secret);
      return new Response(fill(8192 - 33) + secret, { headers: { 'content-type': 'text/plain', 'x-echo': fill(1024 - 33) + secret } });
    }`,
  ],
  [
    'JavaScript, a stream',
    'js',
    (name) => `export function handler(request, ctx) {
      const bytes = new TextEncoder().encode('p'.repeat(65536 - 40) + btoa('user:' + ctx.env.${name}));
      const body = new ReadableStream({ start(c) { for (let i = 0; i < bytes.length; i += 999) c.enqueue(bytes.slice(i, i + 999)); c.close() } });
      return new Response(body, { headers: { 'content-type': 'application/json' } });
    }`,
  ],
  [
    'JavaScript, an error',
    'js',
    (name) => `export default (p, ctx) => {
      const error = new Error('p'.repeat(4096 - 33) + ctx.env.${name});
      error.name = 'p'.repeat(200 - 20) + ctx.env.${name};
      throw error;
    }`,
  ],
  [
    'Python',
    'py',
    (name) => `from portico import env
def handler(request):
    secret = env['${name}']
    print('p' * (65536 - 33) + secret)
    return 'p' * (8192 - 33) + secret, 200, {'x-echo': 'p' * (1024 - 33) + secret}
`,
  ],
  [
    'Python, an error',
    'py',
    (name) => `from portico import env
def handler(request):
    raise ValueError('p' * (2038 - 100) + env['${name}'] * 90)
`,
  ],
  [
    'a workflow',
    'workflow.json',
    (name) =>
      JSON.stringify({
        kind: 'workflow',
        steps: [
          {
            id: 'long',
            do: 'code',
            with: { key: { secret: name } },
            source: `const fill = (n) => 'p'.repeat(n);
              console.log(fill(65536 - 33) + input.key);
              return { text: fill(1024 - 40) + btoa('user:' + input.key), plain: fill(1000) + input.key }`,
          },
          { id: 'out', do: 'respond', body: { $: 'steps.long' } },
        ],
      }),
  ],
];

test.each(SOURCES)('no piece of a secret is left where a record is cut: %s', async (_name, extension, source) => {
  const secret = await keep();
  const { endpoint } = await publish(source(secret), { secrets: [secret] }, extension);
  const response = await call(`/u/${endpoint.path}`, { method: 'POST' });
  await response.text();
  const run = JSON.stringify(await runOf(response));
  expect(run).toContain('ppp');
  expect(piecesIn(run)).toEqual([]);
});

test.each([1, 9000, 300_000])('lists and objects that are sensitive, beside %d bytes', async (padding) => {
  const { endpoint } = await publish(
    `export default () => ({ tokens: ['first-aaa', 'second-bbb'], pad: 'p'.repeat(${padding}) })`,
    {
      parameters: [
        { name: 'card', type: 'object', sensitive: true },
        { name: 'pins', type: 'array', sensitive: true },
      ],
    },
  );
  const body = {
    card: { number: '4111222233334444', cvv: '737' },
    pins: ['12', '34'],
    passwords: ['one-hhh', 'two-iii'],
  };
  const response = await postJson(`/u/${endpoint.path}`, { ...body, pad: 'q'.repeat(padding) });
  await response.text();
  const { request, response: answer } = await runOf(response);
  for (const part of ['4111', '737', '12', '34', 'hhh', 'iii']) expect(request.body).not.toContain(part);
  for (const part of ['aaa', 'bbb']) expect(answer!.body).not.toContain(part);
});

test('a call with more sensitive texts than can be looked for leaves metadata only', async () => {
  const { endpoint } = await publish(`export default ({ list }) => { console.log(list[7]); return list[7] }`, {
    parameters: [{ name: 'list', type: 'array', sensitive: true }],
  });
  const list = Array.from({ length: 600 }, (_, n) => `item number ${n}`);
  const response = await postJson(`/u/${endpoint.path}`, { list });
  expect(await response.text()).toBe('item number 7');
  const run = await runOf(response);
  expect(run.outcome).toBe('success');
  expect(JSON.stringify(run)).not.toContain('item number');
});

test('a refusal that repeats a sensitive part of the path does not bring it into the record', async () => {
  const { endpoint } = await publish('export default () => 1', {
    subpaths: true,
    parameters: [{ name: 'code', type: 'text', in: 'path', sensitive: true }],
  });
  const response = await call(`/u/${endpoint.path}/hidden-part-%FF`, { method: 'POST' });
  expect(response.status).toBe(400);
  const run = JSON.stringify(await runOf(response));
  expect(run).toContain('rejected');
  expect(run).not.toContain('hidden-part');
});

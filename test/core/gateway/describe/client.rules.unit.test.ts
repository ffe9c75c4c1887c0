import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { toClient, typeOf } from '../../../../src/core/gateway/describe/client.rules';
import type { Described } from '../../../../src/core/gateway/describe/described.rules';
import { toOpenApi } from '../../../../src/core/gateway/describe/openapi.rules';
import { withPathNames } from '../../../../src/core/publishing/endpoints/endpoint-path.rules';
import { ParameterInput, type EndpointParameter } from '../../../../src/core/parameters/parameter.schema';

const ORIGIN = 'https://api.example';
const parameter = (input: object, index: number): EndpointParameter => ({
  ...ParameterInput.parse(input),
  id: `p${index}`,
});
const endpoint = (path: string, options: Partial<Described> & { of?: object[] } = {}): Described => {
  const { of = [], ...rest } = options;
  return {
    id: path,
    path,
    methods: ['POST'],
    title: '',
    description: '',
    folder: '',
    accessLevel: 'public',
    strict: false,
    isLimited: false,
    isSigned: false,
    isCached: false,
    idempotency: null,
    response: { types: ['application/json'], redirects: [], headers: [], cookies: [], after: [], schema: null },
    tool: false,
    toolName: null,
    ...rest,
    parameters: withPathNames(of.map(parameter), path),
  };
};
const SCHEMA = {
  type: 'object',
  required: ['total'],
  properties: { total: { type: 'number' }, tags: { type: 'array', items: { enum: ['a', 'b'] } } },
  additionalProperties: false,
};
/** Refers to itself, and has a property and data that look like references. */
const TREE = {
  $id: 'https://api.example/tree',
  type: 'object',
  properties: { next: { $ref: '#' }, name: { $ref: '#/$defs/name' }, $ref: { const: { $ref: '#' } } },
  $defs: { name: { type: 'string' } },
};
const endpoints = [
  endpoint('quote', {
    title: 'A quote */ of "things"',
    accessLevel: 'key-or-authenticated',
    isLimited: true,
    idempotency: { required: true },
    response: {
      types: ['application/json', 'text/plain'],
      redirects: [],
      headers: [],
      cookies: [],
      after: [],
      schema: SCHEMA,
    },
    of: [
      { name: 'amount', type: 'number', required: true, min: 0 },
      { name: 'currency', type: 'enum', values: ['EUR', 'USD'], default: 'EUR' },
      { name: 'note', in: 'header', sentAs: 'x-note' },
    ],
  }),
  endpoint('orders/:id', { methods: ['GET'], of: [{ name: 'tag', in: 'query', type: 'array', sentAs: 'tag[]' }] }),
  endpoint('orders/:id', { methods: ['PUT', 'DELETE'], id: 'write' } as Partial<Described>),
  endpoint('tree', {
    methods: ['GET'],
    response: { ...endpoint('').response, schema: TREE },
  }),
  endpoint('hook'),
  endpoint('upload', { of: [{ name: 'file', type: 'file', required: true }, { name: 'title' }] }),
];
const client = toClient(endpoints, ORIGIN);

const folder = mkdtempSync(join(tmpdir(), 'client-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the client compiles, and types refuse wrong calls', () => {
  writeFileSync(join(folder, 'client.ts'), client);
  writeFileSync(
    join(folder, 'use.ts'),
    `import { createClient } from './client';
const client = createClient({ apiKey: 'k' });
const { data } = await client.postQuote({ amount: 1, currency: 'USD' });
export const total: number = data.total;
// @ts-expect-error a parameter is missing
await client.postQuote({});
// @ts-expect-error not one of the values
await client.postQuote({ amount: 1, currency: 'CHF' });
// @ts-expect-error no such field in the response
export const other = data.sum;
await client.getOrdersById({ id: '7', tag: ['a'] });
await client.putOrdersById({ id: '7', body: 'text' });
await client.postUpload({ file: new Blob(['x']) });
await client.postHook({ body: 'text' });
await client.getTree();
// @ts-expect-error an endpoint without parameters
await client.getTree({ name: 'a' });
`,
  );
  const options = [
    '--noEmit',
    '--ignoreConfig',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--target',
    'es2022',
    '--module',
    'esnext',
    '--moduleResolution',
    'bundler',
    '--lib',
    'es2023,dom,dom.iterable',
    '--types',
    '',
  ];
  execFileSync('node_modules/.bin/tsc', [...options, join(folder, 'use.ts')], { stdio: 'inherit' });
}, 30_000);

interface Sent {
  url: string;
  init: RequestInit & { headers: Headers };
}
interface Client {
  createClient: (
    options: object,
  ) => Record<string, (params: object) => Promise<{ data: unknown; runId: string | null }>>;
}

describe('the client', async () => {
  const code = stripTypeScriptTypes(client, { mode: 'transform' });
  const { createClient } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Client;
  const against = (...responses: Response[]) => {
    const sent: Sent[] = [];
    const made = createClient({
      apiKey: 'secret',
      fetch: async (url: string, init: Sent['init']) => {
        sent.push({ url, init });
        return responses.shift()!;
      },
    });
    return { sent, made };
  };

  test('puts parameters where the endpoint reads them, under the names that callers send', async () => {
    const { sent, made } = against(
      Response.json({ total: 2 }, { headers: { 'x-run-id': 'run_1' } }),
      Response.json(1),
      new Response(null),
    );
    expect(await made.postQuote!({ amount: 1, note: 'hi', more: true })).toMatchObject({
      data: { total: 2 },
      runId: 'run_1',
    });
    await made.getOrdersById!({ id: 'a/b', tag: ['x', 'y'] });
    await made.putOrdersById!({ id: '7', body: 'raw' });
    expect(sent.map(({ url, init }) => [init.method, url, init.body])).toEqual([
      ['POST', `${ORIGIN}/u/quote`, '{"amount":1,"more":true}'],
      ['GET', `${ORIGIN}/u/orders/a%2Fb?tag%5B%5D=x&tag%5B%5D=y`, undefined],
      ['PUT', `${ORIGIN}/u/orders/7`, 'raw'],
    ]);
    expect([sent[0]!.init.headers.get('x-note'), sent[0]!.init.headers.get('x-api-key')]).toEqual(['hi', 'secret']);
    // A URL would take it as a step to another endpoint.
    for (const id of ['.', '..']) await expect(made.getOrdersById!({ id })).rejects.toThrow('id must not be . or ..');
  });

  test('throws problems with their run, and does not wait for an hour', async () => {
    const problem = { status: 422, code: 'invalid_parameters', detail: 'amount is required', requestId: 'req_1' };
    const type = { 'content-type': 'application/problem+json', 'x-run-id': 'run_2' };
    const { made } = against(new Response(JSON.stringify(problem), { status: 422, headers: type }));
    await expect(made.postQuote!({ amount: 1 })).rejects.toMatchObject({
      message: 'amount is required',
      problem,
      runId: 'run_2',
    });
    const later = against(new Response('', { status: 429, headers: { 'retry-after': '3600' } }));
    await expect(later.made.postQuote!({ amount: 1 })).rejects.toMatchObject({ response: { status: 429 } });
    // The handler may have run: without a key of its own, a POST is not sent again.
    const away = against(new Response('', { status: 503 }));
    await expect(away.made.postQuote!({ amount: 1 })).rejects.toMatchObject({ response: { status: 503 } });
    expect(away.sent).toHaveLength(1);
  });
});

test('an OpenAPI document has a path for each template, files as a form, and refusals that can occur', () => {
  const file = process.env.DESCRIPTION_FILE;
  if (file !== undefined) writeFileSync(file, JSON.stringify(toOpenApi(endpoints, ORIGIN)));
  const document = toOpenApi(endpoints, ORIGIN) as {
    paths: Record<
      string,
      Record<string, { requestBody?: { content: object }; responses: object; parameters?: object[] }>
    >;
  };
  expect(Object.keys(document.paths)).toEqual(['/hook', '/orders/{id}', '/quote', '/tree', '/upload']);
  expect(Object.keys(document.paths['/orders/{id}']!)).toEqual(['get', 'put', 'delete']);
  expect(Object.keys(document.paths['/upload']!.post!.requestBody!.content)).toEqual(['multipart/form-data']);
  expect(Object.keys(document.paths['/quote']!.post!.responses)).toEqual([
    '200',
    '400',
    '401',
    '403',
    '409',
    '413',
    '415',
    '422',
    '429',
    '500',
    '502',
    '503',
    '504',
  ]);
  expect(document.paths['/quote']!.post!.parameters).toContainEqual(
    expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: true }),
  );
  expect(Object.keys(document.paths['/orders/{id}']!.get!.responses)).toEqual([
    '200',
    '400',
    '422',
    '500',
    '502',
    '503',
    '504',
  ]);
});

test('a response schema that refers to parts of itself still finds them in the document', () => {
  const { paths, components } = toOpenApi(endpoints, ORIGIN) as Record<string, Record<string, Record<string, object>>>;
  const at = '#/components/schemas/getTreeAnswer';
  expect(paths!['/tree']!.get).toMatchObject({
    responses: { '200': { content: { 'application/json': { schema: { $ref: at } } } } },
  });
  expect(components!.schemas).toMatchObject({ Problem: {} });
  expect(components!.schemas!.getTreeAnswer).toEqual({
    type: 'object',
    properties: { next: { $ref: at }, name: { $ref: `${at}/$defs/name` }, $ref: { const: { $ref: '#' } } },
    $defs: { name: { type: 'string' } },
  });
});

test.each([
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ const: 'a' }, '"a"'],
  [{ anyOf: [{ type: 'integer' }, { type: 'boolean' }] }, '(number) | (boolean)'],
  [{ type: 'array', items: { type: 'string' } }, '(string)[]'],
  [{ type: 'object' }, 'Record<string, unknown>'],
  [{ $ref: '#/x' }, 'unknown'],
  [true, 'unknown'],
])('the type of %j is %s', (schema, type) => {
  expect(typeOf(schema)).toBe(type);
});

test('a kind that a type lists many times is rendered once, at each level', () => {
  const nest = (depth: number): object =>
    depth === 0 ? { enum: [] } : { type: Array(100).fill('object'), properties: { a: nest(depth - 1) } };
  expect(typeOf(nest(7)).match(/"a"/g)).toHaveLength(7);
  expect([typeOf({ type: [] }), typeOf({ type: [['object']] })]).toEqual(['unknown', 'unknown']);
});

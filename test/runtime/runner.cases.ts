import { expect } from 'vitest';
import type { ContractCase } from './runner.contract';

/** The same source is JavaScript and TypeScript. */
const both = (source: string): ContractCase['sources'] => ({ javascript: source, typescript: source });

/** A workflow that answers with one expression, after other steps. */
const steps = (expression: string, ...before: object[]): string =>
  JSON.stringify({ kind: 'workflow', steps: [...before, { id: 'answer', do: 'respond', body: { $: expression } }] });

/** What every language promises where it can show it, and what only one of them has. */
export const CASES: ContractCase[] = [
  {
    name: 'a default function is fed by parameter name',
    sources: {
      javascript: 'export default ({ name1, name2 }) => ({ hello: [name1, name2] })',
      typescript:
        'export default function ({ name1, name2 }: { name1: string; name2: string }): object { return { hello: [name1, name2] } }',
      python: 'def f(name1, name2):\n    return {"hello": [name1, name2]}\nresult = f\n',
    },
    call: { params: { name1: 'a', name2: 'b' } },
    expect: { kind: 'json', text: '{"hello":["a","b"]}', status: null },
  },
  {
    name: 'parameters reach the steps by name, and variables the answer',
    sources: {
      workflow: steps('({ hello: vars.both })', {
        id: 'both',
        do: 'set',
        name: 'both',
        value: { $: '[params.name1, params.name2]' },
      }),
    },
    call: { params: { name1: 'a', name2: 'b' } },
    expect: { kind: 'json', text: '{"hello":["a","b"]}', status: 200 },
  },
  {
    name: 'an error of a step carries its id',
    sources: { workflow: steps('1', { id: 't', do: 'throw', message: 'too far' }) },
    expect: { error: { name: 'Thrown', message: 'too far', step: 't' } },
  },
  {
    name: 'handler gets the request and wins over a default export',
    sources: {
      ...both(`export default () => 'no';
      export async function handler(request, ctx) { return [request.method, new URL(request.url).pathname, request.headers.get('x-a'), await request.text(), ctx.params.p].join() }`),
      python:
        'from portico import ctx\nresult = print\ndef handler(request):\n    return ",".join([request.method, request.path, request.headers["x-a"], request.data.decode(), str(ctx.params["p"])])\n',
      workflow: steps("[request.method, request.path, headers['x-a'], body, params.p].join()"),
    },
    call: {
      params: { p: 1 },
      request: { method: 'PUT', url: 'https://host/rest?x=1', headers: [['x-a', 'A']] },
      body: 'text',
    },
    expect: { kind: 'text', text: 'PUT,/rest,A,text,1' },
  },
  {
    name: 'a Hono app is a handler as it stands',
    sources: both(`import { Hono } from 'hono'; import { cors } from 'hono/cors';
      const app = new Hono(); app.use(cors()); app.get('/hello/:name', (c) => c.json({ hello: c.req.param('name') }, 201)); export default app`),
    call: { request: { url: 'https://host/hello/ada' } },
    expect: { type: 'response', text: '{"hello":"ada"}', status: 201 },
  },
  {
    name: 'a Response made of text is answered as text, with its own type',
    sources: both(
      `export const handler = () => { const r = Response.json({ a: 1 }, { status: 202, headers: { 'x-a': 'b' } }); return r instanceof Response && r }`,
    ),
    expect: { kind: 'text', text: '{"a":1}', status: 202 },
  },
  {
    name: 'a Response whose text was read or passed on is what the platform makes of it',
    sources: both(
      `export const handler = async () => { const r = new Response('abc'); const copied = await r.clone().text(); return new Response(r.body, { headers: { 'x-copied': copied } }) }`,
    ),
    expect: { type: 'response', text: 'abc', status: 200 },
  },
  {
    name: 'zod can be imported',
    sources: both(
      `import * as z from 'zod'; export default (input) => z.object({ n: z.coerce.number() }).parse(input)`,
    ),
    call: { params: { n: '5' } },
    expect: { kind: 'json', text: '{"n":5}' },
  },
  {
    name: 'nothing is an empty answer',
    sources: {
      ...both('export default () => {}'),
      python: 'def f(): pass\nresult = f\n',
      workflow: JSON.stringify({ kind: 'workflow', steps: [] }),
    },
    expect: { kind: 'none' },
  },
  {
    name: 'what is printed is the log',
    sources: {
      ...both(`export const handler = () => { console.log('hi'); return 1 }`),
      python: 'def handler():\n  print("hi")\n  return 1\n',
      workflow: steps('1', { id: 'l', do: 'log', message: 'hi' }),
    },
    expect: { kind: 'json', text: '1', logs: [['info', 'hi']] },
  },
  {
    name: 'null is JSON',
    sources: { ...both('export default () => null'), workflow: steps('null') },
    expect: { kind: 'json', text: 'null' },
  },
  {
    name: 'a string is text',
    sources: { ...both(`export default () => 'hi'`), python: 'result = lambda: "hi"\n', workflow: steps("'hi'") },
    expect: { kind: 'text', text: 'hi' },
  },
  {
    name: 'a JSON string from a function fed by name is JSON, untouched',
    sources: {
      ...both(`export default () => '{ "b":1, "a":1e400 }'`),
      python: 'result = lambda: \'{ "b":1, "a":1e400 }\'\n',
    },
    expect: { kind: 'json', text: '{ "b":1, "a":1e400 }' },
  },
  {
    name: 'a JSON string from handler stays text',
    sources: { ...both(`export const handler = () => '[1]'`), python: 'def handler(): return "[1]"\n' },
    expect: { kind: 'text', text: '[1]' },
  },
  {
    name: 'handler may answer [data, status, headers]',
    sources: {
      ...both(`export const handler = () => [{ a: 1 }, 404, { 'x-b': 'c' }]`),
      python: 'def handler(): return {"a": 1}, 404, {"x-b": "c"}\n',
    },
    expect: { kind: 'json', text: '{"a":1}', status: 404 },
  },
  {
    name: 'a pair of numbers from a plain function is a list',
    sources: { ...both('export default () => [1, 200]'), python: 'result = lambda: [1, 200]\n' },
    expect: { kind: 'json', text: '[1,200]', status: null },
  },
  {
    name: 'bytes are a body of their own',
    sources: { ...both('export default () => new Uint8Array([104, 105])'), python: 'def handler(): return b"hi"\n' },
    expect: { type: 'response', text: 'hi', status: 200 },
  },
  {
    name: 'a stream is passed on',
    sources: both(`export default () => new ReadableStream({ async start(c) { const e = new TextEncoder();
      for (const part of ['a', 'b', 'c']) { await new Promise((r) => setTimeout(r, 1)); c.enqueue(e.encode(part)) } console.log('sent'); c.close() } })`),
    expect: { type: 'response', text: 'abc', logs: [['info', 'sent']] },
  },
  {
    name: 'console output is the log, also of work after the answer',
    sources: both(`console.info('start'); export default (p, ctx) => { console.log('a', { b: 1 }); console.warn('w');
      ctx.waitUntil(new Promise((r) => setTimeout(r, 5)).then(() => console.error('late'))); return 1 }`),
    expect: {
      kind: 'json',
      text: '1',
      logs: [
        ['info', 'start'],
        ['info', 'a {"b":1}'],
        ['warn', 'w'],
        ['error', 'late'],
      ],
    },
  },
  {
    name: "an error carries name, message and the handler's own lines",
    sources: {
      ...both(`export default () => {\n  throw new RangeError('too far')\n}`),
      python: 'def handler():\n  raise RangeError("too far")\nclass RangeError(Exception): pass\n',
    },
    expect: {
      error: {
        name: 'RangeError',
        message: 'too far',
        stack: expect.stringMatching(/handler\.(js:2|python", line 2)/) as unknown,
      },
    },
  },
  {
    name: "an error at module start is the run's",
    sources: {
      ...both(`throw new Error('no start'); export default () => 1`),
      python: 'class Error(Exception): pass\nraise Error("no start")\ndef handler(): pass\n',
    },
    expect: { error: { name: 'Error', message: 'no start' } },
  },
  {
    name: 'undefined can be thrown',
    sources: both('export default () => { throw undefined }'),
    expect: { error: { message: 'a handler threw undefined' } },
  },
  {
    name: 'an object whose toString throws can be thrown',
    sources: both('export default () => { throw { toString() { throw 1 }, toJSON() { throw 2 } } }'),
    expect: { error: { message: expect.any(String) as unknown } },
  },
  {
    name: 'a cyclic object cannot be sent',
    sources: {
      ...both('export default () => { const a = {}; a.a = a; return a }'),
      python: 'def f():\n  a = {}\n  a["a"] = a\n  return a\nresult = f\n',
    },
    expect: { type: 'bad' },
  },
  { name: 'a symbol cannot be sent', sources: both('export default () => Symbol()'), expect: { type: 'bad' } },
  {
    name: 'the network is shut',
    sources: {
      ...both(`export default () => fetch('https://example.com/').then(() => 'open', () => 'closed')`),
      python:
        'from portico import fetch\ndef f():\n  try: fetch("https://example.com/")\n  except OSError: return "closed"\nresult = f\n',
    },
    expect: { kind: 'text', text: 'closed' },
  },
  {
    name: 'a handler that breaks JSON breaks only itself',
    sources: both('JSON.stringify = () => { throw 1 }; export default () => ({ a: 1 })'),
    expect: { kind: 'json', text: '{"a":1}' },
  },
  {
    name: 'a promise is awaited, other thenables too',
    sources: both('export default () => ({ then(done) { done({ x: 1 }) } })'),
    expect: { kind: 'json', text: '{"x":1}' },
  },
];

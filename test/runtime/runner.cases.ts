import { expect } from 'vitest';
import type { ContractCase } from './runner.contract';

/** The same source is JavaScript and TypeScript. */
const both = (source: string): ContractCase['sources'] => ({ javascript: source, typescript: source });

/** A workflow that answers with one expression, after other steps. */
const steps = (expression: string, ...before: object[]): string =>
  JSON.stringify({ kind: 'workflow', steps: [...before, { id: 'answer', do: 'respond', body: { $: expression } }] });

/** Values without a JSON form, and what their developer is told. */
const WITHOUT_JSON: [value: string, reason: string][] = [
  ['new Map([["a", 1]])', 'the value is a Map; write Object.fromEntries(map)'],
  ['({ rows: [{}, { tags: new Set() }] })', 'rows[1].tags is a Set; write [...set]'],
  ['new Error("x")', 'the value is an Error; write an object of its fields, such as { ...x }'],
  [
    '({ error: Object.assign(new TypeError("x"), { code: 1 }) })',
    'error is a TypeError; write an object of its fields, such as { ...x }',
  ],
  ['(function* () { yield 1 })()', 'the value is a Generator; write [...x]'],
  ['(async function* () { yield 1 })()', 'the value is an AsyncGenerator; write await Array.fromAsync(x)'],
  ['[1].values()', 'the value is an Array Iterator; write [...x]'],
  ['new URLSearchParams("a=1")', 'the value is a URLSearchParams; write Object.fromEntries(x)'],
  ['new FormData()', 'the value is a FormData; write Object.fromEntries(x)'],
  ['[new Headers()]', '[0] is a Headers; write Object.fromEntries(x)'],
  ['({ r: /x/ })', 'r is a RegExp; write String(x)'],
  ['({ p: Promise.resolve(1) })', 'p is a Promise; await it first'],
  ['({ w: new WeakMap() })', 'w is a WeakMap; write an object of its fields, such as { ...x }'],
  ['({ b: new Uint8Array(2) })', 'b is binary (Uint8Array); write a string, such as base64'],
  ['({ f: new File([], "a") })', 'f is binary (File); write a string, such as base64'],
  ['({ r: new Response("x") })', 'r is a Response; write an object of its fields, such as { ...x }'],
  ['new (class Empty { #a = 1 })()', 'the value is an Empty; write an object of its fields, such as { ...x }'],
  ['NaN', 'the value is NaN; write a finite number, or null for no value'],
  ['({ a: [1, { "b-c": -Infinity }] })', 'a[1]["b-c"] is -Infinity; write a finite number, or null for no value'],
  ['({ at: new Date(NaN) })', 'at is an invalid Date; write a valid one, or null'],
  ['({ price: { toJSON: () => NaN } })', 'price is NaN; write a finite number, or null for no value'],
  ['({ all: { toJSON: () => [new Map()] } })', 'all[0] is a Map; write Object.fromEntries(map)'],
  ['[new Number(NaN)]', '[0] is NaN; write a finite number, or null for no value'],
  [
    '(() => { const order = { lines: [{}] }; order.lines[0].order = order; return order })()',
    'lines[0].order is a circular reference; leave it out',
  ],
  ['({ n: [1n] })', 'n[0] is a BigInt; write Number(x) or String(x)'],
  ['1n', 'the value is a BigInt; write Number(x) or String(x)'],
  ['[() => 1]', '[0] is a function'],
  ['() => 1', 'the value is a function'],
  ['Symbol("x")', 'the value is a symbol'],
];

/** Promises of every language that can show them, and those of one language only. */
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
    expect: { format: 'json', text: '{"hello":["a","b"]}', status: null },
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
    expect: { format: 'json', text: '{"hello":["a","b"]}', status: 200 },
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
    expect: { format: 'text', text: 'PUT,/rest,A,text,1' },
  },
  {
    name: 'a handler gets every value of a repeated header, whatever its name',
    sources: both(`export const handler = ({ headers }) => [...headers].join(';')`),
    call: {
      request: {
        headers: [
          ['x-a', '1'],
          ['__proto__', '2'],
          ['x-a', '3'],
        ],
      },
    },
    expect: { format: 'text', text: '__proto__,2;x-a,1, 3' },
  },
  {
    name: 'a handler gets a header with the name of a property that all objects have',
    sources: both(`export const handler = ({ headers }) => [...headers].join(';')`),
    call: {
      request: {
        headers: [
          ['__proto__', '1'],
          ['constructor', '2'],
          ['x-a', '3'],
        ],
      },
    },
    expect: { format: 'text', text: '__proto__,1;constructor,2;x-a,3' },
  },
  {
    name: 'a Hono app is a handler as it stands',
    sources: both(`import { Hono } from 'hono'; import { cors } from 'hono/cors';
      const app = new Hono(); app.use(cors()); app.get('/hello/:name', (c) => c.json({ hello: c.req.param('name') }, 201)); export default app`),
    call: { request: { url: 'https://host/hello/ada' } },
    expect: { kind: 'response', text: '{"hello":"ada"}', status: 201 },
  },
  {
    name: 'a Response made of text is answered as text, with its own type',
    sources: both(
      `export const handler = () => { const r = Response.json({ a: 1 }, { status: 202, headers: { 'x-a': 'b' } }); return r instanceof Response && r }`,
    ),
    expect: { format: 'text', text: '{"a":1}', status: 202 },
  },
  {
    name: 'a Response whose text was read or passed on is what the platform makes of it',
    sources: both(
      `export const handler = async () => { const r = new Response('abc'); const copied = await r.clone().text(); return new Response(r.body, { headers: { 'x-copied': copied } }) }`,
    ),
    expect: { kind: 'response', text: 'abc', status: 200 },
  },
  {
    name: 'zod can be imported',
    sources: both(
      `import * as z from 'zod'; export default (input) => z.object({ n: z.coerce.number() }).parse(input)`,
    ),
    call: { params: { n: '5' } },
    expect: { format: 'json', text: '{"n":5}' },
  },
  {
    name: 'nothing is an empty answer',
    sources: {
      ...both('export default () => {}'),
      python: 'def f(): pass\nresult = f\n',
      workflow: JSON.stringify({ kind: 'workflow', steps: [] }),
    },
    expect: { format: 'none' },
  },
  {
    name: 'what is printed is the log',
    sources: {
      ...both(`export const handler = () => { console.log('hi'); return 1 }`),
      python: 'def handler():\n  print("hi")\n  return 1\n',
      workflow: steps('1', { id: 'l', do: 'log', message: 'hi' }),
    },
    expect: { format: 'json', text: '1', logs: [['info', 'hi']] },
  },
  {
    name: 'null is JSON',
    sources: { ...both('export default () => null'), workflow: steps('null') },
    expect: { format: 'json', text: 'null' },
  },
  {
    name: 'a string is text',
    sources: { ...both(`export default () => 'hi'`), python: 'result = lambda: "hi"\n', workflow: steps("'hi'") },
    expect: { format: 'text', text: 'hi' },
  },
  {
    name: 'a JSON string from a function fed by name is JSON, untouched',
    sources: {
      ...both(`export default () => '{ "b":1, "a":1e400 }'`),
      python: 'result = lambda: \'{ "b":1, "a":1e400 }\'\n',
    },
    expect: { format: 'json', text: '{ "b":1, "a":1e400 }' },
  },
  {
    name: 'a JSON string from handler stays text',
    sources: { ...both(`export const handler = () => '[1]'`), python: 'def handler(): return "[1]"\n' },
    expect: { format: 'text', text: '[1]' },
  },
  {
    name: 'handler may answer [data, status, headers]',
    sources: {
      ...both(`export const handler = () => [{ a: 1 }, 404, { 'x-b': 'c' }]`),
      python: 'def handler(): return {"a": 1}, 404, {"x-b": "c"}\n',
    },
    expect: { format: 'json', text: '{"a":1}', status: 404 },
  },
  {
    name: 'a pair of numbers from a plain function is a list',
    sources: { ...both('export default () => [1, 200]'), python: 'result = lambda: [1, 200]\n' },
    expect: { format: 'json', text: '[1,200]', status: null },
  },
  {
    name: 'bytes are a body of their own',
    sources: { ...both('export default () => new Uint8Array([104, 105])'), python: 'def handler(): return b"hi"\n' },
    expect: { kind: 'response', text: 'hi', status: 200 },
  },
  {
    name: 'code at the top of a module has neither random bytes nor timers, and a clock of 0',
    sources: both(`const refused = (work) => { try { work(); return false } catch { return true } };
      const facts = [refused(() => crypto.randomUUID()), refused(() => setTimeout(() => 0, 1)), Date.now()];
      export default () => [...facts, refused(() => crypto.randomUUID()), Date.now() > 0]`),
    expect: { format: 'json', text: '[true,true,0,false,true]' },
  },
  {
    name: 'an empty Response without a type has no body, which would need one',
    sources: {
      ...both('export default () => new Response(new Uint8Array(), { status: 202 })'),
      python: 'from flask import Response\ndef handler(request):\n  return Response(b"", 202)\n',
    },
    expect: { format: 'none', text: '', status: 202 },
  },
  {
    name: 'an empty Response with a type keeps it',
    sources: both("export default () => new Response(new Blob([], { type: 'text/csv' }))"),
    expect: { kind: 'response', text: '', status: 200 },
  },
  {
    name: 'a stream is passed on',
    sources: both(`export default () => new ReadableStream({ async start(c) { const e = new TextEncoder();
      for (const part of ['a', 'b', 'c']) { await new Promise((r) => setTimeout(r, 1)); c.enqueue(e.encode(part)) } console.log('sent'); c.close() } })`),
    expect: { kind: 'response', text: 'abc', logs: [['info', 'sent']] },
  },
  {
    name: 'console output is the log, also of work after the answer',
    sources: both(`console.info('start'); export default (p, ctx) => { console.log('a', { b: 1 }); console.warn('w');
      ctx.waitUntil(new Promise((r) => setTimeout(r, 5)).then(() => console.error('late'))); return 1 }`),
    expect: {
      format: 'json',
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
    name: 'an error tells its causes and fields',
    sources: {
      ...both(`class Failed extends Error { name = 'Failed'; code = 'E7' }
        export default () => { throw new Failed('could not save', { cause: new AggregateError([new TypeError('port is closed'), 'no host']) }) }`),
    },
    expect: {
      error: {
        name: 'Failed',
        message: 'could not save',
        stack: expect.stringMatching(
          /^Failed: could not save\n +at .*handler\.js:2.*\{"code":"E7"\}\n {2}\[cause\]: AggregateError.*\n {2}\[errors\]: \[TypeError: port is closed\n.*"no host"\]$/s,
        ) as unknown,
      },
    },
  },
  {
    name: 'a thrown Response is the answer: of a function fed by name',
    sources: both(`export default async () => { throw new Response('no such thing', { status: 404 }) }`),
    expect: { format: 'text', text: 'no such thing', status: 404 },
  },
  {
    name: 'a thrown Response is the answer: of handler',
    sources: both(`export const handler = () => { throw Response.json({ a: 1 }, { status: 409 }) }`),
    expect: { format: 'text', text: '{"a":1}', status: 409 },
  },
  {
    name: 'a thrown Response is the answer: of an object with fetch',
    sources: both(`export default { fetch() { throw new Response(new Uint8Array([104, 105]), { status: 418 }) } }`),
    expect: { kind: 'response', text: 'hi', status: 418 },
  },
  {
    name: 'a step that throws a Response fails, and a try catches it',
    sources: {
      workflow: steps('vars.why', {
        id: 'careful',
        do: 'try',
        steps: [{ id: 'bad', do: 'code', source: "throw new Response('', { status: 404 })" }],
        catch: [{ id: 'why', do: 'set', name: 'why', value: { $: 'error.message' } }],
      }),
    },
    expect: { format: 'text', text: 'a Response (404) was thrown' },
  },
  {
    name: 'a rejection that nothing waits for is a line of the log',
    sources: both(`export default () => { Promise.reject(new Error('lost one')); save(); return 1 }
      async function save() { throw new TypeError('lost two') }`),
    expect: {
      format: 'json',
      text: '1',
      logs: ['Error: lost one', 'TypeError: lost two'].map((error): [string, string] => [
        'error',
        expect.stringContaining(`Unhandled promise rejection: ${error}`) as string,
      ]),
    },
  },
  {
    name: 'errors in timers and microtasks are lines of the log',
    sources: both(`export default async () => {
      queueMicrotask(() => { throw new Error('in a microtask') });
      await new Promise((done) => setImmediate(() => {
        setTimeout(() => {
          const n = setInterval((text) => { clearInterval(n); done(); throw text }, 1, 'in an interval');
          throw new Error('in a timer') }, 1);
        throw setTimeout.name }));
      return 1 }`),
    expect: {
      format: 'json',
      text: '1',
      logs: [
        ['error', expect.stringContaining('Uncaught error: Error: in a microtask') as string],
        ['error', 'An error was thrown in setImmediate: "setTimeout"'],
        ['error', expect.stringContaining('An error was thrown in setTimeout: Error: in a timer\n    at') as string],
        ['error', 'An error was thrown in setInterval: "in an interval"'],
      ],
    },
  },
  {
    name: 'a handler may listen for failures as well',
    sources: both(`addEventListener('unhandledrejection', (event) => console.warn('seen', event.reason));
      export default () => { Promise.reject('x'); return 1 }`),
    expect: {
      format: 'json',
      text: '1',
      logs: [
        ['error', 'Unhandled promise rejection: "x"'],
        ['warn', 'seen x'],
      ],
    },
  },
  {
    name: 'the log has what methods write that JSON calls, and listeners of a signal that times out',
    sources: both(`export default async () => {
      const signal = AbortSignal.timeout(5);
      const aborted = new Promise((resolve) => signal.addEventListener('abort', () => { resolve(); console.log(signal.reason.name); throw new Error('in a listener') }));
      await aborted; await new Promise((r) => setTimeout(r, 5));
      return { toJSON() { console.log('toJSON'); return 1 } } }`),
    expect: {
      format: 'json',
      text: '1',
      logs: [
        ['info', 'TimeoutError'],
        ['error', expect.stringContaining('Uncaught error: Error: in a listener') as string],
        ['info', 'toJSON'],
      ],
    },
  },
  {
    name: 'a rejection that is handled later in the same turn is not a failure',
    sources: both(`export default async () => { const failing = Promise.reject(new Error('x')); await 0; await 0;
      try { await failing } catch { return 1 } }`),
    expect: { format: 'json', text: '1', logs: [] },
  },
  {
    name: 'a console shows what values hold',
    sources:
      both(`export default () => { console.error('failed', { err: new TypeError('bad thing'), at: new Map([['a', [1n, NaN]]]) });
      console.log('%s has %d of %j%%, %o', 'Ada', '3', { a: 1 }, new Set([1]), 'and', 4); console.table([{ a: 1 }]); console.assert(1 > 2, 'not %s', 'so'); return 1 }`),
    expect: {
      format: 'json',
      logs: [
        [
          'error',
          expect.stringMatching(
            /^failed \{"err":TypeError: bad thing\n {4}at .*handler\.js:1:\d+\),"at":Map\(1\) \{"a" => \[1n,NaN\]\}\}$/,
          ) as string,
        ],
        ['info', 'Ada has 3 of {"a":1}%, Set(1) {1} and 4'],
        ['info', '(index) | a\n0       | 1'],
        ['error', 'Assertion failed: not so'],
      ],
    },
  },
  {
    name: 'a console groups, counts, times, traces',
    sources:
      both(`export default () => { console.group('outer'); console.info('a\\nb'); console.groupCollapsed(); console.warn('c'); console.groupEnd(); console.groupEnd(); console.groupEnd();
      console.count(); console.count('x'); console.count(); console.countReset(); console.count(); console.time('t'); console.timeEnd('t'); console.timeLog('t');
      console.dir({ a: [1] }, { depth: 0 }); console.assert(true, 'no'); console.clear(); function deep() { console.trace('here %d', 1) } deep(); return 1 }`),
    expect: {
      format: 'json',
      logs: [
        ['info', 'outer'],
        ['info', '  a\n  b'],
        ['warn', '    c'],
        ['info', 'default: 1'],
        ['info', 'x: 1'],
        ['info', 'default: 2'],
        ['info', 'default: 1'],
        ['info', expect.stringMatching(/^t: \d+ms$/) as string],
        ['warn', 'Timer t does not exist'],
        ['info', '{"a":[1]}'],
        [
          'debug',
          expect.stringMatching(
            /^Trace: here 1\n {4}at deep \(handler\.js:3:\d+\)\n {4}at .*handler\.js:3:\d+\)?$/,
          ) as string,
        ],
      ],
    },
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
    expect: { kind: 'bad' },
  },
  { name: 'a symbol cannot be sent', sources: both('export default () => Symbol()'), expect: { kind: 'bad' } },
  {
    name: 'the network is shut',
    sources: {
      ...both(`export default () => fetch('https://example.com/').then(() => 'open', () => 'closed')`),
      python:
        'from portico import fetch\ndef f():\n  try: fetch("https://example.com/")\n  except OSError: return "closed"\nresult = f\n',
    },
    expect: { format: 'text', text: 'closed' },
  },
  {
    name: 'a handler that breaks JSON breaks only itself',
    sources: both('JSON.stringify = () => { throw 1 }; export default () => ({ a: 1 })'),
    expect: { format: 'json', text: '{"a":1}' },
  },
  {
    name: 'a promise is awaited, other thenables too',
    sources: both('export default () => ({ then(done) { done({ x: 1 }) } })'),
    expect: { format: 'json', text: '{"x":1}' },
  },
  ...WITHOUT_JSON.map(([value, reason]): ContractCase => ({
    name: `${value} cannot be sent`,
    sources: both(`export default () => (${value})`),
    expect: { kind: 'bad', reason },
  })),
  {
    name: 'what a code step returns is answered by the same rule',
    sources: { workflow: steps('steps.c', { id: 'c', do: 'code', source: 'return { m: new Map() }' }) },
    expect: { kind: 'bad', reason: 'm is a Map; write Object.fromEntries(map)' },
  },
  {
    name: 'members without a value are left out, items without one are null, and what has a toJSON is what that says',
    sources: both(`class Money { amount = 5; format = () => '5'; get text() { return '5' } }
      export default () => ({ u: undefined, f() {}, s: Symbol('x'), l: [undefined, , null], d: new Date(0), url: new URL('https://a.b/'), m: new Money(),
        o: Object.create(null), j: { toJSON: () => ({ k: 1 }) }, n: Object(1), z: -0, e: {} })`),
    expect: {
      format: 'json',
      text: '{"l":[null,null,null],"d":"1970-01-01T00:00:00.000Z","url":"https://a.b/","m":{"amount":5},"o":{},"j":{"k":1},"n":1,"z":0,"e":{}}',
    },
  },
  {
    name: 'half of a surrogate pair is a replacement character in text, and an escape in JSON',
    sources: both(`export const handler = ({ url }) => url.endsWith('json') ? { a: '\\ud800' } : 'a\\ud83d b'`),
    expect: { format: 'text', text: 'a\ufffd b' },
  },
];

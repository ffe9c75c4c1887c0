import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { readBuiltSets } from '../../../../src/runtime/languages/python-packages';
import { listPackageSets } from '../../../../src/core/publishing/packages/list-package-sets';
import { createOperations } from '../../../../src/runtime/operations/operations';
import { testContext } from '../../../support/context';
import { makeKey, publish, runOf, saveHandler, unique } from '../../../support/publish';
import pandasEndpoint from '../../../../examples/pandas-table/endpoint.json?raw';
import pandasTable from '../../../../examples/pandas-table/handler.py?raw';

const declare = (...requirements: string[]): string =>
  `# /// script\n# dependencies = ${JSON.stringify(requirements)}\n# ///\n`;

/** Publishes a script and calls it, with a parameter `n`. */
async function serve(source: string): Promise<(n?: number) => Promise<{ status: number; body: unknown }>> {
  const parameters = [{ name: 'n', type: 'integer' as const, in: 'query' as const, default: 0 }];
  const { endpoint } = await publish(source, { methods: ['GET'], parameters }, 'py');
  return async (n = 0) => {
    const response = await exports.default.fetch(`https://portico.test/u/${endpoint.path}?n=${n}`);
    return { status: response.status, body: await response.json() };
  };
}

describe('a handler that declares a compiled package', () => {
  let call: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    call = await serve(`${declare('portico-mini>=1', 'portico-pure')}
import asyncio, sys, importlib, importlib.metadata, importlib.resources
from pyodide.ffi import run_sync
from portico_mini import mini
import portico_pure
async def slept():
    await asyncio.sleep(0.001)
    return "slept"
def attempt(f):
    try: return f()
    except Exception as error: return "%s: %s" % (type(error).__name__, error)
def late():
    from portico_mini import late
    return late.answer()
CASES = [
    lambda: mini.compute(0, 20, 3),
    lambda: attempt(lambda: mini.compute(2, 0, 0)),
    lambda: mini.doubled(21),
    lambda: mini.call(lambda: run_sync(slept())),
    late,
    lambda: mini.count(),
    lambda: attempt(lambda: importlib.import_module("portico_mini.tests")),
    lambda: importlib.metadata.version("portico-mini"),
    lambda: importlib.resources.read_text("portico_pure", "data.txt"),
    lambda: importlib.import_module("portico_pure.unused").VALUE,
    lambda: [portico_pure.VALUE, "portico_pure" in sys.modules],
    lambda: attempt(lambda: importlib.import_module("portico_pure.broken")).partition(":")[0],
]
def run(n):
    return [CASES[n]()]
result = run`);
  });

  test.each([
    [0, 'calls a function through its table', 23],
    [1, 'raises its exceptions', 'ValueError: no such operation'],
    [2, 'calls the library that it needs', 42],
    [3, 'waits inside a call from it', 'slept'],
    [4, 'imports a side module that the snapshot does not have', 42],
    [5, 'continues from the state that the snapshot has of it', 101],
    [6, 'has no tests of packages', "ModuleNotFoundError: No module named 'portico_mini.tests'"],
    [7, 'reads the metadata of packages', '1.0'],
    [8, 'reads their data files', 'data of the package\n'],
    [9, 'imports the rest of a package later', 'imported later'],
    [10, 'has what the package depends on', ['pure', true]],
    [11, 'fails as elsewhere at a module for another Python', 'SyntaxError'],
  ])('case %i: %s', async (n, _, expected) => {
    expect(await call(n)).toEqual({ status: 200, body: [expected] });
  });
});

test('generators that a package made at its import differ from isolate to isolate', async () => {
  const source = `${declare('portico-pure')}
import portico_pure, random
result = lambda n: [portico_pure.GENERATOR.random(), random.random()]`;
  const [a, b] = await Promise.all([serve(source), serve(source)]);
  const [first, second] = [(await a()).body, (await b()).body] as [number[], number[]];
  expect(first).toHaveLength(2);
  first.forEach((value, i) => expect(value).not.toBe(second[i]));
});

test('the smallest set that covers a declaration runs it, and shared instances and processes have it too', async () => {
  const source = `${declare('portico_pure')}
import importlib.util
result = lambda: importlib.util.find_spec("portico_mini") is None`;
  for (const instance of ['pooled', 'per-call', 'shared'] as const) {
    const { endpoint } = await publish(source, { methods: ['GET'], instance, parameters: [] }, 'py');
    const response = await exports.default.fetch(`https://portico.test/u/${endpoint.path}`);
    expect(await response.json(), instance).toBe(true);
  }
});

describe('flask', () => {
  const script = (block: string): string => `${block}
import flask
def handler(request):
    return [getattr(flask, "__version__", "built in"), type(request).__module__.split(".")[-1]]`;

  test('is the real one for a handler that declares it, which still gets its request', async () => {
    expect((await (await serve(script(declare('flask'))))()).body).toEqual(['3.1.0', 'requests']);
  });
  test('is built in for a handler that does not', async () => {
    expect((await (await serve(script('')))()).body).toEqual(['built in', 'requests']);
  });
});

test('examples/pandas-table takes JSON and a form, with a key, and answers its table: with a stand-in of pandas', async () => {
  const key = await makeKey();
  const { parameters } = JSON.parse(pandasEndpoint) as { parameters: never };
  const access = { level: 'key' as const, keys: [key.id] };
  const { endpoint } = await publish(pandasTable, { access, parameters }, 'py');
  const names = { name1: 'Ada', name2: 'Grace' };
  const send = async (type: string, body: string): Promise<unknown> => {
    const headers = { 'x-api-key': key.key!, 'content-type': type };
    const response = await exports.default.fetch(`https://portico.test/u/${endpoint.path}`, {
      method: 'POST',
      headers,
      body,
    });
    return response.json();
  };
  const table = {
    '0': { Name: 'Ada', Age: 25, City: 'New York' },
    '1': { Name: 'Grace', Age: 30, City: 'Los Angeles' },
    '2': { Name: 'Alice', Age: 35, City: 'Chicago' },
    '3': { Name: 'Bob', Age: 40, City: 'Houston' },
  };
  expect(await send('application/json', JSON.stringify(names))).toEqual(table);
  expect(await send('application/x-www-form-urlencoded', new URLSearchParams(names).toString())).toEqual(table);
});

test('a script uses a package by the name that Pyplan gives it, without an import', async () => {
  const source = `def f(n): return [cp.CUBE[n], "np" in globals()]\nresult = f`;
  expect((await (await serve(`${declare('cubepy')}${source}`))(2)).body).toEqual([3, false]);
  expect((await (await serve(source))()).status).toBe(500);
});

test('a handler that is a WSGI application answers as one', async () => {
  const call = await serve(`
class App:
    def wsgi_app(self, environ, start_response):
        write = start_response("201 Created", [("Content-Type", "application/json"), ("Content-Length", "9")])
        write(b'["')
        return [environ["REQUEST_METHOD"].encode(), b'", "', environ["QUERY_STRING"].encode(), b'"]']
    __call__ = wsgi_app
handler = App()`);
  expect(await call(7)).toEqual({ status: 201, body: ['GET', 'n=7'] });
});

test('an operation of a graph runs on the set that its script declares', async () => {
  const operations = createOperations(env, { shell: '', javascript: '' });
  const run = (script: string) => operations.python({ script, folder: '/tmp/job', outputs: [] }, [], 20_000);
  const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
  const done = await run(`${declare('portico-mini')}from portico_mini import mini; print(mini.compute(1, 9, 4))`);
  expect([done.exitCode, text(done.logs.get('stdout')), text(done.logs.get('stderr'))]).toEqual([0, '5\n', '']);
  const refused = await run(`#!python\n${declare('numpy')}print(1)`);
  expect([refused.exitCode, refused.error]).toEqual([
    1,
    expect.stringMatching(/^line 2: no package set has all of "numpy"/),
  ]);
});

test('the admin API lists the sets, by name and in pages', async () => {
  const ctx = testContext();
  const names: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof listPackageSets>> = await listPackageSets(ctx, { limit: 1, cursor });
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  }
  expect(names).toEqual(['heavy', 'small', 'whole']);
  expect(await listPackageSets(ctx, { limit: 1, cursor: '1.heavy' })).toEqual({
    items: [
      {
        name: 'small',
        packages: [{ name: 'portico_pure', version: '1.2', modules: ['portico_pure'] }],
        memory: { snapshot: 31_457_280, limit: 64 << 20 },
        uploaded: false,
      },
    ],
    nextCursor: '2.small',
  });
});

test('the files of a set leave less memory: a MemoryError at its own limit, and the next call has memory again', async () => {
  const { endpoint } = await publish(
    `${declare('portico-heavy')}
def f(n):
    try: return len(bytearray(n << 20))
    except MemoryError as error: raise MemoryError from error
result = f`,
    { methods: ['GET'], parameters: [{ name: 'n', type: 'integer', in: 'query' }] },
    'py',
  );
  const call = (n: number): Promise<Response> =>
    exports.default.fetch(`https://portico.test/u/${endpoint.path}?n=${n}`);
  expect(await (await call(12)).json()).toBe(12 << 20);
  const refused = await call(40);
  expect(refused.status).toBe(500);
  expect((await runOf(refused)).error).toMatchObject({
    name: 'MemoryError',
    message: 'the handler needs more memory than it has (47 MB with the interpreter itself)',
  });
  expect(await (await call(12)).json()).toBe(12 << 20);
});

describe('a save', () => {
  const save = (source: string) => saveHandler(source, `${unique('handler')}.py`);
  const warningsOf = async (source: string): Promise<string[]> =>
    (await save(source)).warnings!.map(({ message }) => message);

  test('warns of an import that a set has, with the lines to add', async () => {
    expect(await warningsOf('import portico_mini.mini\nresult = print')).toEqual([
      'line 1, column 1: module "portico_mini.mini" is in the package set "whole": declare it at the top with the lines ' +
        '"# /// script", "# dependencies = ["portico_mini"]", "# ///"',
    ]);
  });
  test('warns of an import that no set has, also beside a declaration', async () => {
    const [warning] = await warningsOf(`${declare('portico-pure')}import numpy, portico_pure\nresult = print`);
    expect(warning).toMatch(/^line 4, column 1: module "numpy" is not available; /);
  });
  test('accepts what a set brings besides', async () => {
    expect(await warningsOf(`${declare('portico-mini')}import portico_pure\nresult = print`)).toEqual([]);
  });
  test.each([
    [
      declare('portico-pure>=2'),
      'line 1, column 1: no package set has all of "portico-pure>=2"; there are: heavy (portico_heavy 1.0); small (portico_pure 1.2); whole (cubepy 1.0, flask 3.1.0, pandas 3.0.0, portico_mini 1.0, portico_pure 1.2)',
    ],
    [declare('numpy', 'flask'), /^line 1, column 1: no package set has all of "numpy", "flask"; there are: heavy/],
    ['# /// script\n# dependencies = [3]\n# ///\n', /dependencies must be a list of at most 100 texts$/],
    [
      '# /// script\n# dependencies = [\n# ///\n',
      /^line 3, column 1: the script has a block `script` that is not TOML: /,
    ],
    ['# /// script\n# requires-python = "<3.14"\n# ///\n', /requires-python does not allow Python 3\.14\.2/],
  ])('refuses %j', async (block, message) => {
    const refusal: { message: string } = await save(`${block}result = print`).then(
      () => ({ message: 'saved' }),
      (error: { message: string }) => error,
    );
    if (typeof message === 'string') expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });
});

test('an isolate is served the files of its set, whole, and no others', async () => {
  const [, , whole] = await readBuiltSets(env);
  const { id, parts, bytes } = whole!;
  const files = exports.PythonFiles({ props: { set: { id, parts } } });
  const read = async (name: string) => files.fetch(`https://python.local/${name}`);
  expect(parts).toEqual({ snapshot: 3, site: 1 });
  const [snapshot, site] = await Promise.all(
    ['snapshot.bin', 'site.bin'].map(async (name) => (await read(name)).bytes()),
  );
  expect(snapshot!.length).toBeGreaterThan(16 << 20);
  expect(site!.length).toBe(bytes.files);
  for (const name of ['set.json', 'so-0.wasm', 'snapshot-0.bin', '../index.json'])
    expect([name, (await read(name)).status]).toEqual([name, 404]);
});

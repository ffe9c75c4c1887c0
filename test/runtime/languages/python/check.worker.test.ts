import { expect, test } from 'vitest';
import { checkPython } from '../../../../src/runtime/languages/python-check';
import { bindings } from './isolate';

const check = (source: string, modules?: Record<string, string>) =>
  checkPython({ source, file: modules ? 'handlers/a/main.py' : 'a.py', modules }, bindings.LOADER, bindings);

test.each([
  ['def handler(request): pass', 'request'],
  ['async def handler(): pass', 'request'],
  ['handler = lambda request: 1', 'request'],
  ['from flask import jsonify as handler', 'request'],
  ['class handler: pass', 'request'],
  ['if True:\n  def handler(): pass\nelse:\n  pass', 'request'],
  ['try:\n  import pandas\nexcept ImportError:\n  handler = print', 'request'],
  ['match 1:\n  case _:\n    handler = print', 'request'],
  ['def _fn(a): pass\nresult = _fn', 'named'],
  ['result: object = print', 'named'],
  ['(result := print)', 'named'],
  ['for result in [print]: pass', 'named'],
  ['result = print\ndef handler(request): pass', 'request'],
])('%s is a handler of form %s', async (source, form) => {
  expect(await check(source)).toMatchObject({ kind: 'ready', form });
});

test.each([
  ['', 'nothing'],
  ['def other(): pass', 'nothing'],
  ['def outer():\n  def handler(): pass\n  result = 1', 'only inside'],
  ['x.handler = 1', 'an attribute'],
  ['print(handler)', 'a use'],
  ['handler: object', 'a declaration'],
])('%s has no entry (%s)', async (source) => {
  expect(await check(source)).toEqual({
    kind: 'refused',
    code: 'export',
    message: 'the script must define a function `handler`, or set `result` to a function',
  });
});

test.each([
  ['handler = 3', '`handler` is set to a number here; it must be a function', 1, 10],
  ['def handler(request): pass\nhandler = 3', '`handler` is set to a number here; it must be a function', 2, 10],
  ['result = 5', '`result` is set to a number here; it must be a function', 1, 9],
  ['result = -5', '`result` is set to a number here; it must be a function', 1, 9],
  ['result = "text"', '`result` is set to text here; it must be a function', 1, 9],
  ['result = f"{1}"', '`result` is set to text here; it must be a function', 1, 9],
  ['result = b"x"', '`result` is set to bytes here; it must be a function', 1, 9],
  ['result = None', '`result` is set to None here; it must be a function', 1, 9],
  ['result = True', '`result` is set to True here; it must be a function', 1, 9],
  ['result = 1 + 2', '`result` is set to a value here; it must be a function', 1, 9],
  ['x = 1\nresult: dict = {"a": x}', '`result` is set to a dict here; it must be a function', 2, 15],
  ['result = [x for x in ()]', '`result` is set to a list here; it must be a function', 1, 9],
  ['result = (1, 2)', '`result` is set to a tuple here; it must be a function', 1, 9],
  ['(result := {1})', '`result` is set to a set here; it must be a function', 1, 11],
  ['a = result = 5', '`result` is set to a number here; it must be a function', 1, 13],
  ['result = never_defined', '`result` is set to `never_defined`, which the script does not define', 1, 9],
  ['def other(): pass\nresult = othr', '`result` is set to `othr`, which the script does not define', 2, 9],
  [
    'def f():\n  def inner(): pass\nresult = inner',
    '`result` is set to `inner`, which the script does not define',
    3,
    9,
  ],
  ['total = 5\nresult = total', '`result` is set to `total`, which is a number; it must be a function', 2, 9],
  ['import json\nimport handler', '`handler` is a module here; it must be a function', 2, 0],
  ['import json as result', '`result` is a module here; it must be a function', 1, 0],
  ['def handler(): pass\ndel handler', '`handler` is deleted here; the script must leave a function in it', 2, 0],
])('%j leaves no function in its entry', async (source, message, line, column) => {
  expect(await check(source)).toEqual({ kind: 'refused', code: 'export', message, line, column });
});

test.each([
  ['def f(): pass\nresult = f', 'named'],
  ['result = print', 'named'],
  ['result = make()', 'named'],
  ['result = handlers["a"]', 'named'],
  ['result = f if x else 5', 'named'],
  ['result = f or 5', 'named'],
  ['result = f >> g', 'named'],
  ['result = lambda: 5', 'named'],
  ['result = 5\ndef f(): pass\nresult = f', 'named'],
  ['result = 5\nif 1: result = print', 'named'],
  ['result = 5\ntry: result = print\nexcept Exception: pass', 'named'],
  ['def f():\n  global result\n  result = print\nf()\nresult = 5', 'named'],
  ['def f():\n  global made\n  made = print\nf()\nresult = made', 'named'],
  ['from somewhere import *\nresult = never_defined', 'named'],
  ['exec("made = print")\nresult = made', 'named'],
  ['globals()["made"] = print\nresult = made', 'named'],
  ['f = 5\nf = print\nresult = f', 'named'],
  ['result, other = print, 5', 'named'],
  ['result = tables.accounts.list', 'named'],
  ['@decorate\ndef handler(): pass', 'request'],
  ['from json import loads as handler', 'request'],
  ['with open("x") as handler: pass', 'request'],
  ['handler = 3\nresult = print', 'named'],
])('%j may leave one, and is taken', async (source, form) => {
  expect(await check(source)).toMatchObject({ kind: 'ready', form });
});

test.each([
  ['def handler(:\n  pass', 1, 12, /invalid syntax/],
  ['x = 1\nresult = (1,', 2, 9, /'\(' was never closed/],
  ['def f():\n\tx = 1\n        y = 2', 3, 0, /inconsistent use of tabs|unindent/],
  ['def handler():\nreturn 1', 2, 0, /expected an indented block/],
  ['result = "é" + ?', 1, 15, /invalid syntax/],
  ['return 1', 1, 0, /'return' outside function/],
  ['def f():\n  await x()', 2, 2, /'await' outside async function/],
  ['x = 1\0', 1, 0, /null bytes/],
  ['print "x"', 1, 0, /Missing parentheses/],
])('%j is a syntax error at line %d, column %d', async (source, line, column, message) => {
  const checked = await check(source);
  expect(checked).toMatchObject({
    kind: 'refused',
    code: 'syntax',
    line,
    column,
    message: expect.stringMatching(message),
  });
});

test('a check does not run the source', async () => {
  expect(await check('import os\nos._exit(1)\nresult = print')).toMatchObject({ kind: 'ready' });
  expect(await check('result = print')).toMatchObject({ kind: 'ready' });
});

test('a source nested beyond use is refused, and the next check works', async () => {
  const nested = await check(`result = ${'-'.repeat(100_000)}1`);
  expect(nested).toMatchObject({
    kind: 'refused',
    code: 'syntax',
    message: expect.stringMatching(/nested|recursion|complex/i),
  });
  expect(await check('result = print')).toMatchObject({ kind: 'ready' });
  const branches = Array.from({ length: 1500 }, (_, n) => `elif result == ${n}: pass\n`);
  expect(await check(`result = print\nif 0: pass\n${branches.join('')}`)).toMatchObject({
    message: 'too deeply nested to compile',
  });
});

test('imports that are not there are listed up to a bound', async () => {
  const imports = Array.from({ length: 300 }, (_, n) => `import m${n}`);
  const checked = await check(`${imports.join('\n')}\nresult = print`);
  expect(checked.kind === 'ready' && checked.missing.length).toBe(200);
});

test('imports that are not there are listed with their places', async () => {
  const source =
    'import json, pandas as pd\nfrom flask import Request\nimport pq, tables, portico\ndef handler():\n  from numpy.linalg import inv\n';
  expect(await check(source)).toEqual({
    kind: 'ready',
    form: 'request',
    mentions: [],
    missing: [
      { module: 'pandas', line: 1, column: 0 },
      { module: 'numpy.linalg', line: 5, column: 2 },
    ],
  });
});

test("packages behind Pyplan's names are listed at the first use, unless the script has the name itself", async () => {
  const source = `def _fn(np, *rest):
    xr = rest
    df = pd.DataFrame(np.array(xr))
    return pd.concat([df])
result = _fn
`;
  expect(await check(source)).toMatchObject({ missing: [{ module: 'pandas', line: 3, column: 9 }] });
});

test('names of tables, hosts and secrets are found with their places', async () => {
  const source = `from portico import env, fetch
import os, urllib.request
def handler():
    tables.orders.list(); tables.table('crm', 'accounts'); tables.table(name); tables.table
    pq.dbconnect('x').fetch('db', 'salesforce', 'leads')
    fetch('https://api.example.com/x'); urllib.request.urlopen(f'https://b.example.com/{1}'); fetch(f'https://{h}/')
    urllib.request.Request('https://c.example.com/%s' % 1); fetch('https://d.example.' + t); fetch(url)
    return env['ONE'], env.get('TWO'), os.environ['THREE'], os.getenv('FOUR'), os.environ['PATH'], env[name], {}['NONE']
`;
  const { mentions } = (await check(source)) as { mentions: { kind: string; name: string }[] };
  expect(mentions.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'table public.orders',
    'table crm.accounts',
    'table salesforce.leads',
    'host api.example.com',
    'host b.example.com',
    'host c.example.com',
    'secret ONE',
    'secret TWO',
    'secret THREE',
    'secret FOUR',
  ]);
  expect(mentions[0]).toEqual({ kind: 'table', name: 'public.orders', line: 4, column: 4 });
});

test('a variable of the script itself is not Portico’s', async () => {
  const source = 'tables = Bag()\nenv = {}\ndef handler():\n    return tables.orders, env["KEY"]';
  expect(await check(source)).toMatchObject({ mentions: [] });
});

test('a constant that holds a text counts as the text, unless the name has another value somewhere', async () => {
  const source = `API = 'https://api.example.com'
TABLE = 'leads'
KEY: str = 'NOT_FOUND'
SECRET = 'API_KEY'
OTHER = 'https://one.example.com/'
OTHER = 'https://two.example.com/'
def handler(TABLE2='x'):
    fetch(API); fetch(API + '/v1'); fetch(f'{API}/v1/{id}'); fetch(API + path); fetch(OTHER); fetch('https://me@b.example.com:8443')
    tables.table('crm', TABLE); tables.table('crm', TABLE2)
    return env[SECRET]
`;
  const { mentions } = (await check(source)) as { mentions: { kind: string; name: string }[] };
  expect(mentions.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'host api.example.com',
    'host api.example.com',
    'host api.example.com',
    'host b.example.com',
    'table crm.leads',
    'secret API_KEY',
  ]);
});

const FOLDER = {
  'tax.py': 'from .money import cents\nRATE = 20\n',
  'money.py': 'def cents(amount): return int(amount * 100)\n',
  'sub/deep.py': 'from ..tax import RATE\nimport money\n',
};

test('a folder is checked with all its files, whose modules each finds by name or relatively', async () => {
  const source =
    'import tax\nimport main\nfrom . import money\nfrom sub.deep import RATE\nfrom .sub import deep\nresult = print\n';
  expect(await check(source, FOLDER)).toMatchObject({ kind: 'ready', form: 'named', missing: [] });
});

test('a folder names the file of a fault, of a missing import and of a mention', async () => {
  const bad = { ...FOLDER, 'sub/bad.py': 'import os\ndef f(:\n' };
  expect(await check('result = print', bad)).toMatchObject({
    kind: 'refused',
    code: 'syntax',
    file: 'sub/bad.py',
    line: 2,
  });
  const hidden = await check('result = print', { 'email.py': '' });
  expect(hidden).toMatchObject({ kind: 'refused', code: 'import', file: 'email.py' });
  const lacking = {
    ...FOLDER,
    'sub/deep.py': 'import numpy\nfrom ..taxes import RATE\nfrom ...x import y\ntables.shop_items\n',
  };
  expect(await check('from .nothing import a\nresult = print', lacking)).toMatchObject({
    missing: [
      { module: '.nothing', line: 1 },
      { file: 'sub/deep.py', module: 'numpy', line: 1 },
      { file: 'sub/deep.py', module: '..taxes', line: 2 },
      { file: 'sub/deep.py', module: '...x', line: 3 },
    ],
    mentions: [{ kind: 'table', name: 'public.shop_items', file: 'sub/deep.py', line: 4 }],
  });
});

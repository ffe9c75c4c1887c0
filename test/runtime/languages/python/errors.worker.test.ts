import { beforeAll, expect, test } from 'vitest';
import { named, open, startPython, startScripts, withRequest } from './isolate';

let run: Awaited<ReturnType<typeof startScripts>>;
beforeAll(async () => {
  run = await startScripts();
});
const failure = async (source: string) => (await run(source)).head;

test('an error has the exception, its message and the user’s own lines, through the standard library and causes', async () => {
  const { kind, error } = await failure(`import json

def read(text):
    return json.loads(text)

def f():
    try:
        read("{")
    except ValueError as error:
        raise KeyError("price") from error`);
  expect([kind, error?.name, error?.message]).toEqual(['error', 'KeyError', "'price'"]);
  expect(error?.stack).toBe(`Traceback (most recent call last):
  File "quote.py", line 8, in f
    read("{")
    ~~~~^^^^^
  File "quote.py", line 4, in read
    return json.loads(text)
           ~~~~~~~~~~^^^^^^
json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "quote.py", line 10, in f
    raise KeyError("price") from error
KeyError: 'price'
`);
});

test('an exception that cannot be described is an error as well, and the interpreter goes on', async () => {
  const exits = 'class Odd(Exception):\n  def __str__(self): raise SystemExit(4)\ndef f(): raise Odd()';
  expect((await failure(exits)).error).toMatchObject({
    name: 'Odd',
    message: '(an exception whose text cannot be read)',
  });
  const nameless = `class Kind(type):
  __name__ = property(lambda cls: 1 / 0)
class Odd(Exception, metaclass=Kind): pass
def f(): raise Odd("text")`;
  expect(await failure(nameless)).toMatchObject({ error: { name: 'Odd', message: 'text' } });
  const long = `def f():
  error = None
  for number in range(3000):
    before, error = error, ValueError(number)
    error.__context__ = before
  raise error`;
  const { error, cold } = await failure(long);
  expect([error?.stack, cold]).toEqual([
    expect.stringMatching(/^ValueError: 0\n[^]*line 6, in f[^]*ValueError: 2999\n$/),
    undefined,
  ]);
});

test('the user’s own exception classes, groups and odd exceptions', async () => {
  const own = await failure('class Refused(Exception):\n  pass\ndef f(): raise Refused("no", 1)');
  expect(own.error).toMatchObject({ name: 'Refused', message: "('no', 1)" });
  const group = await failure(
    'def g(): raise ValueError("inner")\ndef f():\n  try: g()\n  except ValueError as e: raise ExceptionGroup("several", [e])',
  );
  expect(group.error).toMatchObject({ name: 'ExceptionGroup', message: 'several (1 sub-exception)' });
  expect(group.error?.stack).toContain('line 1, in g');
  expect(group.error?.stack).not.toContain('/lib/');
  const odd = await failure(
    'class Odd(Exception):\n  def __str__(self): raise RuntimeError("no text")\ndef f(): raise Odd()',
  );
  expect(odd.error).toMatchObject({ name: 'Odd', message: '(an exception whose text cannot be read)' });
});

test('a huge message and a huge traceback are cut, and keep their end', async () => {
  const message = await failure('def f(): raise ValueError("x" * 500_000)');
  expect(message.error?.message).toHaveLength(4096);
  expect(message.error?.stack.length).toBeLessThanOrEqual(4096);
  const deep = await failure('def f(n=0): return f(n + 1)');
  expect(deep.error).toMatchObject({ name: 'RecursionError' });
  expect(deep.error?.stack).toMatch(/line 1, in f\n[^]*RecursionError: maximum recursion depth exceeded/);
});

test.each([
  [
    'pandas',
    /^No module named 'pandas'\. It is not among the packages that the script declares\. .*standard library, the packages that they declare, flask's Request/,
  ],
  [
    'requests',
    /^No module named 'requests'\. It is not among the packages that the script declares\. Use portico\.fetch/,
  ],
  [
    'nosuch.part',
    /^No module named 'nosuch'\. It is not among the packages that the script declares\. Handlers have Python's standard library/,
  ],
])('import %s fails with a list of what is available', async (module, message) => {
  const atTop = await failure(`import ${module}\ndef f(): pass`);
  expect(atTop.error).toMatchObject({ name: 'ModuleNotFoundError' });
  expect(atTop.error?.message).toMatch(message);
  expect(atTop.error?.stack).toContain('File "quote.py", line 1, in <module>');
  const inside = await failure(`def f():\n  import ${module}`);
  expect(inside.error?.message).toMatch(message);
});

test('an unknown name of flask fails with a list of what is available', async () => {
  const { error } = await failure('from flask import Flask\ndef f(): pass');
  expect(error).toMatchObject({ name: 'ImportError' });
  expect(error?.message).toMatch(/^flask\.Flask is not available here; flask has .*Request, Response, abort/);
});

const PROCESSES = / Other processes are not available\.$/;
const SOCKETS = / Sockets are not available\. Use portico\.fetch\(url\) or urllib\.request, /;

test.each<[string, string, RegExp]>([
  [
    'threads',
    'import threading\ndef f(): threading.Thread(target=print).start()',
    /^can't start new thread\. Threads are not available\. /,
  ],
  [
    'pools of threads',
    'from concurrent.futures import ThreadPoolExecutor as T\ndef f(): T().submit(print)',
    /Threads are not available/,
  ],
  ['subprocesses', 'import subprocess\ndef f(): subprocess.run(["ls"])', PROCESSES],
  ['os.popen', 'import os\ndef f(): os.popen("ls")', PROCESSES],
  [
    'os.system',
    'import os\ndef f(): os.system("ls")',
    /^\[Errno 138\] os\.system\(\) cannot run here\. Other processes are not available\.$/,
  ],
  ['os.fork', 'import os\ndef f(): os.fork()', PROCESSES],
  ['multiprocessing', 'import multiprocessing as m\ndef f(): m.Process(target=print).start()', PROCESSES],
  ['subprocesses of asyncio', 'import asyncio\nasync def f(): await asyncio.create_subprocess_exec("ls")', PROCESSES],
  ['sockets', 'import socket\ndef f(): socket.create_connection(("example.com", 80), timeout=1)', SOCKETS],
  ['http.client', 'import http.client as h\ndef f(): h.HTTPConnection("example.com").request("GET", "/")', SOCKETS],
  ['smtplib', 'import smtplib\ndef f(): smtplib.SMTP("mail.example.com")', SOCKETS],
  ['streams of asyncio', 'import asyncio\nasync def f(): await asyncio.open_connection("example.com", 80)', SOCKETS],
  ['ftp', 'import urllib.request as u\ndef f(): u.urlopen("ftp://example.com/x")', SOCKETS],
  ['input', 'def f(): return input()', /EOF/],
  [
    'fetch without a host',
    'import portico\ndef f(): return portico.fetch("https://example.com/")',
    /no network is available/,
  ],
  [
    'urllib without a host',
    'import urllib.request\ndef f(): return urllib.request.urlopen("https://example.com/")',
    /no network is available/,
  ],
  [
    'an opener of its own without a host',
    'import urllib.request as u\ndef f(): return u.build_opener(u.HTTPCookieProcessor()).open("https://example.com/")',
    /no network is available/,
  ],
])('%s fail as Python exceptions', async (_, source, message) => {
  const { kind, error } = await failure(source);
  expect(kind).toBe('error');
  expect(error?.message).toMatch(message);
});

test('an exception while the module loads is reported, and the next call tries again', async () => {
  const isolate = await startPython(
    'import os\nos.environ["N"] = str(int(os.environ.get("N", 0)) + 1)\nif os.environ["N"] == "1": raise ValueError("not yet")\nresult = lambda: os.environ["N"]',
  );
  expect(open(await isolate.call(named())).head).toMatchObject({
    cold: true,
    error: { name: 'ValueError', message: 'not yet' },
  });
  expect(open(await isolate.call(named()))).toMatchObject({ head: { kind: 'json' }, body: '2' });
});

test('exit() is an error, and the interpreter goes on', async () => {
  const isolate = await startPython(
    'import sys\nn = 0\ndef handler(request):\n  global n\n  n += 1\n  if n == 2: sys.exit("bye")\n  return n',
  );
  expect(open(await isolate.call(withRequest())).body).toBe('1');
  expect(open(await isolate.call(withRequest())).head.error).toMatchObject({
    name: 'SystemExit',
    message: "the handler called exit('bye')",
  });
  expect(open(await isolate.call(withRequest())).body).toBe('3');
});

test('more memory than there is gives a MemoryError, and the next call has memory again', async () => {
  const isolate = await startPython('def f(n): return len(bytearray(n))\nresult = f');
  const { head } = open(await isolate.call(named({ n: 200 << 20 })));
  expect(head.error).toMatchObject({
    name: 'MemoryError',
    message: 'the handler needs more memory than it has (64 MB with the interpreter itself)',
  });
  expect(head.error?.stack).toContain('line 1, in f');
  expect(open(await isolate.call(named({ n: 8 << 20 }))).body).toBe(String(8 << 20));
});

test('memory taken bit by bit ends the same way', async () => {
  const isolate = await startPython(
    'def f():\n  kept = []\n  for _ in range(200): kept.append(bytearray(1 << 20))\nresult = f',
  );
  expect(open(await isolate.call(named())).head.error?.name).toBe('MemoryError');
  expect(open(await isolate.call(named())).head.error?.name).toBe('MemoryError');
});

test('an interpreter that ends is replaced without its state, and the run records it', async () => {
  const isolate = await startPython(`import os
n = 0
def handler(request):
  global n
  n += 1
  what = request.args.get("what")
  if what == "exit": os._exit(3)
  if what == "deep":
    value = []
    for _ in range(200_000): value = [value]
    return value
  return n`);
  const ask = async (what = '') => open(await isolate.call(withRequest('GET', `/?what=${what}`)));
  expect([(await ask()).body, (await ask()).body]).toEqual(['1', '2']);
  expect((await ask('exit')).head.error).toMatchObject({
    name: 'SystemExit',
    message: expect.stringContaining('Python was restarted'),
  });
  expect((await ask()).body).toBe('1');
  expect((await ask('deep')).head.error).toMatchObject({
    name: 'RecursionError',
    message: expect.stringContaining('Python was restarted'),
  });
  expect(await ask()).toMatchObject({ head: { cold: true }, body: '1' });
});

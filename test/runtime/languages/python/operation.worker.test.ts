import { env } from 'cloudflare:workers';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import javascript from '../../../../dist/harness/javascript-operation.txt?raw';
import shell from '../../../../dist/harness/shell.txt?raw';
import { createOperations } from '../../../../src/runtime/operations/operations';
import type { OperationFile, PythonJob } from '../../../../src/runtime/operations/jobs';

const operations = createOperations(env, { shell, javascript });
const F = '/tmp/5d0000';
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);
const utf8 = (content: string) => Uint8Array.from(new TextEncoder().encode(content));
const file = (name: string, bytes: Uint8Array<ArrayBuffer>, ...types: string[]): OperationFile => ({
  path: `${F}/${name}`,
  types: types.length > 0 ? types : ['file'],
  bytes: bytes.slice().buffer,
});

const run = async (script: string, files: OperationFile[] = [], over: Partial<PythonJob> = {}, timeoutMs = 20_000) => {
  const outputs = [{ name: 'out', path: `${F}/o_out`, type: 'file' }];
  const outcome = await operations.python({ script, folder: F, outputs, ...over }, files, timeoutMs);
  const { exitCode, error, logs } = outcome;
  const [stdout, stderr] = [text(logs.get('stdout')), text(logs.get('stderr'))];
  return { exitCode, error, stdout, stderr, out: text(outcome.outputs.get('out')), bytes: outcome.outputs.get('out') };
};

describe('a Python operation', () => {
  it('reads and writes real files, in its own folder', async () => {
    const script = `import os, sys
with open("${F}/i_0_in") as f, open("o_out", "w") as o:
    o.write(f.read().upper())
print(os.getcwd(), __name__)
print("err", file=sys.stderr)`;
    expect(await run(script, [file('i_0_in', utf8('a,b\n1,2\n'))])).toMatchObject({
      exitCode: 0,
      error: undefined,
      stdout: `${F} __main__\n`,
      stderr: 'err\n',
      out: 'A,B\n1,2\n',
    });
  });
  it.each<[string, object]>([
    ['pass', { exitCode: 0, out: '', stdout: '', stderr: '' }],
    ['import sys\nsys.exit(3)', { exitCode: 3, out: '' }],
    ['raise SystemExit', { exitCode: 0 }],
    ['raise SystemExit("words")', { exitCode: 1, stderr: 'words\n' }],
    [
      'x = {}\nx["a"]',
      { exitCode: 1, stderr: expect.stringMatching(/^Traceback .*\n +File "exec.py", line 2.*KeyError: 'a'\n$/s) },
    ],
    ['def f(:', { exitCode: 1, stderr: expect.stringContaining('SyntaxError') }],
    [`import os\nos.remove("${F}/o_out")`, { exitCode: 0, out: undefined }],
    [
      'import threading\nthreading.Thread(target=print).start()',
      { stderr: expect.stringContaining('Threads are not available') },
    ],
    [
      'import numpy',
      {
        exitCode: 1,
        stderr: expect.stringMatching(/No module named 'numpy'[^]*the packages that their script declares\./),
      },
    ],
    ['import os\nos._exit(4)', { exitCode: 4, error: undefined, out: '' }],
    [
      `import mmap
for at, how in enumerate(["closed", "left"]):
    file = open("o_out", "r+b" if at else "w+b"); file.write(b"......"); file.flush()
    mapped = mmap.mmap(file.fileno(), 0); file.close(); mapped[at:at + 1] = b"x"
    if how == "closed": mapped.close()
    print(open("o_out").read())`,
      { exitCode: 0, stderr: '', stdout: 'x.....\n......\n', out: '.x....' },
    ],
    [
      'import atexit, os\natexit.register(os._exit, 4)\nprint("printed")',
      { exitCode: 4, error: undefined, stdout: 'printed\n', stderr: '' },
    ],
    [
      'import asyncio, atexit\natexit.register(lambda: print(asyncio.run(asyncio.sleep(0.01, "slept"))))\n1 / 0',
      { exitCode: 1, stdout: 'slept\n', stderr: expect.stringMatching(/ZeroDivisionError: [^\n]*\n$/) },
    ],
    [
      'import ctypes\nctypes.string_at(-1 & 0xFFFFFFFF)',
      { exitCode: 1, error: expect.stringContaining('interpreter stopped') },
    ],
  ])('%j', async (script, expected) => expect(await run(script)).toMatchObject(expected));

  it('has no network, processes, tables or request', async () => {
    const rows: [script: string, printed: RegExp][] = [
      [
        'import urllib.request\nurllib.request.urlopen("https://example.com")',
        /FetchError: https:\/\/example\.com: no network is available\n$/,
      ],
      ['import os\nos.system("ls")', /Other processes are not available\.\n$/],
      ['import tables\ntables.x.list()', /available in handlers only/],
      ['print(request)', /NameError: name 'request' is not defined/],
    ];
    const script = `import json, traceback
def attempt(source):
    try: exec(source, {"__name__": "__main__"})
    except Exception: return traceback.format_exc()
json.dump([attempt(source) for source in json.load(open("sources.json"))], open("o_out", "w"))`;
    const sources = file('sources.json', utf8(JSON.stringify(rows.map(([source]) => source))));
    const { exitCode, out } = await run(script, [sources]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out!)).toEqual(rows.map(([, printed]) => expect.stringMatching(printed) as unknown));
  });
  it('has nothing left of an earlier one', async () => {
    await run('import builtins, os\nbuiltins.left = 1\nopen("/tmp/left", "w").close()');
    expect(await run('import os\nprint(os.path.exists("/tmp/left"))\nprint(left)')).toMatchObject({
      exitCode: 1,
      stdout: 'False\n',
      stderr: expect.stringContaining('NameError'),
    });
  });
  it('takes and gives folders as zip files', async () => {
    const script = `import os
for name in sorted(os.listdir("${F}/i_0_in")):
    open("${F}/o_out/" + name, "w").write(open("${F}/i_0_in/" + name).read() * 2)`;
    const zip = Uint8Array.from(zipSync({ a: utf8('1'), b: utf8('2') }));
    const made = await run(script, [file('i_0_in', zip, 'directory')], {
      outputs: [{ name: 'out', path: `${F}/o_out`, type: 'directory' }],
    });
    expect(
      Object.entries(unzipSync(made.bytes!))
        .filter(([name]) => !name.endsWith('/'))
        .map(([name, part]) => [name, text(part)]),
    ).toEqual([
      ['a', '11'],
      ['b', '22'],
    ]);
  });
  it('a folder has all its files, empty folders too, and links as what they lead to', async () => {
    const script = `import os
os.makedirs("o_out/a/b"); os.mkdir("o_out/empty")
open("o_out/a/b/deep", "w").write("deep"); open("o_out/a/x", "w").write("x")
os.symlink("a/x", "o_out/link"); os.symlink("nowhere", "o_out/dangling"); os.symlink("..", "o_out/a/loop")`;
    const outputs = [{ name: 'out', path: `${F}/o_out`, type: 'directory' }];
    const { bytes } = await run(script, [], { outputs });
    const files = Object.entries(unzipSync(bytes!)).map(([name, part]) => [name, text(part)]);
    expect(Object.fromEntries(files)).toEqual({
      'a/': '',
      'a/b/': '',
      'a/b/deep': 'deep',
      'a/x': 'x',
      'empty/': '',
      link: 'x',
    });
  });
  it('an output that the script replaced by a folder is a zip file', async () => {
    const { bytes } = await run('import os\nos.remove("o_out"); os.mkdir("o_out")\nopen("o_out/a", "w").write("1")');
    expect(Object.keys(unzipSync(bytes!))).toEqual(['a']);
  });
  it('streams its output while it waits', async () => {
    const told: [string, string][] = [];
    const script = `import asyncio, sys, time
print("one"); time.sleep(1.5)
print("two", file=sys.stderr); print("three")
asyncio.run(asyncio.sleep(1.5))
print("four")`;
    const job = { script, folder: F, outputs: [] };
    const { logs } = await operations.python(job, [], 20_000, (name, bytes) => void told.push([name, text(bytes)!]));
    expect(text(logs.get('stdout'))).toBe('one\nthree\nfour\n');
    // The last part may be in the outcome only.
    expect(told.slice(0, 3).sort()).toEqual([
      ['stderr', 'two\n'],
      ['stdout', 'one\n'],
      ['stdout', 'three\n'],
    ]);
  });
  it('a log without end is cut', async () => {
    const { stdout } = await run('for i in range(3000): print("x" * 1000)');
    expect(stdout!.length).toBeLessThan(1_100_000);
    expect(stdout).toMatch(/# cut: more than 1048576 bytes\n$/);
  });
  it('ends at its time limit', async () => {
    expect(await run('import time\ntime.sleep(30)', [], {}, 2500)).toMatchObject({ exitCode: 124, error: 'timeout' });
  });
});

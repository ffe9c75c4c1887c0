import { exports } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { ByteReader } from '../../../../src/runtime/harness/python/byte-reader';
import { packPages } from '../../../../src/runtime/harness/python/pages';
import { openSnapshot } from '../../../../src/runtime/harness/python/snapshot-stream';
import { named, open, startPython, withRequest } from './isolate';

const SCRIPT = `
import sys, os, json, random, decimal, hashlib, datetime, re, zoneinfo, uuid, logging
from flask import jsonify
def handler(request):
    print("log", file=sys.stderr)
    logging.getLogger().warning("warned")
    try: raise ValueError("x")
    except ValueError as error: what = repr(error)
    return [sys.version, sorted(os.environ), decimal.Decimal(1) / 3, hashlib.sha256(b"x").hexdigest(), what, hash("x"),
            re.sub("[aeiou]", "", "portico"), str(zoneinfo.ZoneInfo("UTC")), {"b": 1, "a": 2**70}, request.args.to_dict(), sys.path,
            sorted(sys.flags), os.getcwd(), random.Random(1).random(), json.dumps({"é": 1}), sys.getrecursionlimit()]
`;

test('a boot from the snapshot and one without it give the same', { timeout: 30_000 }, async () => {
  const isolates = await Promise.all([true, false].map((snapshot) => startPython(SCRIPT, { snapshot })));
  const [fast, slow] = await Promise.all(
    isolates.map(async (isolate) => open(await isolate.call(withRequest('GET', '/?x=1')))),
  );
  expect([slow!.head.kind, slow!.head.error]).toEqual(['json', undefined]);
  expect(fast!.body).toBe(slow!.body);
  expect({ ...fast!.head, logs: fast!.head.logs?.map(([, ...rest]) => rest) }).toEqual({
    ...slow!.head,
    logs: slow!.head.logs?.map(([, ...rest]) => rest),
  });
});

test('random, secrets and uuid differ from isolate to isolate', async () => {
  const script =
    'import random, secrets, uuid, os\nresult = lambda: [random.random(), secrets.token_hex(8), str(uuid.uuid4()), os.urandom(8).hex()]';
  const [a, b] = await Promise.all([1, 2].map(async () => open(await (await startPython(script)).call(named())).body));
  const [first, second] = [a, b].map((body) => JSON.parse(body!) as unknown[]);
  expect(first).toHaveLength(4);
  first!.forEach((value, i) => expect(value).not.toEqual(second![i]));
});

test('the clock is the present, not the one of the snapshot', async () => {
  const isolate = await startPython(
    'import time, datetime\nresult = lambda: [time.time(), datetime.date.today().isoformat()]',
  );
  const [seconds, day] = JSON.parse(open(await isolate.call(named())).body) as [number, string];
  expect(Math.abs(seconds * 1000 - Date.now())).toBeLessThan(60_000);
  expect(day.slice(0, 4)).toBe(new Date().toISOString().slice(0, 4));
});

test('the shims of the boot are removed, and code cannot be compiled', async () => {
  const isolate = await startPython(`import js
from pyodide.ffi import run_sync, to_js
def f():
  native = str(js.WebAssembly.compile.toString())
  try: run_sync(js.fetch("file:///pyodide/python_stdlib.zip"))
  except Exception as error: fetched = str(error)
  try: compiled = js.WebAssembly.Module.new(to_js(bytes([0, 97, 115, 109, 1, 0, 0, 0, 0, 5, 1, 120, 1, 2, 3])))
  except Exception as error: compiled = str(error)
  return [native, fetched, [hasattr(js, name) for name in ("location", "env", "PYTHON_FILES")], compiled]
result = f`);
  const { body } = open(await isolate.call(named()));
  expect(JSON.parse(body)).toEqual([
    'function compile() { [native code] }',
    'TypeError: fetch failed: no network is available',
    [false, false, false],
    'CompileError: WebAssembly cannot be compiled here',
  ]);
});

test('an isolate is served the snapshot, and no other asset', async () => {
  const files = exports.PythonFiles({ props: { set: null } });
  const paths = ['snapshot.bin', 'pyodide.asm.wasm', 'python/snapshot.bin', '../index.html', ''];
  const answers = await Promise.all(paths.map((path) => files.fetch(`https://python.local/${path}`)));
  for (const { body } of answers) await body?.cancel();
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 404, 404]);
});

const HEADER = 16;
const PAGES = 12;

/** A snapshot in Pyodide's format with some pages that are not empty, packed. */
function packed(): { snapshot: Uint8Array; bytes: Uint8Array<ArrayBuffer> } {
  const snapshot = new Uint8Array(HEADER + PAGES * 4096);
  new Uint32Array(snapshot.buffer, 0, 2).set([7, HEADER]);
  for (const page of [0, 3, 4, 11]) snapshot.fill(page + 1, HEADER + page * 4096 + 5, HEADER + (page + 1) * 4096 - 5);
  return { snapshot, bytes: packPages(snapshot) };
}
const readerOf = (bytes: Uint8Array<ArrayBuffer>): ByteReader => new ByteReader(new Response(bytes).body!);

test('a packed snapshot restores the memory exactly, over whatever start-up left there', async () => {
  const { snapshot, bytes } = packed();
  expect(bytes.length).toBeLessThan(5 * 4096);

  const memory = new Uint8Array((PAGES + 2) * 4096).fill(0x80, 4096, 6 * 4096).fill(9, 13 * 4096);
  const { header, memoryBytes, restore } = await openSnapshot(readerOf(bytes));
  expect(memoryBytes).toBe(PAGES * 4096);
  expect(header).toEqual(snapshot.subarray(0, HEADER));
  expect(header.subarray(0, 8)).toEqual(snapshot.subarray(0, 8));
  expect(header.subarray(HEADER)).toHaveLength(0);
  await restore(memory.buffer);
  expect(memory.subarray(0, PAGES * 4096)).toEqual(snapshot.subarray(HEADER));
  expect(memory.subarray(PAGES * 4096).every((byte) => byte === 0)).toBe(true);
});

test('a snapshot that is cut short, or larger than the memory, is an error', async () => {
  const { bytes } = packed();
  await expect(openSnapshot(readerOf(bytes.slice(0, 20)))).rejects.toThrow('cut short');
  const cut = await openSnapshot(readerOf(bytes.slice(0, -1)));
  await expect(cut.restore(new ArrayBuffer(PAGES * 4096))).rejects.toThrow('cut short');
  const whole = await openSnapshot(readerOf(bytes));
  await expect(whole.restore(new ArrayBuffer((PAGES - 1) * 4096))).rejects.toThrow('larger than the memory');
});

import { expect, test } from 'vitest';
import { pagedSnapshot, packPages } from '../../../../src/runtime/harness/python/pages';
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
  return [native, fetched, hasattr(js, "location"), compiled]
result = f`);
  const { body } = open(await isolate.call(named()));
  expect(JSON.parse(body)).toEqual([
    'function compile() { [native code] }',
    'TypeError: fetch failed: no network is available',
    false,
    'CompileError: WebAssembly cannot be compiled here',
  ]);
});

test('a packed snapshot restores the memory exactly, over whatever start-up left there', () => {
  const header = 16;
  const pages = 12;
  const snapshot = new Uint8Array(header + pages * 4096);
  new Uint32Array(snapshot.buffer, 0, 2).set([7, header]);
  for (const page of [0, 3, 4, 11]) snapshot.fill(page + 1, header + page * 4096 + 5, header + (page + 1) * 4096 - 5);
  const packed = packPages(snapshot);
  expect(packed.length).toBeLessThan(5 * 4096);

  const memory = new Uint8Array((pages + 2) * 4096).fill(0x80, 4096, 6 * 4096).fill(9, 13 * 4096);
  const paged = pagedSnapshot(packed.buffer, () => memory.buffer);
  expect(paged).toEqual(snapshot.subarray(0, header));
  expect(paged.subarray(0, 8)).toEqual(snapshot.subarray(0, 8));
  expect(paged.subarray(header)).toHaveLength(0);
  expect(memory.subarray(0, pages * 4096)).toEqual(snapshot.subarray(header));
  expect(memory.subarray(pages * 4096).every((byte) => byte === 0)).toBe(true);
});

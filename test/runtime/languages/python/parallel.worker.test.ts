import { expect, test } from 'vitest';
import { cancel, named, open, startPython, withRequest } from './isolate';
import { startWithService } from './service';

/** Waits for seven other calls, parks in the service, in time.sleep and in asyncio, and says before and after who it is. */
const SCRIPT = `import asyncio, time, tables, threading
from portico import ctx
state = {"now": 0, "most": 0}

def wait(how, ms):
    if how == "service": tables.slow.page(limit=ms)
    elif how == "sleep": time.sleep(ms / 1000)
    else: return asyncio.sleep(ms / 1000)

def handler():
    state["now"] += 1
    state["most"] = max(state["most"], state["now"])
    seen = [request.path]
    while state["most"] < 8: wait(request.args["how"], 5)
    for i in range(3):
        print(request.path, i)
        wait(request.args["how"], int(request.args["ms"]))
        seen.append(request.path)
    state["now"] -= 1
    return seen, 200, {"x-most": state["most"], "x-run": ctx.request.path}
`;

test.each(['service', 'sleep'])(
  'calls parked side by side in %s keep their own request, log and answer',
  async (how) => {
    const isolate = await startWithService(SCRIPT);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => isolate.call(withRequest('GET', `/call${i}?how=${how}&ms=${100 - i * 7}`))),
    );
    const opened = answers.map(open);
    opened.forEach(({ head, body }, i) => {
      const path = `/call${i}`;
      expect(JSON.parse(body)).toEqual([path, path, path, path]);
      expect(head.logs?.map(([, , text]) => text)).toEqual([`${path} 0`, `${path} 1`, `${path} 2`]);
      expect(new Map(head.headers).get('x-run')).toBe(path);
    });
    expect(Math.max(...opened.map(({ head }) => Number(new Map(head.headers).get('x-most'))))).toBe(8);
  },
);

test('async handlers run concurrently, and may send operations', async () => {
  const isolate = await startWithService(`import asyncio
async def handler():
  print("before", request.path)
  await asyncio.sleep(0.03)
  rows = pq.dbconnect("d").fetch("d", "s", "accounts")
  await asyncio.sleep(0.01)
  print("after", request.path)
  return [request.path, len(rows)]`);
  const opened = (await Promise.all(['/a', '/b', '/c'].map((path) => isolate.call(withRequest('GET', path))))).map(
    open,
  );
  expect(opened.map(({ body }) => body)).toEqual(['["/a",2]', '["/b",2]', '["/c",2]']);
  expect(opened.map(({ head }) => head.logs?.map(([, , text]) => text))).toEqual([
    ['before /a', 'after /a'],
    ['before /b', 'after /b'],
    ['before /c', 'after /c'],
  ]);
});

test('a failure of one parked call leaves the others alone', async () => {
  const isolate = await startWithService(`import tables
def f(n):
  tables.slow.page(limit=20 + n)
  if n % 2: raise ValueError(n)
  return n
result = f`);
  const opened = (await Promise.all([0, 1, 2, 3].map((n) => isolate.call(named({ n }))))).map(open);
  expect(opened.map(({ head, body }) => head.error?.message ?? body)).toEqual(['0', '1', '2', '3']);
  expect(opened.map(({ head }) => head.kind)).toEqual(['json', 'error', 'json', 'error']);
});

test('calls that arrive during the boot wait for it: one is cold, and the module loads once', async () => {
  const isolate = await startPython('import random\ntoken = random.random()\nresult = lambda: token');
  const opened = (await Promise.all(Array.from({ length: 5 }, () => isolate.call(named())))).map(open);
  expect(new Set(opened.map(({ body }) => body)).size).toBe(1);
  expect(opened.filter(({ head }) => head.cold)).toHaveLength(1);
});

test('module state lasts from call to call', async () => {
  const isolate = await startPython('n = 0\ndef f():\n  global n\n  n += 1\n  return n\nresult = f');
  const bodies: string[] = [];
  for (let i = 0; i < 3; i++) bodies.push(open(await isolate.call(named())).body);
  expect(bodies).toEqual(['1', '2', '3']);
});

test('a caller that leaves while its call is parked leaves the others alone', async () => {
  const isolate = await startPython(`import time
served = []
def handler():
  time.sleep(float(request.args["s"]))
  print(request.path)
  served.append(request.path)
  return served`);
  const left = isolate.call(withRequest('GET', '/left?s=0.05'));
  const staying = isolate.call(withRequest('GET', '/staying?s=0.1'));
  cancel(left);
  const { head, body } = open(await staying);
  expect(JSON.parse(body)).toContain('/staying');
  expect(head.logs?.map(([, , text]) => text)).toEqual(['/staying']);
  expect(JSON.parse(open(await isolate.call(withRequest('GET', '/later?s=0'))).body)).toContain('/later');
});

test('a module that waits while it loads is one module for all later calls', async () => {
  const isolate = await startPython(
    'import time, random\ntime.sleep(0.02)\ntoken = random.random()\nresult = lambda: token',
  );
  await Promise.all([isolate.call(named()), isolate.call(named())]);
  const later = await Promise.all([isolate.call(named()), isolate.call(named())]);
  expect(open(later[0]!).body).toBe(open(later[1]!).body);
});

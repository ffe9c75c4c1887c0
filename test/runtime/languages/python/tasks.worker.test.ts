import { beforeAll, expect, test } from 'vitest';
import { named, open, startPython, startScripts, type Opened } from './isolate';

const texts = ({ head }: Opened): string[] => (head.logs ?? []).map(([, level, text]) => `${level}: ${text}`);
let run: Awaited<ReturnType<typeof startScripts>>;
beforeAll(async () => {
  run = await startScripts();
});

const FAILS = 'import asyncio, time\nasync def fails(): raise ValueError("unseen")\n';
const NEVER_RETRIEVED =
  /^error: Task exception was never retrieved\nfuture: <Task finished .* exception=ValueError\('unseen'\)>\nTraceback[^]*ValueError: unseen$/;

test.each([
  ['while the call goes on', 'async def f():\n  asyncio.create_task(fails())\n  await asyncio.sleep(0.01)\n  return 1'],
  ['when the call ends', 'async def f():\n  asyncio.create_task(fails())\n  return 1'],
  ['that somebody holds', 'kept = []\nasync def f():\n  kept.append(asyncio.create_task(fails()))\n  return 1'],
  ['of a function that is not async', 'def f():\n  asyncio.ensure_future(fails())\n  time.sleep(0.01)\n  return 1'],
  [
    'of asyncio.run',
    'async def main():\n  asyncio.create_task(fails())\n  await asyncio.sleep(0)\n  return 1\ndef f(): return asyncio.run(main())',
  ],
])('a failed task that is not awaited is in the log: %s', async (_, source) => {
  const opened = await run(FAILS + source);
  expect(opened.body).toBe('1');
  expect(texts(opened)).toEqual([expect.stringMatching(NEVER_RETRIEVED)]);
});

test.each([
  [
    'awaited later',
    'async def f():\n  task = asyncio.create_task(fails())\n  await asyncio.sleep(0.01)\n  try: await task\n  except ValueError: return 1',
  ],
  ['gathered', 'async def f(): return len(await asyncio.gather(fails(), return_exceptions=True))'],
  [
    'asked for',
    'async def f():\n  task = asyncio.create_task(fails())\n  await asyncio.sleep(0.01)\n  return len(task.exception().args)',
  ],
  ['caught around asyncio.run', 'def f():\n  try: asyncio.run(fails())\n  except ValueError: return 1'],
  [
    'in a group',
    'async def f():\n  try:\n    async with asyncio.TaskGroup() as group: group.create_task(fails())\n  except* ValueError: pass\n  return 1',
  ],
])('a task that is %s leaves no log line', async (_, source) => {
  const opened = await run(FAILS + source);
  expect([opened.body, texts(opened)]).toEqual(['1', []]);
});

test('an exception of an async function is in the run, not in the log', async () => {
  const opened = await run(`${FAILS}async def f(): await fails()`);
  expect([opened.head.error?.name, texts(opened)]).toEqual(['ValueError', []]);
  expect(opened.head.error?.stack).toMatch(/^Traceback [^]*line 3, in f\n[^]*line 2, in fails\n/);
});

test('failed callbacks and coroutines that are never awaited are in the log', async () => {
  const callback = await run(
    'import asyncio\nasync def f():\n  asyncio.get_running_loop().call_soon(lambda: 1 / 0)\n  await asyncio.sleep(0.01)',
  );
  expect(texts(callback)).toEqual([expect.stringMatching(/^error: Exception in callback [^]*ZeroDivisionError/)]);
  const coroutine = await run('async def g(): pass\ndef f(): g()');
  expect(texts(coroutine)).toEqual([expect.stringMatching(/^warn: .*coroutine 'g' was never awaited/)]);
});

test.each([
  ['an async function', 'async def f():\n  asyncio.create_task(left())\n  await asyncio.sleep(0)\n  return 1'],
  ['a function', 'def f():\n  asyncio.ensure_future(left())\n  time.sleep(0.01)\n  return 1'],
  ['a function that fails', 'async def f():\n  asyncio.create_task(left())\n  await asyncio.sleep(0)\n  1 / 0'],
  [
    'asyncio.run',
    'async def main():\n  asyncio.create_task(left())\n  await asyncio.sleep(0)\n  return 1\ndef f(): return asyncio.run(main())',
  ],
])('tasks that %s leaves are canceled, and end within the call', async (_, source) => {
  const opened = await run(`import asyncio, time
async def left():
  try: await asyncio.sleep(100)
  finally:
    await asyncio.sleep(0.01)
    print("ended")
${source}`);
  expect(texts(opened)).toEqual(['info: ended']);
});

test('a task that fails when it is canceled is in the log', async () => {
  const opened = await run(`import asyncio
async def left():
  try: await asyncio.sleep(100)
  finally: raise ValueError("unseen")
async def f():
  asyncio.create_task(left())
  await asyncio.sleep(0)`);
  expect(texts(opened)).toEqual([expect.stringMatching(NEVER_RETRIEVED)]);
});

test('the end of a call leaves the tasks of others alone', async () => {
  const isolate = await startPython(`import asyncio
async def f(ms):
  async def work():
    await asyncio.sleep(ms / 1000)
    print("done", ms)
    return ms
  return await asyncio.create_task(work())
result = f`);
  const opened = (await Promise.all([80, 10, 40].map((ms) => isolate.call(named({ ms }))))).map(open);
  expect(opened.map((one) => [one.body, texts(one)])).toEqual(
    [80, 10, 40].map((ms) => [String(ms), [`info: done ${ms}`]]),
  );
});

test('several runs of asyncio, one after the other and inside of each other', async () => {
  const opened = await run(`import asyncio
async def one(n):
  await asyncio.sleep(0.001)
  return n
async def outer(): return asyncio.run(one(3)) + await one(4)
def f():
  loop = asyncio.new_event_loop()
  with asyncio.Runner() as runner: kept = [runner.run(one(5)), runner.run(one(6))]
  return [asyncio.run(one(1)), asyncio.run(one(2)), asyncio.run(outer()), loop.run_until_complete(one(8)), *kept]`);
  expect([opened.body, texts(opened)]).toEqual(['[1,2,7,8,5,6]', []]);
});

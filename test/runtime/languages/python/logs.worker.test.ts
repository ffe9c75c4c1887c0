import { expect, test } from 'vitest';
import { named, open, receive, startPython, withRequest } from './isolate';

const texts = (logs: [number, string, string][] | undefined): [string, string][] =>
  (logs ?? []).map(([, level, text]) => [level, text]);

test('print, stderr, logging and warnings are lines with levels, in order', async () => {
  const isolate = await startPython(`import logging, sys, warnings
log = logging.getLogger("shop")
log.setLevel(logging.DEBUG)
print("loaded")
def f():
  print("one", 2, sep="-")
  print("a\\nb", end="")
  print("oops", file=sys.stderr)
  logging.basicConfig(format="%(name)s: %(message)s", level=logging.DEBUG)
  log.debug("d")
  log.info("i %d", 1)
  log.warning("w")
  log.error("e")
  warnings.warn("careful")
  sys.stdout.write("unfinished")
result = f`);
  const { head } = open(await isolate.call(named()));
  expect(texts(head.logs).map(([level, text]) => [level, text.split('\n')[0]])).toEqual([
    ['info', 'loaded'],
    ['info', 'one-2'],
    ['info', 'a'],
    ['error', 'oops'],
    ['debug', 'shop: d'],
    ['info', 'shop: i 1'],
    ['warn', 'shop: w'],
    ['error', 'shop: e'],
    ['warn', expect.stringContaining('UserWarning: careful')],
    ['info', 'bunfinished'],
  ]);
  expect(head.logs?.every(([ms]) => Number.isInteger(ms) && ms >= 0 && ms < 60_000)).toBe(true);
});

test('logging without any set-up reaches the log, from warnings on', async () => {
  const isolate = await startPython(
    'import logging\ndef f():\n  logging.getLogger("x").info("no")\n  logging.getLogger("x").warning("yes")\nresult = f',
  );
  expect(texts(open(await isolate.call(named())).head.logs)).toEqual([['warn', 'yes']]);
});

test('a call has its own log, also when it fails', async () => {
  const isolate = await startPython('def f(n):\n  print("call", n)\n  if n == 2: raise ValueError("no")\nresult = f');
  expect(texts(open(await isolate.call(named({ n: 1 }))).head.logs)).toEqual([['info', 'call 1']]);
  expect(open(await isolate.call(named({ n: 2 }))).head).toMatchObject({
    kind: 'error',
    logs: [[expect.any(Number), 'info', 'call 2']],
  });
  expect(texts(open(await isolate.call(named({ n: 3 }))).head.logs)).toEqual([['info', 'call 3']]);
});

test('a long line is written in many parts as fast as at once', async () => {
  const isolate = await startPython(`import sys
def f(n):
  for _ in range(n): sys.stdout.write(".")
  print("!")
  print("end", end="")
result = f`);
  // A copy of the line for each part took half a minute.
  const logs = texts(open(await isolate.call(named({ n: 60_000 }))).head.logs);
  expect(logs).toEqual([
    ['info', `${'.'.repeat(60_000)}!`],
    ['info', 'end'],
  ]);
});

test('the log is cut at its limit and marked', async () => {
  const isolate = await startPython(
    'def f(n):\n  for _ in range(n): print("x" * 99)\n  print("y" * 100_000)\nresult = f',
  );
  const { head } = open(await isolate.call(named({ n: 100_000 })));
  expect(head.logsCut).toBe(true);
  expect(head.logs!.reduce((sum, [, , text]) => sum + text.length + 1, 0)).toBeLessThanOrEqual(65_537);
  const short = open(await isolate.call(named({ n: 1 }))).head;
  expect([short.logsCut, short.logs?.length, short.logs?.[1]?.[2].length]).toEqual([true, 2, 65_436]);
});

test('the log of a Response comes with its report, once', async () => {
  const isolate = await startPython('def handler(request):\n  print("sent")\n  return b"x"');
  const answer = await isolate.call(withRequest());
  const id = (answer as Response).headers.get('x-portico-pending')!.split(' ');
  expect(id[1]).toBe('cold');
  const { report } = await receive(isolate, answer);
  expect(texts(report.logs)).toEqual([['info', 'sent']]);
  expect(await isolate.drain(id[0]!)).toBe('{}');
  const again = await isolate.call(withRequest());
  expect((again as Response).headers.get('x-portico-pending')).not.toContain('cold');
});

import { expect, test } from 'vitest';
import { named, open, startPython, type Opened } from './isolate';

const texts = ({ head }: Opened): [string, string][] => (head.logs ?? []).map(([, level, text]) => [level, text]);

/** Writes to files and leaves them open, in every place where the end of a call does not close them. */
const LEAVES_OPEN = `import csv, gzip, os, pathlib, tempfile
kept = []
class Cycle: pass

def write(name):
    text = open("/tmp/global.txt", "w"); kept.append(text); text.write("global " * 3)
    rows = open("/tmp/rows.csv", "w", newline=""); kept.append(rows); csv.writer(rows).writerow([1, "a,b"])
    binary = open("/tmp/binary", "wb"); kept.append(binary); binary.write(bytes(range(5)))
    path = pathlib.Path("/tmp/path.txt").open("a"); kept.append(path); path.write("path")
    update = open("/tmp/update.txt", "w+"); kept.append(update); print("printed", file=update)
    descriptor = os.fdopen(os.open("/tmp/descriptor", os.O_WRONLY | os.O_CREAT), "w"); kept.append(descriptor); descriptor.write("fd")
    temporary = tempfile.NamedTemporaryFile("w", delete=False); kept.append(temporary); temporary.write("temp"); os.replace(temporary.name, "/tmp/temporary")
    cycle = Cycle(); cycle.me = cycle; cycle.file = open("/tmp/cycle.txt", "w"); cycle.file.write("cycle")
    local = open("/tmp/local.txt", "w"); local.write("local")
    if name == "fail": raise ValueError(name)
    if name == "exit": raise SystemExit(3)

def read(name):
    return {entry.name: entry.read_bytes().decode() for entry in sorted(pathlib.Path("/tmp").iterdir()) if entry.is_file()}

def f(name):
    return read(name) if name == "read" else write(name)
result = f`;

const WRITTEN = {
  binary: '\0\x01\x02\x03\x04',
  'cycle.txt': 'cycle',
  descriptor: 'fd',
  'global.txt': 'global global global ',
  'local.txt': 'local',
  'path.txt': 'path',
  'rows.csv': '1,"a,b"\r\n',
  temporary: 'temp',
  'update.txt': 'printed\n',
};

test.each(['return', 'fail', 'exit'])(
  'what a call has written and left open, a later call of its isolate reads (%s)',
  async (name) => {
    const isolate = await startPython(LEAVES_OPEN);
    expect(open(await isolate.call(named({ name }))).head.kind).toBe(name === 'return' ? 'none' : 'error');
    expect(JSON.parse(open(await isolate.call(named({ name: 'read' }))).body)).toEqual(WRITTEN);
    const other = await startPython(LEAVES_OPEN);
    expect(open(await other.call(named({ name: 'read' }))).body).toBe('{}');
  },
);

test('a call that waits is flushed with others that end, and files that are closed or read are left alone', async () => {
  const isolate = await startPython(`import time
steps = []
def f(step):
    steps.append(step)
    if step == "write":
        file = open("/tmp/x", "w"); file.write("written")
        while "read" not in steps: time.sleep(0.01)
        file.write(", more"); return file.close()
    if step == "other":
        other = open("/tmp/y", "w"); other.close()
        return [open("/tmp/y").read(), open("/dev/null", "rb").read().decode()]
    return open("/tmp/x").read()
result = f`);
  const writing = isolate.call(named({ step: 'write' }));
  expect(open(await isolate.call(named({ step: 'other' }))).body).toBe('["",""]');
  expect(open(await isolate.call(named({ step: 'read' }))).body).toBe('written');
  await writing;
  expect(open(await isolate.call(named({ step: 'read' }))).body).toBe('written, more');
});

test('a file that cannot be flushed does not fail the call', async () => {
  const isolate = await startPython(`import os
kept = []
def f():
    detached = open("/tmp/detached", "w"); detached.write("x"); kept.extend([detached, detached.detach()])
    broken = os.fdopen(os.open("/tmp/broken", os.O_WRONLY | os.O_CREAT), "w"); kept.append(broken); broken.write("x"); os.close(broken.fileno())
    return 1
result = f`);
  const opened = open(await isolate.call(named()));
  expect([opened.body, texts(opened)]).toEqual([
    '1',
    [['error', expect.stringContaining('could not be written: [Errno 8] Bad file descriptor')]],
  ]);
});

const AT_EXIT = `import atexit, weakref, logging
atexit.register(print, "loaded")
class Held:
    def __del__(self): print("finalized")
held = Held()
held.me = held
def bad(): raise ValueError("at exit")

def handler(request):
    atexit.register(bad)
    atexit.register(print, "called", 1)
    weakref.finalize(held, print, "finalize")
    print("handler")
    return "x"`;
const call = async (once: boolean): Promise<[string, string][]> => {
  const isolate = await startPython(AT_EXIT.replace('handler(request)', 'f()').concat('\nresult = f'), { once });
  const opened = open(await isolate.call(named()));
  expect(opened.body).toBe('x');
  return texts(opened);
};

test('a script whose isolate serves one call ends with it as a process', async () => {
  expect(await call(true)).toEqual([
    ['info', 'handler'],
    ['info', 'finalize'],
    ['info', 'called 1'],
    ['error', expect.stringContaining('Exception ignored in atexit callback <function bad')],
    ['error', 'Traceback (most recent call last):'],
    ['error', expect.stringContaining('File "handler.py"')],
    ['error', 'ValueError: at exit'],
    ['info', 'loaded'],
    ['info', 'finalized'],
  ]);
});

test('and so do the files of a folder', async () => {
  const part =
    'class Held:\n  def __init__(self, name): self.name = name\n  def __del__(self): print(self.name)\nheld = Held("part")';
  const source = 'import part, sub.deep\nheld = part.Held("entry")\ndef f(): return "x"\nresult = f';
  const modules = { 'part.py': part, 'sub/deep.py': 'from ..part import Held\nheld = Held("deep")' };
  const isolate = await startPython(source, { once: true, file: 'handlers/a/main.py', modules });
  expect(
    texts(open(await isolate.call(named())))
      .map(([, text]) => text)
      .toSorted(),
  ).toEqual(['deep', 'entry', 'part']);
});

test('atexit functions do not run in a lasting instance, and the log warns about them', async () => {
  const never = expect.stringMatching(/^atexit\.register: this instance outlives its calls .* Use try and finally/);
  expect(await call(false)).toEqual([
    ['warn', never],
    ['warn', never],
    ['warn', never],
    ['info', 'handler'],
  ]);
});

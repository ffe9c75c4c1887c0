import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import javascript from '../../../dist/harness/javascript-operation.txt?raw';
import shell from '../../../dist/harness/shell.txt?raw';
import guide from '../../../docs/graphs.md?raw';
import { NODE_BYTES } from '../../../src/plynx/files/file-key.rules';
import { createOperations } from '../../../src/runtime/operations/operations';
import type { OperationFile, ShellJob } from '../../../src/runtime/operations/jobs';

const operations = createOperations(env, { shell, javascript });
const F = '/tmp/5d0000';
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);
const file = (name: string, content: string, ...types: string[]): OperationFile => ({
  path: `${F}/${name}`,
  types: types.length > 0 ? types : ['file'],
  bytes: Uint8Array.from(new TextEncoder().encode(content)).buffer,
});

describe('bash', () => {
  const run = async (script: string, files: OperationFile[] = [], over: Partial<ShellJob> = {}, timeoutMs = 20_000) => {
    const outputs = [{ name: 'out', path: `${F}/o_out`, type: 'file' }];
    const outcome = await operations.shell({ script, folder: F, outputs, ...over }, files, timeoutMs);
    const { exitCode, error, logs } = outcome;
    return {
      exitCode,
      error,
      out: text(outcome.outputs.get('out')),
      stdout: text(logs.get('stdout')),
      stderr: text(logs.get('stderr')),
    };
  };

  it('reads, writes, logs', async () => {
    const script = 'cat i_0_in | tr a-z A-Z > o_out\necho it\necho err >&2\n';
    expect(await run(script, [file('i_0_in', 'a,b\n1,2\n')])).toEqual({
      exitCode: 0,
      error: undefined,
      out: 'A,B\n1,2\n',
      stdout: 'it\n',
      stderr: 'err\n',
    });
  });
  it.each<[string, object]>([
    ['exit 3', { exitCode: 3, out: '' }],
    ['set -e\nfalse\necho no', { exitCode: 1, stdout: '' }],
    ['rm o_out', { exitCode: 0, out: undefined }],
    [
      'echo said; rm o_out; mkdir o_out; echo a > o_out/b',
      { exitCode: 0, out: expect.stringMatching(/^PK/), stdout: 'said\n' },
    ],
    ['echo said; rm o_out; ln -s o_out o_out', { out: undefined, stdout: 'said\n' }],
    ['pwd; echo $HOME', { exitCode: 0, stdout: `${F}\n${F}\n` }],
    ['cat <<EOF\n  kept\nEOF', { stdout: '  kept\n' }],
    ['curl http://example.com', { exitCode: 127, stderr: 'bash: curl: command not found\n' }],
  ])('%j', async (source, expected) => expect(await run(source)).toMatchObject(expected));

  const BUILT_INS: [script: string, stdout: string][] = [
    ['printf "a b c" | xargs -n1 echo x', 'x a\nx b\nx c\n'],
    ['printf "a\\nb\\n" | xargs -I{} echo "<{}>" "-n1"', '<a> -n1\n<b> -n1\n'],
    ['printf "a\\nb\\n" | xargs -I {} echo {} {}', 'a a\nb b\n'],
    ['printf "a\\0b" | xargs -0n1 echo', 'a\nb\n'],
    ['printf "a,b,c" | xargs -d, -n2 echo', 'a b\nc\n'],
    ['printf "a b" | xargs --max-args=1 -P2 echo', 'a\nb\n'],
    ['printf "a b" | xargs', 'a b\n'],
    ['printf "1 2" | xargs -n 1 expr -1 +', '0\n1\n'],
    ['touch part_c part_a part_b; ls part_*', 'part_a\npart_b\npart_c\n'],
    ['touch part_c part_a; ls -l part_* | wc -l | tr -d " "', '2\n'],
    ['touch a b; ls -r a b', 'b\na\n'],
    ['mkdir d e; touch d/x e/y f; ls e f d', 'f\n\nd:\nx\n\ne:\ny\n'],
    ['mkdir d e; ls -d d e', 'd\ne\n'],
    ['mkdir d e; touch d/x; ls d; ls -R d e', 'x\nd:\nx\n\ne:\n'],
    ['touch a; ls nope a 2>/dev/null || echo no', 'a\nno\n'],
    [
      'for c in tar yq sqlite3 python perl; do $c 2>&1; done',
      ['tar', 'yq', 'sqlite3', 'python', 'perl'].map((c) => `bash: ${c}: command not found\n`).join(''),
    ],
  ];
  it('xargs, ls and names that are no command do as in GNU’s bash', async () => {
    // One shell for all, each in a folder of its own.
    const script = BUILT_INS.map(([one], at) => `mkdir ${F}/${at}; cd ${F}/${at}\n${one}\necho ---`).join('\n');
    const printed = (await run(script)).stdout!.split('---\n').slice(0, -1);
    expect(printed.map((stdout, at) => [BUILT_INS[at]![0], stdout])).toEqual(BUILT_INS);
  });

  it('has the commands that docs/graphs.md lists', async () => {
    const [, listed] = /commands are available beside[^`]*(?:`[^`]+`[^`]*)*```\n([^`]+)```/.exec(guide)!;
    const { stdout } = await run('ls /bin /usr/bin | grep -v : | grep . | sort -u');
    expect(stdout!.trim().split('\n')).toEqual(listed!.trim().split(/\s+/).toSorted());
  });

  it('explains bounds to the author of the script', async () => {
    // A busy machine must not reach the time limit first.
    const script = 'for i in 1 2 3; do printf "%04000000d" 1; done > big';
    const { exitCode, stderr } = await run(script, [], {}, 60_000);
    expect([exitCode, stderr]).toEqual([126, expect.stringMatching(/output size exceeded \(>8388608 bytes\)\n$/)]);
  });

  it('every run has a file system of its own', async () => {
    await run('echo secret > /tmp/left; echo x > o_out');
    expect(await run('cat /tmp/left; ls /tmp')).toMatchObject({
      stdout: '5d0000\n',
      stderr: expect.stringContaining('No such file'),
    });
  });
  it('ends at its time limit', async () => {
    expect(await run('echo before; sleep 30', [], {}, 300)).toMatchObject({ exitCode: 124, error: 'timeout' });
  });
  it('an executable runs', async () => {
    expect(await run('./i_0_in', [file('i_0_in', '#!/bin/bash\necho ran\n', 'executable')])).toMatchObject({
      stdout: 'ran\n',
    });
  });
  it('folders go in and out as zip files', async () => {
    const outputs = [{ name: 'out', path: `${F}/o_out`, type: 'directory' }];
    const made = await operations.shell(
      {
        script: `mkdir -p ${F}/o_out/b; echo 1 > ${F}/o_out/b/c; echo 2 > ${F}/o_out/d`,
        folder: F,
        outputs,
      },
      [],
      20_000,
    );
    const zip = made.outputs.get('out')!;
    const input = { path: `${F}/i_0_in`, types: ['directory'], bytes: zip.slice().buffer };
    expect(await run(`cd ${F}/i_0_in; cat b/c d; find . -type f | sort`, [input])).toMatchObject({
      stdout: '1\n2\n./b/c\n./d\n',
    });
  });
  it('a file that is not a zip is refused as a folder, and is a file where both are allowed', async () => {
    const script = 'cat i_0_in';
    expect(await run(script, [file('i_0_in', 'text', 'directory')])).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('cannot start'),
    });
    expect(await run(script, [file('i_0_in', 'text', 'file', 'directory')])).toMatchObject({ stdout: 'text' });
  });
});

describe('bash, while it runs', () => {
  /** Parts of each log as reported while the script runs, and the log of the outcome. */
  async function watch(script: string) {
    const parts: Record<string, string[]> = { stdout: [], stderr: [] };
    const sink = (name: string, bytes: Uint8Array) => void parts[name]!.push(text(bytes)!);
    const { logs } = await operations.shell({ script, folder: F, outputs: [] }, [], 20_000, sink);
    return { parts, stdout: text(logs.get('stdout')), stderr: text(logs.get('stderr')) };
  }

  it('streams output promptly and in parts', async () => {
    const { parts, stdout } = await watch('echo a; sleep 1.2; echo b; echo c >&2; sleep 0.1');
    expect(parts.stdout).toEqual(['a\n', 'b\n']);
    expect(parts.stderr).toEqual(['c\n']);
    expect(stdout).toBe('a\nb\n');
  });

  it.each([
    // Commands that leave the shell as it was, in one.
    [
      'for i in 1 2 3; do echo $i; done',
      'i=0; while [ $i -lt 3 ]; do i=$((i+1)); if true; then echo $i; else echo no; fi; done; until true; do :; done',
      'case x in x) echo in;; esac; { echo g; }; (echo s; echo e >&2)',
      'f() { echo inside; echo e >&2; }; f; f > /dev/null; x=$(f); echo "$x"; f | tr a-z A-Z',
      'for i in 1 2; do echo $i; done | tac; { echo x; } > y; cat y; while read l; do echo "[$l]"; done < y',
      'echo a && echo b || echo c; ! false; echo $(echo d; echo e >&2); bash -c "echo n" ; x=$(bash -c "echo m"); echo $x',
      'printf "1 2" | xargs -n1 echo; eval "echo ev"; source /dev/stdin <<< "echo so"',
      'for i in 1 2 3; do echo $i; [ $i = 2 ] && break; done; for i in 1 2; do [ $i = 1 ] && continue; echo $i; done',
      "printf '\\xff\\xfe'; echo; echo é中",
    ].join('\n'),
    'nosuch; echo ok; cat nothere; echo $((1/0)); echo end',
    'set -e; echo before; false; echo after',
    'echo before; exit 3',
    'g() { return 2; }; g; echo $?; if then',
    'echo a & wait; echo b; exec 3>&1; echo c >&3; exec > z; echo d; exec 2>&1',
  ])('streams exactly what a script prints: %s', async (script) => {
    const { parts, stdout, stderr } = await watch(`${script}\nsleep 1.1`);
    // All but what no single statement prints: an error of the script as a whole.
    expect(stdout).toContain(parts.stdout!.join(''));
    expect(stderr).toContain(parts.stderr!.join(''));
    const plain = await operations.shell({ script, folder: F, outputs: [] }, [], 20_000);
    expect(stdout).toBe(text(plain.logs.get('stdout')));
  });

  it('ends without a reader of its output', async () => {
    const deaf = () => {
      throw new Error('nobody');
    };
    const { logs } = await operations.shell(
      { script: 'echo a; sleep 0.1; echo b', folder: F, outputs: [] },
      [],
      20_000,
      deaf,
    );
    expect(text(logs.get('stdout'))).toBe('a\nb\n');
  });

  it('streams at most a megabyte of a log', async () => {
    let told = 0;
    const script = 'for i in 1 2 3 4 5; do printf "%0400000d" 0; done';
    const { logs } = await operations.shell(
      { script, folder: F, outputs: [] },
      [],
      20_000,
      (_, bytes) => void (told += bytes.byteLength),
    );
    expect([told, logs.get('stdout')!.byteLength]).toEqual([1024 * 1024, 2_000_000]);
  });
});

describe('JavaScript', () => {
  const run = async (code: string, files: OperationFile[] = [], timeoutMs = 20_000) => {
    const names = { input: { in: [`${F}/i_0_in`] }, output: { out: `${F}/o_out` }, param: { n: 3 }, log: {} };
    const outcome = await operations.javascript(
      { code, names, outputs: [{ name: 'out', path: `${F}/o_out`, type: 'file' }] },
      files,
      timeoutMs,
    );
    const { exitCode, error, logs } = outcome;
    return {
      exitCode,
      error,
      out: text(outcome.outputs.get('out')),
      stdout: text(logs.get('stdout')),
      stderr: text(logs.get('stderr')),
    };
  };

  it('reads, writes, logs', async () => {
    const code = `export default async ({ input, output, param, readText, writeText }) => {
      writeText(output.out, readText(input.in[0]).toUpperCase() + param.n);
      console.log('hello', { a: 1 });
      console.error('err');
    }`;
    expect(await run(code, [file('i_0_in', 'abc')])).toEqual({
      exitCode: 0,
      error: undefined,
      out: 'ABC3',
      stdout: 'hello {"a":1}\n',
      stderr: 'err\n',
    });
  });
  it('shows values, and what went wrong beside it', async () => {
    const code = `export default async () => {
      console.log('%s', new Map([['a', 1]]), { err: new TypeError('bad') });
      Promise.reject(new Error('floating'));
      setTimeout(() => { throw new Error('in a timer') }, 1);
      await new Promise((done) => setTimeout(done, 10));
      throw new Error('could not save', { cause: new TypeError('port is closed') }) }`;
    const { exitCode, stdout, stderr } = await run(code);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Map\(1\) \{"a" => 1\} \{"err":TypeError: bad\n +at .*operation\.js:2:\d+\)\}\n$/);
    const lines = [
      'Unhandled promise rejection: Error: floating',
      'An error was thrown in setTimeout: Error: in a timer',
      'Error: could not save',
      '  [cause]: TypeError: port is closed',
    ];
    expect(stderr!.split('\n').filter((line) => !/^ +at /.test(line))).toEqual([...lines, '']);
  });
  it.each<[string, string, object]>([
    [
      'throws',
      'export default () => { throw new TypeError("no") }',
      { exitCode: 1, stderr: expect.stringContaining('TypeError: no') },
    ],
    ['throws nothing', 'export default () => { throw undefined }', { exitCode: 1, stderr: 'undefined\n' }],
    ['is no function', 'export default 7', { exitCode: 1, stderr: expect.stringContaining('not a function') }],
    [
      'reads what is not there',
      'export default ({ readText }) => readText("/etc/passwd")',
      { exitCode: 1, stderr: expect.stringContaining('File /etc/passwd not found') },
    ],
    ['wants the network', 'export default () => fetch("https://example.com")', { exitCode: 1 }],
    ['does not parse', 'export default (', { exitCode: 1, error: expect.any(String) }],
  ])('%s', async (_, code, expected) => expect(await run(code)).toMatchObject(expected));

  it('a log without end is cut', async () => {
    // Lines without text count as well.
    const { stdout } = await run(
      'export default () => { for (let i = 0; i < 50_000; i++) console.log(i < 1000 ? "x".repeat(1000) : "") }',
    );
    expect(stdout!.length).toBeLessThan(1_100_000);
    expect(stdout).toMatch(/# cut: more than 1048576 characters\n$/);
  });
  it('may leave as much as a node accepts, and fails beyond', async () => {
    const leave = async (bytes: number) => {
      const code = `export default ({ writeBytes }) => { console.log('said'); writeBytes('/o', new Uint8Array(${bytes})); }`;
      const names = { input: {}, output: {}, param: {}, log: {} };
      const outputs = [{ name: 'out', path: '/o', type: 'file' }];
      const { exitCode, error, ...left } = await operations.javascript({ code, names, outputs }, [], 20_000);
      return { exitCode, error, size: left.outputs.get('out')?.byteLength, stdout: text(left.logs.get('stdout')) };
    };
    // The head of an outcome has its length and names.
    const most = NODE_BYTES - 200;
    expect(await leave(most)).toEqual({ exitCode: 0, error: undefined, size: most, stdout: 'said\n' });
    const error = `The outputs and logs have more than ${NODE_BYTES} bytes together`;
    expect(await leave(NODE_BYTES)).toEqual({ exitCode: 1, error, size: undefined, stdout: 'said\n' });
    const files = [{ path: '/i', types: ['file'], bytes: new ArrayBuffer(NODE_BYTES) }];
    expect(await run("export default ({ readBytes }) => console.log(readBytes('/i').length)", files)).toMatchObject({
      exitCode: 0,
      stdout: `${NODE_BYTES}\n`,
    });
  });
  it('ends at its time limit', async () => {
    expect(await run('export default () => new Promise((done) => setTimeout(done, 30000))', [], 200)).toMatchObject({
      exitCode: 124,
      error: 'timeout',
    });
  });
});

import { env } from 'cloudflare:workers';
import { gunzipSync, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import javascript from '../../../../dist/harness/javascript-operation.txt?raw';
import shell from '../../../../dist/harness/shell.txt?raw';
import { createOperations } from '../../../../src/runtime/operations/operations';
import recorded from '../../../fixtures/python/process/recorded.json';

/** Recorded behavior of CPython with a script; see record.py beside the recording. */
interface Entry {
  name: string;
  script: string;
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Contents by name: bytes as Latin-1, of a gzip and a zip file what is in them. */
  files: Record<string, string | Record<string, string>>;
}

const operations = createOperations(env, { shell, javascript });
const FOLDER = '/tmp/5d0000';
const LEFT_OUT = /^(exec\.py|__pycache__|data\.db|tmp)/;
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
const mapped = <A, B>(from: Record<string, A>, to: (value: A, name: string) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, to(value, name)]));

function decoded(bytes: Uint8Array, name: string): string | Record<string, string> {
  if (name.endsWith('.gz')) return text(gunzipSync(bytes));
  return name.endsWith('.zip') ? mapped(unzipSync(bytes), text) : latin1(bytes);
}

/** Wording of 3.14 that differs from the versions before it. */
const WORDS_OF_3_14: [RegExp, string][] = [
  [/ignored in: (<function .*__del__ .*)/, 'ignored while calling deallocator $1:'],
  [/ignored in: (<_io\..*)/, 'ignored while finalizing file $1:'],
  [/ignored on (?=flushing)/, 'ignored while '],
];

/** Output that two versions and places of CPython share: without addresses, numbers of tasks, marks below a line, and frames of the library. */
function comparable(stderr: string): string {
  const kept: string[] = [];
  let foreign = false;
  for (const line of stderr.split('\n')) {
    if (/^ +File "/.test(line)) foreign = !line.includes('File "exec.py"');
    else if (!line.startsWith('    ')) foreign = false;
    if (!foreign && !/^[ ~^]+$/.test(line))
      kept.push(line.replaceAll(/0x[0-9a-f]+/g, '0x').replaceAll(/Task-\d+/g, 'Task-N'));
  }
  return WORDS_OF_3_14.reduce((said, [before, now]) => said.replace(before, now), kept.join('\n'));
}

/** Runs a script in a folder that is its output as a whole. */
async function run(script: string): Promise<Omit<Entry, 'name' | 'script'>> {
  const job = { script, folder: FOLDER, outputs: [{ name: 'all', path: FOLDER, type: 'directory' }] };
  const { exitCode, error, outputs, logs } = await operations.python(job, [], 20_000);
  expect(error).toBeUndefined();
  const left = Object.entries(unzipSync(outputs.get('all')!)).filter(([name]) => !LEFT_OUT.test(name));
  return {
    exitCode,
    stdout: text(logs.get('stdout')),
    stderr: comparable(text(logs.get('stderr'))),
    files: mapped(Object.fromEntries(left), decoded),
  };
}

test.each(recorded.entries as Entry[])(
  'a process ends as in CPython: $name',
  async ({ name: _name, script, ...ended }) => {
    expect(await run(script)).toEqual({ ...ended, stderr: comparable(ended.stderr) });
  },
);

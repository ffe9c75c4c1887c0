import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchProject } from '../../../../packages/cli/src/project/watch-project.ts';

let folder = '';
let stopping: AbortController;
let changes: AsyncGenerator<void, void, void>;
const at = (path: string): string => join(folder, path);
/** Resolves when a change is reported; the test ends with a timeout when none is. */
const reported = async (): Promise<void> => expect(await changes.next()).toEqual({ done: false, value: undefined });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'portico-'));
  mkdirSync(at('handlers'));
  writeFileSync(at('handlers/a.js'), '1');
  stopping = new AbortController();
  changes = watchProject(folder, stopping.signal);
  await reported();
});
afterEach(async () => {
  stopping.abort();
  expect(await changes.next()).toEqual({ done: true, value: undefined });
  rmSync(folder, { recursive: true });
});

test('a change before the next one is asked for is reported', async () => {
  writeFileSync(at('handlers/a.js'), '2');
  await new Promise(setImmediate);
  await reported();
});

test('a file that an editor replaces by a new one is reported each time', async () => {
  for (const text of ['2', '3', '4']) {
    writeFileSync(at('handlers/a.js~'), text);
    renameSync(at('handlers/a.js~'), at('handlers/a.js'));
    await reported();
  }
});

test('files of new folders, and of folders that were replaced, are reported', async () => {
  for (const text of ['1', '2']) {
    mkdirSync(at('lib/deep'), { recursive: true });
    await reported();
    writeFileSync(at('lib/deep/b.js'), text);
    await reported();
    writeFileSync(at('lib/deep/b.js'), `${text}0`);
    await reported();
    rmSync(at('lib'), { recursive: true });
    await reported();
  }
});

test('a folder that becomes the project’s under another name is watched there', async () => {
  mkdirSync(at('old/deep'), { recursive: true });
  await reported();
  renameSync(at('old'), at('new'));
  await reported();
  writeFileSync(at('new/deep/c.js'), '1');
  await reported();
});

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { membersOf } from '../../../scripts/start/process-group.ts';
import { lockState } from '../../../scripts/start/state-lock.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.kill('SIGKILL')) await once(child, 'exit');
  rmSync(folder, { recursive: true });
});

/** A process that locks the folder, prints its pid or why it could not, and stays. */
async function lockElsewhere(prologue = ''): Promise<{ child: ChildProcess; said: string }> {
  const script = `
    import { lockState } from './scripts/start/state-lock.ts';
    try {
      const lock = await lockState({ persistTo: ${JSON.stringify(folder)}, port: 9123 });
      ${prologue}
      console.log('locked');
      setInterval(() => lock, 1000);
    } catch (error) {
      console.log(error.message);
    }`;
  const args = ['--input-type=module-typescript', '--eval', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const said of child.stdout) return { child, said: String(said) };
  throw new Error('it ended without a word');
}

const lock = (): ReturnType<typeof lockState> => lockState({ persistTo: folder, port: 9200 });

test('a folder in use is refused with who uses it and what to type for a second service', async () => {
  const { child, said } = await lockElsewhere();
  expect(said).toBe('locked\n');
  const refusal = await lock().then(
    () => '',
    ({ message }: Error) => message,
  );
  expect(refusal).toContain(`already running at http://127.0.0.1:9123 (process ${child.pid}, since 20`);
  expect(refusal).toMatch(/npm start -- --port 92\d\d --persist-to \.wrangler\/92\d\d\/state --vars \S+ --notes \S+$/);
});

test('two folders are two services', async () => {
  await lockElsewhere();
  (await lockState({ persistTo: join(folder, 'second'), port: 9200 })).release();
});

test('one of many concurrent starts gets the folder', async () => {
  const said = await Promise.all(Array.from({ length: 6 }, async () => (await lockElsewhere()).said));
  expect(said.filter((text) => text === 'locked\n')).toHaveLength(1);
});

test('a released folder and that of a killed process can be taken at once', async () => {
  (await lock()).release();
  (await lock()).release();
  const { child } = await lockElsewhere();
  child.kill('SIGKILL');
  await once(child, 'exit');
  (await lock()).release();
});

test('processes of a killed start are ended before the folder is taken', async () => {
  const { child } = await lockElsewhere(`
    const { spawnGroup } = await import('./scripts/start/process-group.ts');
    const { resolve } = await import('node:path');
    // Deaf to SIGTERM, and run by a path in this project, as the programs of a service are.
    const program = "process.on('SIGTERM', () => 0); process.send('up'); setInterval(() => 0, 1000)";
    const service = spawnGroup(['--eval', program, resolve('scripts/start/serve.ts')], ['ignore', 'ignore', 'ignore', 'ipc']);
    await new Promise((resolve) => service.once('message', resolve));
    lock.noteGroup(service.pid);
  `);
  const { group } = JSON.parse(readFileSync(join(folder, 'portico-owner.json'), 'utf8')) as { group: number };
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(membersOf(group)).toHaveLength(1);
  (await lock()).release();
  expect(membersOf(group)).toEqual([]);
});

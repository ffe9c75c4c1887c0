import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fact, type Trial } from './scenario.ts';

const HANDLERS = 500;
/** First segments of the paths: one has at most 200 endpoints below it. */
const SEGMENTS = 5;
const PUSH_SECONDS = 30;
const DIFF_SECONDS = 3;
const COMMAND = join(import.meta.dirname, '../../packages/cli/bin/portico.js');

/** A project of many handlers with an endpoint each, by the command as a user types it. */
export const project: Trial = {
  kind: 'trial',
  name: 'project',
  title: `A project of ${HANDLERS} handlers and endpoints, by the command`,
  seconds: { quick: null, full: 10 },
  run: async ({ portico }) => {
    const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
    try {
      const scopes = ['read', 'deploy'];
      const { token } = await portico.request<{ token: string }>('POST', '/admin/personal-tokens', {
        name: 'bench',
        scopes,
      });
      writeProject(folder, portico.origin);
      const env = { ...process.env, PORTICO_TOKEN: token, NO_COLOR: '1' };
      const timed = async (command: string): Promise<number> => {
        const startedAt = performance.now();
        await promisify(execFile)(process.execPath, [COMMAND, command], { cwd: folder, env, maxBuffer: 67_108_864 });
        return (performance.now() - startedAt) / 1000;
      };
      return [
        within('first push', await timed('push'), PUSH_SECONDS),
        within('diff after it', await timed('diff'), DIFF_SECONDS),
        fact('second push, which changes nothing', `${(await timed('push')).toFixed(2)} s`),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const within = (what: string, seconds: number, most: number): ReturnType<typeof fact> => ({
  what,
  value: `${seconds.toFixed(2)} s`,
  goal: `at most ${most} s`,
  met: seconds <= most,
});

function writeProject(folder: string, url: string): void {
  mkdirSync(join(folder, 'handlers'));
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  write('portico.jsonc', JSON.stringify({ project: 'bench', targets: { local: { url } } }));
  for (let number = 0; number < HANDLERS; number++) {
    write(`handlers/p${number}.js`, `export default () => ${number};\n`);
    write(`handlers/p${number}.endpoint.jsonc`, JSON.stringify({ path: `${number % SEGMENTS}/p${number}` }));
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortAfter } from '../../../scripts/start/ports.ts';

/** Milliseconds that a state may take to come about on a busy machine: only a failure waits that long. */
export const PATIENCE_MS = 240_000;

/** A machine of one's own, as far as `npm start` can tell: its state, secrets, notes and logs are in a folder outside the project. */
export interface Home {
  folder: string;
  state: string;
  vars: string;
  notes: string;
  logs: string;
  port: number;
}

export async function newHome(): Promise<Home> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-'));
  const at = (name: string): string => join(folder, name);
  return {
    folder,
    state: at('state'),
    vars: at('dev.vars'),
    notes: at('local.json'),
    logs: at('logs'),
    port: await freePort(),
  };
}

/** A free port below those that the system gives to others by itself: nothing takes it between two starts of a service. */
const freePort = (): Promise<number> => freePortAfter(12_000 + Math.floor(Math.random() * 18_000));

/** One `npm start` and all that it has written so far. */
export interface Start {
  /** The process of npm. */
  pid: number;
  output: () => string;
  /** Resolves when the output has the text; throws when the process ends without it. */
  saw: (text: string) => Promise<void>;
  /** Acts as Ctrl-C in a terminal: SIGINT to every process of the group. */
  pressCtrlC: () => void;
  /** Resolves when nothing holds its output any more, which is when all its processes have ended. */
  ended: Promise<number>;
}

/** Types `npm start -- …` in the folder of the project. */
export function npmStart(home: Home, ...options: string[]): Start {
  const places = ['--persist-to', home.state, '--vars', home.vars, '--notes', home.notes];
  return npm(home, 'start', '--', '--port', String(home.port), ...places, ...options);
}

/** Types `npm …` in the folder of the project. */
export function npm(home: Home, ...args: string[]): Start {
  const child = spawn('npm', args, { env: env(home), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  return watch(child, join(home.folder, 'output.log'));
}

/** Runs a program of the project to its end and answers what it wrote. Throws when it fails. */
export async function run(home: Home, command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, { env: env(home), stdio: ['ignore', 'pipe', 'pipe'] });
  const { ended, output } = watch(child, join(home.folder, 'other.log'));
  if ((await ended) !== 0) throw new Error(output());
  return output();
}

/** Without what vitest and its configuration set for tests. */
const env = (home: Home): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITE|VITEST|NODE_ENV|TEST|MINIFLARE)/.test(name)),
  ),
  WRANGLER_LOG_PATH: home.logs,
  WRANGLER_SEND_METRICS: 'false',
});

function watch(child: ChildProcess, file: string): Start {
  let text = '';
  const copy = createWriteStream(file, { flags: 'a' });
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      copy.write(chunk);
      for (const look of watchers) look();
    });
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => copy.end(() => resolve(code ?? -1)));
  });
  const seen = (wanted: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!text.includes(wanted)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  const missed = async (wanted: string): Promise<never> => {
    await ended;
    throw new Error(`it ended without a word of "${wanted}":\n${text}`);
  };
  return {
    pid: child.pid!,
    output: () => text,
    saw: (wanted) => Promise.race([seen(wanted), missed(wanted)]),
    pressCtrlC: () =>
      void (child.exitCode === null && child.signalCode === null && process.kill(-child.pid!, 'SIGINT')),
    ended,
  };
}

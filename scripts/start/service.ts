import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StartOptions } from './options.ts';

const WRANGLER = 'node_modules/wrangler/bin/wrangler.js';
const START_MS = 90_000;
const STOP_MS = 5000;

/**
 * wrangler asks no questions and reports nothing. It also keeps a trace of every request beside the local databases, with its full URL:
 * there a key that somebody put into the query would outlive the redaction of run records, so the trace is off.
 */
const ENV = { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false', X_LOCAL_OBSERVABILITY: 'false' };

type Where = Pick<StartOptions, 'port' | 'persistTo' | 'vars'>;

export interface Service {
  origin: string;
  /** Resolves with the exit code when the service ends, asked or not. */
  ended: Promise<number>;
  stop: () => Promise<void>;
}

/** Throws when something listens at the port already: wrangler would take another one and not say so. */
export async function expectFreePort(port: number): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new Error(`Port ${port} is taken. Take another: npm start -- --port ${port + 1}`);
    if (code === 'EACCES')
      throw new Error(`Port ${port} is not yours to use. Take one above 1023: npm start -- --port 8787`);
    throw error;
  } finally {
    probe.close();
  }
}

/** Brings the local D1 database up to the newest migration. */
export async function applyMigrations({ persistTo }: Pick<Where, 'persistTo'>): Promise<void> {
  const child = wrangler(['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', persistTo]);
  const output = collect(child);
  const code = await exitOf(child);
  if (code !== 0) throw new Error(`The migrations could not be applied:\n${output.join('\n')}`);
}

/**
 * Starts `wrangler dev` on 127.0.0.1 and waits until it answers. Until then its output is kept back, and shown when it does not get
 * that far; from then on every line is passed to `print`.
 */
export async function startService({ port, persistTo, vars }: Where, print: (line: string) => void): Promise<Service> {
  const address = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'];
  const files = ['--persist-to', persistTo, '--env-file', vars];
  const child = wrangler(['dev', ...address, ...files, '--show-interactive-dev-session', 'false']);
  const output = collect(child, (line) => ready && print(line));
  let ready = false;
  const ended = exitOf(child);
  const origin = `http://127.0.0.1:${port}`;
  const stop = (): Promise<void> => stopGroup(child, ended);
  const started = await Promise.race([answers(`${origin}/health`), ended.then(() => false)]);
  if (!started) {
    await stop();
    throw new Error(`wrangler dev did not start:\n${output.join('\n')}`);
  }
  ready = true;
  return { origin, ended, stop };
}

/**
 * A process group of its own: Ctrl-C in the terminal reaches this script, which stops wrangler and all it started. However this script
 * ends, nothing of it stays behind.
 */
function wrangler(args: string[]): ChildProcess {
  const options: SpawnOptions = { env: ENV, stdio: ['ignore', 'pipe', 'pipe'], detached: true };
  const child = spawn(process.execPath, [WRANGLER, ...args], options);
  const kill = (): void => signalGroup(child, 'SIGTERM');
  process.once('exit', kill);
  child.once('close', () => process.removeListener('exit', kill));
  return child;
}

/** API keys and JWTs. wrangler's lines have the path of each request, and terminals have long memories. */
const CREDENTIAL = /\bptk_[0-9A-Za-z]{8}_[0-9A-Za-z]{20,}|\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g;

/** The lines that a process writes, as they come. */
function collect(child: ChildProcess, each: (line: string) => void = () => undefined): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (text) => {
      const line = text.replace(CREDENTIAL, '[redacted]');
      // Enough to tell why a start failed; the lines of a long run are not kept.
      if (lines.length < 500) lines.push(line);
      each(line);
    });
  }
  return lines;
}

const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)));

/** False when it takes too long, or answers with nothing but errors: then a setting is wrong, and its output says which. */
async function answers(url: string): Promise<boolean> {
  const until = Date.now() + START_MS;
  let errors = 0;
  while (Date.now() < until && errors < 3) {
    const response = await fetch(url, { signal: AbortSignal.timeout(START_MS) }).catch(() => null);
    if (response?.ok) return true;
    if (response) errors += 1;
    await sleep(100);
  }
  return false;
}

async function stopGroup(child: ChildProcess, ended: Promise<number>): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const late = sleep(STOP_MS, 'late' as const, { ref: false });
  if ((await Promise.race([ended, late])) === 'late') signalGroup(child, 'SIGKILL');
  await ended;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // It has ended by itself.
  }
}

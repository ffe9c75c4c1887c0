import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../load/types.ts';
import type { Clocked } from '../measure.ts';
import { post } from '../scenarios/people.ts';
import { processorClock, processTree } from '../service/process.ts';

/** Another product that publishes functions over HTTP. */
export interface Peer {
  name: string;
  /** npm packages with exact versions. */
  packages: string[];
  /** How it keeps the code of a function from the rest, and what it records of a call, as configured here. */
  isolates: string;
  logs: string;
  /** Writes its configuration into `folder`, where its packages are installed, and starts it. */
  start: (folder: string) => Promise<Running>;
}

export interface Running extends Clocked {
  target: Target;
  stop: () => void;
}

const ROOT = resolve('.bench-peers');
export const KEY = 'bench-key-of-the-peers';
export const WORK = join(import.meta.dirname, 'work.cjs');
/** Seconds that a peer has to start. */
const START_S = 180;

/** Installs packages into a folder of their own, without their install scripts: compilers are not needed. Returns the folder. */
export function install(name: string, packages: string[]): string {
  const folder = join(ROOT, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact'];
  execFileSync('npm', ['install', ...options, ...packages], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}

export interface Process {
  pid: number;
  stop: () => void;
}

/** Starts a Node program in a process group of its own; its output goes to `<folder>/output.log`. */
export function startNode(folder: string, args: string[], env: Record<string, string> = {}): Process {
  const log = openSync(join(folder, 'output.log'), 'a');
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  const pid = child.pid!;
  return { pid, stop: () => void (child.exitCode === null && process.kill(-pid)) };
}

/** Waits until the target answers as expected. Returns the running peer; `processes` are stopped with it, and when it does not start. */
export async function waitFor(target: Target, processes: Process[]): Promise<Running> {
  const stop = (): void => processes.forEach((one) => one.stop());
  let last = 'no answer';
  for (const until = Date.now() + START_S * 1000; Date.now() < until; await sleep(500)) {
    last = await probe(target);
    if (last === '')
      return { target, stop, cpuMs: processorClock(() => processes.flatMap(({ pid }) => processTree(pid))) };
  }
  stop();
  throw new Error(`no ${target.status} from ${target.url} within ${START_S} s: ${last}`);
}

/** Returns an empty text for the expected answer, or what came instead. */
async function probe({ url, method, headers, body, status }: Target): Promise<string> {
  try {
    const response = await fetch(url, { method, headers, body: body ?? null });
    const text = await response.text();
    const isExpected = response.status === status && text.includes('"London"') && text.includes('"New York"');
    return isExpected ? '' : `${response.status} ${text.slice(0, 200)}`;
  } catch (error) {
    return String(error);
  }
}

/** The call of every race, with headers that a peer needs besides. */
export const callOf = (url: string, headers: Record<string, string> = {}): Target => {
  const target = post(url, KEY);
  return { ...target, headers: { ...target.headers, ...headers } };
};

/** Returns a port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Starts an empty PostgreSQL that runs on Node (PGlite), for peers that need a database server. */
export async function startPostgres(): Promise<Process & { port: number }> {
  const folder = install('postgres', ['@electric-sql/pglite@0.5.14', '@electric-sql/pglite-socket@0.2.17']);
  const port = await freePort();
  const started = startNode(folder, ['node_modules/.bin/pglite-server', `--port=${port}`, '--max-connections=20']);
  for (let tries = 0; tries < 120; tries++) {
    if (await isOpen(port)) return { ...started, port };
    await sleep(500);
  }
  started.stop();
  throw new Error('PGlite did not start');
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done((socket.destroy(), true)));
    socket.once('error', () => done(false));
  });

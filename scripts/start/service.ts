import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity, SignInCode } from './activity.ts';
import type { StartOptions } from './options.ts';
import { readLines, endGroup, exitOf, membersOf, spawnGroup } from './process-group.ts';
import type { FromServe, ToServe } from './serve-messages.ts';

const SERVE = resolve('scripts/start/serve.ts');
const START_MS = 90_000;
const RESTART_MS = 60_000;
const STOP_MS = 5000;

type Where = Pick<StartOptions, 'port' | 'persistTo' | 'vars'>;

export interface Service {
  origin: string;
  /** Resolves to the exit code when the service ends, requested or not. */
  ended: Promise<number>;
  /** Returns the bytes of memory that its workerd processes occupy. */
  memory: () => number;
  /** Returns its current activity. With `drain`, the service returns 503 until the next request without it, or a restart. */
  activity: (drain?: boolean) => Promise<Activity>;
  /** Makes a code that signs a browser in once as this user; null when no active user has the name. */
  signInCode: (name: string) => Promise<string | null>;
  /** Replaces workerd by a new one. Requests that arrive during the restart wait for it. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

/**
 * Starts the service on 127.0.0.1 and waits until it responds. Until then its output is held back, and shown when the start fails; from then
 * on each line is passed to `print`. `started` gets its process group.
 */
export async function startService(
  { port, persistTo, vars }: Where,
  print: (line: string) => void,
  started: (group: number) => void,
): Promise<Service> {
  const child = spawnGroup([SERVE], ['ignore', 'pipe', 'pipe', 'ipc']);
  const group = child.pid!;
  started(group);
  // The output of wrangler about a start or a restart is held back, and shown only when that fails.
  let held: string[] | null = [];
  readLines(child, (line) => void (held ? held.push(line) : print(line)));
  const ended = exitOf(child);
  const loads = new EventEmitter();
  // Listens from the beginning: Node queues messages until a listener exists. wrangler sends some of its own.
  child.on('message', (message) => (message as FromServe).kind === 'restarted' && loads.emit('load'));
  const send = (message: ToServe): void => void child.send(message);
  const control = { prefix: '/cdn-cgi/portico', token: randomUUID() };
  send({ kind: 'start', port, persistTo, vars, control });
  const origin = `http://127.0.0.1:${port}`;
  const stop = (): Promise<void> => endGroup(group, STOP_MS);
  const isUp = await Promise.race([answers(`${origin}/health`), ended.then(() => false)]);
  if (!isUp) {
    await stop();
    throw new Error(`The service did not start:\n${held.join('\n')}`);
  }
  held = null;
  const ask = async (method: string, what: string): Promise<unknown> => {
    const init = { method, headers: { 'x-portico-control': control.token } };
    const response = await fetch(`${origin}${control.prefix}/${what}`, init);
    if (!response.ok) throw new Error(`The service returned ${response.status} when asked for its ${what}.`);
    return response.json();
  };
  return {
    origin,
    ended,
    stop,
    memory: () => membersOf(group).reduce((sum, { bytes, command }) => sum + (WORKERD.test(command) ? bytes : 0), 0),
    activity: async (drain = false) => (await ask(drain ? 'POST' : 'GET', 'activity')) as Activity,
    signInCode: async (name) =>
      ((await ask('POST', `sign-in-code?name=${encodeURIComponent(name)}`)) as SignInCode).code,
    restart: async () => {
      const output: string[] = (held = []);
      const restarted = once(loads, 'load', { signal: AbortSignal.timeout(RESTART_MS) });
      send({ kind: 'restart' });
      try {
        await restarted;
      } catch (error) {
        throw new Error(`The service did not restart:\n${output.join('\n')}`, { cause: error });
      } finally {
        held = null;
      }
    },
  };
}

const WORKERD = /\/workerd serve /;

/** Returns false when it takes too long, or answers only errors: then a setting is wrong, and its output names it. */
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

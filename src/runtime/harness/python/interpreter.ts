import handler from './handler.json';
import { boot } from './boot';
import { currentHost } from './host';
import { MEMORY_LIMIT } from './overlay';
import type { PyCallable } from './pyodide';

export interface Interpreter {
  call: PyCallable;
  check: PyCallable;
  /** Returns the logs of a call without a response. */
  partialReport: PyCallable;
  /** Returns the logs so far of a call that goes on. */
  peekReport: PyCallable;
}

let running: Interpreter | undefined;
let booting: Promise<Interpreter> | undefined;

/**
 * Returns the isolate's one interpreter, booted by the first call; the next call retries a failed boot. Other calls wait for that boot, so
 * `keepAlive` continues it when the caller of the first one disconnects.
 */
export function interpreter(keepAlive: (work: Promise<unknown>) => void): Interpreter | Promise<Interpreter> {
  if (running !== undefined) return running;
  booting ??= start()
    .then((started) => (running = started))
    .finally(() => (booting = undefined));
  keepAlive(booting.catch(() => undefined));
  return booting;
}

/** Returns the interpreter if it runs. Never boots one. */
export const runningInterpreter = (): Interpreter | undefined => running;

/** Discards a crashed interpreter and its module state; the next call boots another. */
export function discard(crashed: Interpreter): void {
  if (running === crashed) running = undefined;
}

/** Asks the service for the running call. `json` holds the arguments; the result is `{"ok": …}` or `{"error": {code, message}}`. */
async function send(op: string, json: string): Promise<string> {
  const host = currentHost();
  if (host === undefined) throw new Error('no call is running');
  return host.send(op, json);
}

async function start(): Promise<Interpreter> {
  const python = await boot();
  const runner = python.pyimport('_portico.runner');
  runner['start']!(handler.source, handler.file, handler.modules, handler.once, send, MEMORY_LIMIT >> 20);
  return {
    call: runner['call']!,
    check: python.pyimport('_portico.checking')['check']!,
    partialReport: runner['partial_report']!,
    peekReport: runner['peek_report']!,
  };
}

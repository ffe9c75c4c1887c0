import handler from './handler.json';
import { boot } from './boot';
import { currentHost } from './host';
import type { PyCallable } from './pyodide';

export interface Interpreter {
  call: PyCallable;
  check: PyCallable;
  /** What a call has logged that has not answered. */
  partialReport: PyCallable;
}

let running: Interpreter | undefined;
let booting: Promise<Interpreter> | undefined;

/**
 * The isolate's one interpreter, booted by the first call; a boot that failed is tried again by the next one. Others wait for a boot
 * that one call began, so `keepAlive` lets it go on when that call's caller leaves.
 */
export function interpreter(keepAlive: (work: Promise<unknown>) => void): Interpreter | Promise<Interpreter> {
  if (running !== undefined) return running;
  booting ??= start()
    .then((started) => (running = started))
    .finally(() => (booting = undefined));
  keepAlive(booting.catch(() => undefined));
  return booting;
}

/** The interpreter, if one runs: nothing is booted. */
export const runningInterpreter = (): Interpreter | undefined => running;

/** Forgets an interpreter that crashed. Its module state is gone; the next call boots another. */
export function discard(crashed: Interpreter): void {
  if (running === crashed) running = undefined;
}

/** Asks the service for the call that is running. `json` holds the arguments; the answer is `{"ok": …}` or `{"error": {code, message}}`. */
async function send(op: string, json: string): Promise<string> {
  const host = currentHost();
  if (host === undefined) throw new Error('no call is running');
  return host.send(op, json);
}

async function start(): Promise<Interpreter> {
  const python = await boot();
  const runner = python.pyimport('_portico.runner');
  runner['start']!(handler.source, handler.file, handler.once, send);
  return {
    call: runner['call']!,
    check: python.pyimport('_portico.checking')['check']!,
    partialReport: runner['partial_report']!,
  };
}

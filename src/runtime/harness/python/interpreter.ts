import handler from './handler.json';
import { boot } from './boot';
import type { PyCallable } from './pyodide';

/** The binding by which an isolate asks the service; every other text in `env` is a secret of the endpoint. */
export const HOST_BINDING = 'PORTICO_HOST';

/** Lent by the service. `json` holds the operation's arguments; the answer is `{"ok": …}` or `{"error": {code, message}}`. */
export interface HostApi {
  send: (op: string, json: string) => Promise<string>;
}

export interface Interpreter {
  call: PyCallable;
  check: PyCallable;
  /** What a call has logged that has not answered. */
  lastWords: PyCallable;
}

let running: Interpreter | undefined;
let booting: Promise<Interpreter> | undefined;

/**
 * The isolate's one interpreter, booted by the first call; a boot that failed is tried again by the next one. Others wait for a boot
 * that one call began, so `keepAlive` lets it go on when that call's caller leaves.
 */
export function interpreter(
  env: object,
  keepAlive: (work: Promise<unknown>) => void,
): Interpreter | Promise<Interpreter> {
  if (running !== undefined) return running;
  booting ??= start(env)
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

async function start(env: object): Promise<Interpreter> {
  const entries: [string, unknown][] = Object.entries(env);
  const secrets = Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const host = (env as Record<string, unknown>)[HOST_BINDING] as HostApi | undefined;
  const send = async (op: string, json: string): Promise<string> => {
    if (host === undefined) throw new Error('this endpoint has nothing to ask the service for');
    return host.send(op, json);
  };
  const python = await boot();
  const runner = python.pyimport('_portico.runner');
  runner['start']!(handler.source, handler.file, handler.once, JSON.stringify(secrets), send);
  return {
    call: runner['call']!,
    check: python.pyimport('_portico.checking')['check']!,
    lastWords: runner['last_words']!,
  };
}

import { createLiveLog } from '../live-log.js';
import type { Pyodide } from './pyodide';

/** Maximum of recorded bytes per stream. */
const LOG_BYTES = 1024 * 1024;

/** Records one output stream of a process: `bytes` has at most LOG_BYTES of it, and marks a cut. */
class Recorder {
  #parts: Uint8Array[] = [];
  #size = 0;
  readonly #live: (bytes: Uint8Array) => void;

  /** `live` receives every part when it is written. */
  constructor(live: (bytes: Uint8Array) => void) {
    this.#live = live;
  }

  write(buffer: Uint8Array): number {
    // The buffer is a view of the interpreter's memory, which changes.
    const part = buffer.slice(0, Math.max(0, LOG_BYTES - this.#size));
    this.#size += buffer.length;
    if (part.length > 0) this.#parts.push(part);
    this.#live(part);
    return buffer.length;
  }

  bytes(): Uint8Array {
    const cut = this.#size > LOG_BYTES ? [new TextEncoder().encode(`\n# cut: more than ${LOG_BYTES} bytes\n`)] : [];
    return concatenated([...this.#parts, ...cut]);
  }
}

function concatenated(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Takes over the file descriptors 1 and 2, to record writes that bypass Python's own streams as well. `send` receives the output while the
 * process runs, whenever it waits.
 */
export function recordStreams(
  python: Pyodide,
  send: (name: string, bytes: Uint8Array) => Promise<void>,
): { stdout: Recorder; stderr: Recorder } {
  const live = createLiveLog(send);
  const stdout = new Recorder((bytes) => void live('stdout', bytes));
  const stderr = new Recorder((bytes) => void live('stderr', bytes));
  python.setStdout({ write: (buffer) => stdout.write(buffer) });
  python.setStderr({ write: (buffer) => stderr.write(buffer) });
  return { stdout, stderr };
}

/**
 * Ends the interpreter as CPython ends a process: atexit functions, finalizers, open files, streams. Returns the exit code, which is 120
 * when a stream could not be flushed.
 */
export function finalize(python: Pyodide, exitCode: number): number {
  return python._module._Py_FinalizeEx() < 0 ? 120 : exitCode;
}

/** Returns the status of a process that ended itself, as with `os._exit`; undefined for any other error. */
export function exitStatus(error: unknown): number | undefined {
  const status = error instanceof Error ? /terminated with exit\((-?\d+)\)/.exec(error.message)?.[1] : undefined;
  return status === undefined ? undefined : Number(status) & 0xff;
}

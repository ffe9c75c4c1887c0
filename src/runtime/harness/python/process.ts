import { createLiveLog } from '../live-log.js';
import type { Pyodide } from './pyodide';

/** Maximum of recorded bytes per stream. */
const LOG_BYTES = 1024 * 1024;

/** Records one output stream of a process: `bytes` has at most LOG_BYTES of it, and marks a cut. */
class Recorder {
  /** One buffer that grows: a program may write a million times, and each part of its own would take 100 bytes more. */
  #kept = new Uint8Array(4096);
  #size = 0;
  readonly #live: (bytes: Uint8Array) => void;

  /** `live` receives every part when it is written. */
  constructor(live: (bytes: Uint8Array) => void) {
    this.#live = live;
  }

  write(buffer: Uint8Array): number {
    // The buffer is a view of the interpreter's memory, which changes.
    const part = buffer.slice(0, Math.max(0, LOG_BYTES - this.#size));
    if (part.length > 0) this.#append(part);
    this.#size += buffer.length;
    this.#live(part);
    return buffer.length;
  }

  #append(part: Uint8Array): void {
    const needed = this.#size + part.length;
    if (needed > this.#kept.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#kept.length));
      grown.set(this.#kept);
      this.#kept = grown;
    }
    this.#kept.set(part, this.#size);
  }

  bytes(): Uint8Array {
    if (this.#size <= LOG_BYTES) return this.#kept.subarray(0, this.#size);
    const cut = new TextEncoder().encode(`\n# cut: more than ${LOG_BYTES} bytes\n`);
    const all = new Uint8Array(LOG_BYTES + cut.length);
    all.set(this.#kept.subarray(0, LOG_BYTES));
    all.set(cut, LOG_BYTES);
    return all;
  }
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

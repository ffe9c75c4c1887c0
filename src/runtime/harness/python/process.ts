import { markEnded } from './overlay';
import type { Pyodide } from './pyodide';

/** Bytes that are kept of one stream. */
const LOG_BYTES = 1024 * 1024;

/** What a process writes to one stream, up to LOG_BYTES. */
function recorder(): { write: (buffer: Uint8Array) => number; bytes: () => Uint8Array<ArrayBuffer> } {
  const parts: Uint8Array[] = [];
  let size = 0;
  return {
    write(buffer) {
      // The buffer is a view of the interpreter's memory, which changes.
      if (size < LOG_BYTES) parts.push(buffer.slice(0, LOG_BYTES - size));
      size += buffer.length;
      return buffer.length;
    },
    bytes() {
      const text = new Uint8Array(Math.min(size, LOG_BYTES));
      let at = 0;
      for (const part of parts) {
        text.set(part, at);
        at += part.length;
      }
      if (size <= LOG_BYTES) return text;
      const mark = new TextEncoder().encode(`\n# cut: more than ${LOG_BYTES} bytes\n`);
      const cut = new Uint8Array(text.length + mark.length);
      cut.set(text);
      cut.set(mark, text.length);
      return cut;
    },
  };
}

/** Takes over the file descriptors 1 and 2, so that what is written without Python's own streams is there, too. */
export function recordStreams(python: Pyodide): {
  stdout: () => Uint8Array<ArrayBuffer>;
  stderr: () => Uint8Array<ArrayBuffer>;
} {
  const [stdout, stderr] = [recorder(), recorder()];
  python.setStdout({ write: stdout.write });
  python.setStderr({ write: stderr.write });
  return { stdout: stdout.bytes, stderr: stderr.bytes };
}

/**
 * Ends the interpreter as CPython ends a process: atexit functions, finalizers, open files, streams. Answers the exit code, which is
 * 120 when a stream could not be flushed.
 */
export function finalize(python: Pyodide, exitCode: number): number {
  markEnded();
  return python._module._Py_FinalizeEx() < 0 ? 120 : exitCode;
}

/** The status of a process that ended itself, as `os._exit` does; undefined for any other error. */
export function exitStatus(error: unknown): number | undefined {
  const status = error instanceof Error ? /terminated with exit\((-?\d+)\)/.exec(error.message)?.[1] : undefined;
  return status === undefined ? undefined : Number(status) & 0xff;
}

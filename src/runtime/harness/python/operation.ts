import { messageOf, packOutcome } from '../outcome.js';
import { boot } from './boot';
import { readOutput } from './files';
import { markEnded } from './overlay';
import { exitStatus, finalize, recordStreams } from './process';
import type { FileSystem, Pyodide } from './pyodide';

/** A file in the folder before the script starts. */
export interface OperationFile {
  path: string;
  types: string[];
  bytes: ArrayBuffer;
}
interface Job {
  script: string;
  folder: string;
  outputs: { name: string; path: string; type: string }[];
}

/** Callback of the service: receives the output of the script while it runs. */
export type Send = (name: string, bytes: Uint8Array) => Promise<void>;

/** Milliseconds between flushes of Python's block-buffered output while the script waits, for users who watch it. */
const FLUSH_MS = 1000;

/**
 * Runs a script of a graph as a process: copies the files into Python's file system, runs the script as `__main__`, ends CPython itself, and
 * then copies the outputs and the log out. `job` is JSON text. An interpreter that crashes is the script's failure.
 */
export async function runOperation(job: string, files: OperationFile[], send: Send): Promise<ArrayBuffer> {
  const { folder, outputs } = JSON.parse(job) as Job;
  const python = await boot();
  // Captured now: Pyodide's own object throws for everything once its process has ended.
  const fs = python.FS;
  const streams = recordStreams(python, send);
  fs.mkdirTree(folder);
  for (const { path, bytes } of files) fs.writeFile(path, new Uint8Array(bytes));
  const end = await runToItsEnd(python, job, files);
  return packOutcome(end, [
    { kind: 'log', name: 'stdout', bytes: streams.stdout.bytes() },
    { kind: 'log', name: 'stderr', bytes: streams.stderr.bytes() },
    ...outputs.flatMap(({ name, path }) => takeOutput(fs, name, path)),
  ]);
}

async function runToItsEnd(
  python: Pyodide,
  job: string,
  files: OperationFile[],
): Promise<{ exitCode: number; error?: string }> {
  const operation = python.pyimport('_portico.operation');
  const flushing = setInterval(() => operation['flush']!(), FLUSH_MS);
  try {
    const types = JSON.stringify(files.map(({ path, types }) => [path, types]));
    const exitCode = (await operation['run']!.callPromising(job, types)) as number;
    // The first step of finalization. Here the functions may wait, as `asyncio.run(client.aclose())` does.
    await python.pyimport('atexit')['_run_exitfuncs']!.callPromising();
    clearInterval(flushing);
    return { exitCode: finalize(python, exitCode) };
  } catch (error) {
    const status = exitStatus(error);
    if (status !== undefined) return { exitCode: status };
    return { exitCode: 1, error: `The interpreter stopped: ${messageOf(error).slice(0, 1000)}` };
  } finally {
    clearInterval(flushing);
    markEnded();
  }
}

/** Returns an output as a blob; an empty list when the script deleted it. */
function takeOutput(fs: FileSystem, name: string, path: string): { kind: 'output'; name: string; bytes: Uint8Array }[] {
  const bytes = readOutput(fs, path);
  return bytes === undefined ? [] : [{ kind: 'output', name, bytes }];
}

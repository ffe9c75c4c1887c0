import { messageOf, packOutcome } from '../outcome.js';
import { boot } from './boot';
import { readOutput } from './files';
import { markEnded } from './overlay';
import { exitStatus, finalize, recordStreams } from './process';
import type { FileSystem, Pyodide } from './pyodide';

/** A file that lies in the folder before the script starts. */
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

/** Lent by the service: takes what the script prints while it runs. */
export type Send = (name: string, bytes: Uint8Array) => Promise<void>;

/** Python keeps what is printed in blocks; this often they are let go while the script waits, for people who look meanwhile. */
const FLUSH_MS = 1000;

/**
 * Runs a script of a graph as a process: files into Python's file system, the script as `__main__`, the end of CPython itself, and then
 * outputs and what was printed out of it. `job` is JSON text. An interpreter that dies of the script is the script's failure.
 */
export async function runOperation(job: string, files: OperationFile[], send: Send): Promise<ArrayBuffer> {
  const { folder, outputs } = JSON.parse(job) as Job;
  const python = await boot();
  // Taken now: Pyodide's own object refuses everything once its process has ended.
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
    // The first thing that finalization does. Here the functions may wait, as `asyncio.run(client.aclose())` does.
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

/** An output as a blob; none when the script took it away. */
function takeOutput(fs: FileSystem, name: string, path: string): { kind: 'output'; name: string; bytes: Uint8Array }[] {
  const bytes = readOutput(fs, path);
  return bytes === undefined ? [] : [{ kind: 'output', name, bytes }];
}

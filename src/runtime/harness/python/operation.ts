import { messageOf, packOutcome } from '../outcome.js';
import { interpreter } from './interpreter';

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
/** What operation.py answers: exit code, and the outputs that are there, with the path of their bytes. */
interface Said {
  exitCode: number;
  outputs: { name: string; path: string }[];
  stdout: string;
  stderr: string;
}

/**
 * Runs a script of a graph: files into Python's file system, the script as `__main__`, outputs and what it printed out of it. `job` is
 * JSON text. An interpreter that dies of the script is the script's failure.
 */
export async function runOperation(
  env: object,
  keepAlive: (work: Promise<unknown>) => void,
  job: string,
  files: OperationFile[],
): Promise<ArrayBuffer> {
  const { folder } = JSON.parse(job) as Job;
  const python = await interpreter(env, keepAlive);
  try {
    python.files.mkdirTree(folder);
    for (const { path, bytes } of files) python.files.writeFile(path, new Uint8Array(bytes));
    const types = JSON.stringify(files.map(({ path, types }) => [path, types]));
    const said = JSON.parse((await python.operate.callPromising(job, types)) as string) as Said;
    const text = (value: string) => new TextEncoder().encode(value);
    return packOutcome({ exitCode: said.exitCode }, [
      { kind: 'log', name: 'stdout', bytes: text(said.stdout) },
      { kind: 'log', name: 'stderr', bytes: text(said.stderr) },
      ...said.outputs.map(({ name, path }) => ({ kind: 'output' as const, name, bytes: python.files.readFile(path) })),
    ]);
  } catch (error) {
    return packOutcome({ exitCode: 1, error: `The interpreter stopped: ${messageOf(error).slice(0, 1000)}` }, []);
  }
}

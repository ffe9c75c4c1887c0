import { WorkerEntrypoint } from 'cloudflare:workers';
import { Bash } from 'just-bash';
import { CUSTOM_COMMANDS } from './shell-commands.js';
import { watchOutput } from './shell-live.js';
import { createLiveLog } from './live-log.js';
import { messageOf, packOutcome, unzipFolder, zipFolder } from './outcome.js';

/**
 * Runs a bash operation inside an isolate: a file system in memory, no network, no other process. scripts/build-shell.ts bundles this file
 * with its imports into one module.
 */

const MIB = 1024 * 1024;
/** An isolate has 128 MB; these leave room for the interpreter and for a second copy of the outputs. */
const LIMITS = {
  maxFileSystemBytes: 48 * MIB,
  maxLiveBytes: 64 * MIB,
  maxOutputSize: 8 * MIB,
  maxStringLength: 16 * MIB,
  maxSourceBytes: MIB,
  // The clock of a computing Worker does not advance, so an endless loop is stopped by a count, after some seconds.
  maxCommandCount: 1_000_000,
  maxLoopIterations: 1_000_000,
  maxAwkIterations: 1_000_000,
  maxSedIterations: 1_000_000,
  maxJqIterations: 1_000_000,
};

export default class Shell extends WorkerEntrypoint {
  /**
   * Runs a script in `folder`.
   * @param {string} job JSON: { script, folder, timeoutMs, outputs: [{ name, path, type }] }
   * @param {{ path: string, types: string[], bytes: ArrayBuffer }[]} files contents of the folder before it starts
   * @param {(name: string, bytes: Uint8Array) => Promise<void>} send receives its output while it runs
   * @returns {Promise<ArrayBuffer>} the outcome: exit code, stdout, stderr and the outputs that exist
   */
  async run(job, files, send) {
    const { script, folder, timeoutMs, outputs } = JSON.parse(job);
    const bash = newShell(folder, timeoutMs);
    const write = createLiveLog(send);
    bash.registerTransformPlugin(
      watchOutput((stdout, stderr, kind) =>
        Promise.all([write('stdout', bytesOf(stdout, kind)), write('stderr', bytesOf(stderr))]),
      ),
    );
    try {
      await prepareFolder(bash.fs, folder, files, outputs);
    } catch (error) {
      return packOutcome({ exitCode: 1, error: `The operation cannot start: ${messageOf(error)}` }, []);
    }
    const result = await execute(bash, script, timeoutMs);
    const blobs = [
      { kind: 'log', name: 'stdout', bytes: bytesOf(result.stdout, result.stdoutKind ?? result.stdoutEncoding) },
      { kind: 'log', name: 'stderr', bytes: bytesOf(result.stderr) },
    ];
    const { exitCode, error } = result;
    for (const output of outputs) {
      try {
        const bytes = await takeOutput(bash.fs, output);
        if (bytes) blobs.push({ kind: 'output', name: output.name, bytes });
      } catch (thrown) {
        const unread = `Output \`${output.name}\` cannot be read: ${messageOf(thrown)}`;
        return packOutcome({ exitCode: exitCode || 1, error: error ?? unread }, blobs);
      }
    }
    return packOutcome({ exitCode, error }, blobs);
  }
}

// The interpreter's own guard replaces globals of its host; here the isolate is the guard and has nothing to protect.
const newShell = (folder, timeoutMs) =>
  new Bash({
    cwd: folder,
    env: { HOME: folder, TMPDIR: folder },
    // One second after the signal, to distinguish a time-out from a script's own exit code 124.
    executionLimits: { ...LIMITS, maxExecutionTimeMs: timeoutMs + 1000 },
    customCommands: CUSTOM_COMMANDS,
    defenseInDepth: false,
  });

async function execute(bash, script, timeoutMs) {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const result = await bash.exec(script, { rawScript: true, signal });
    return signal.aborted ? { ...result, exitCode: result.exitCode || 124, error: 'timeout' } : result;
  } catch (error) {
    return { exitCode: 1, stdout: '', stderr: '', error: signal.aborted ? 'timeout' : messageOf(error) };
  }
}

async function prepareFolder(fs, folder, files, outputs) {
  await fs.mkdir(folder, { recursive: true });
  for (const file of files) await putInput(fs, file);
  // Outputs exist and are empty before the script starts, so a script without output need not touch them.
  for (const { path, type } of outputs) {
    if (type === 'directory') await fs.mkdir(path, { recursive: true });
    else await fs.writeFile(path, new Uint8Array());
  }
}

async function putInput(fs, { path, types, bytes }) {
  const content = new Uint8Array(bytes);
  // An input may accept both folders and files: content that starts like a zip file is then a folder.
  if (types.includes('directory') && (types.length === 1 || isZip(content))) {
    await fs.mkdir(path, { recursive: true });
    for (const [name, part] of unzipFolder(content)) await fs.writeFile(`${path}/${name}`, part);
    return;
  }
  await fs.writeFile(path, content);
  if (types.includes('executable')) await fs.chmod(path, 0o755);
}

const isZip = ([first, second]) => first === 0x50 && second === 0x4b;

// A script may replace a file by a folder, or a folder by a file.
async function takeOutput(fs, { path }) {
  if (!(await fs.exists(path))) return undefined;
  if (!(await fs.stat(path)).isDirectory) return fs.readFileBuffer(path);
  const files = [];
  for (const name of fs.getAllPaths().filter((one) => one.startsWith(`${path}/`))) {
    const stat = await fs.stat(name);
    if (stat.isFile) files.push([name.slice(path.length + 1), await fs.readFileBuffer(name)]);
  }
  return zipFolder(files);
}

// The interpreter returns text, or bytes as one character each.
function bytesOf(text, kind) {
  if (kind !== 'bytes' && kind !== 'binary') return new TextEncoder().encode(text);
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

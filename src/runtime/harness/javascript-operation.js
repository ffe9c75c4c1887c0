import { WorkerEntrypoint } from 'cloudflare:workers';
import operation from './operation.js';
import { messageOf, packOutcome } from './outcome.js';

/**
 * Runs a JavaScript operation inside an isolate. The operation is the module `operation.js`, whose default export is a function of
 * { input, output, param, log, readText, readBytes, writeText, writeBytes, list }: paths and values by name, and the files at them.
 */
export default class JavaScriptOperation extends WorkerEntrypoint {
  /**
   * @param {string} job JSON: { input, output, param, log, outputs: [{ name, path }] }
   * @param {{ path: string, bytes: ArrayBuffer }[]} inputs what lies in the folder before it starts
   * @returns {Promise<ArrayBuffer>} the outcome: 1 when the function threw, stdout, stderr and the outputs
   */
  async run(job, inputs) {
    const { outputs, ...names } = JSON.parse(job);
    const files = new Map(inputs.map(({ path, bytes }) => [path, new Uint8Array(bytes)]));
    for (const { path } of outputs) files.set(path, new Uint8Array());
    const logs = captureConsole();
    let exitCode = 0;
    try {
      if (typeof operation !== 'function') throw new TypeError('The default export of the operation is not a function');
      await operation({ ...names, ...fileAccess(files) });
    } catch (error) {
      exitCode = 1;
      logs.stderr.push(error instanceof Error && error.stack ? error.stack : messageOf(error));
    }
    const text = (lines) => new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
    return packOutcome({ exitCode }, [
      { kind: 'log', name: 'stdout', bytes: text(logs.stdout) },
      { kind: 'log', name: 'stderr', bytes: text(logs.stderr) },
      ...outputs.flatMap(({ name, path }) =>
        files.has(path) ? [{ kind: 'output', name, bytes: files.get(path) }] : [],
      ),
    ]);
  }
}

function fileAccess(files) {
  const readBytes = (path) => {
    const bytes = files.get(path);
    if (!bytes) throw new Error(`There is no file ${path}`);
    return bytes.slice();
  };
  return {
    readBytes,
    readText: (path) => new TextDecoder().decode(readBytes(path)),
    writeBytes: (path, bytes) => void files.set(String(path), new Uint8Array(bytes)),
    writeText: (path, text) => void files.set(String(path), new TextEncoder().encode(text)),
    list: () => [...files.keys()],
  };
}

/** Characters of one log. */
const LOG_LENGTH = 1024 * 1024;

// One isolate runs one operation, so its console is this operation's.
function captureConsole() {
  const logs = { stdout: [], stderr: [] };
  const out = appendTo(logs.stdout);
  const err = appendTo(logs.stderr);
  Object.assign(console, { log: out, info: out, debug: out, warn: err, error: err });
  return logs;
}

function appendTo(lines) {
  let room = LOG_LENGTH;
  return (...values) => {
    if (room < 0) return;
    const line = values.map(shown).join(' ');
    room -= line.length;
    lines.push(room < 0 ? `# cut: more than ${LOG_LENGTH} characters` : line);
  };
}

function shown(value) {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return messageOf(value);
  }
}

import './fence.js';
import { WorkerEntrypoint } from 'cloudflare:workers';
import { captureConsole, newLabels } from './javascript/console';
import { describeThrown, inspect } from './javascript/inspect';
import { captureUncaught, nextTurn } from './javascript/uncaught';
import { createLiveLog } from './live-log.js';
import { packOutcome } from './outcome.js';

/**
 * Runs a JavaScript operation inside an isolate. The operation is the module `operation.js`, whose default export is a function of
 * { input, output, param, log, readText, readBytes, writeText, writeBytes, list }: paths and values by name, and the files at them.
 */
export default class JavaScriptOperation extends WorkerEntrypoint {
  /**
   * @param {string} job JSON: { input, output, param, log, outputs: [{ name, path }] }
   * @param {{ path: string, bytes: ArrayBuffer }[]} inputs contents of the folder before it starts
   * @param {(name: string, bytes: Uint8Array) => Promise<void>} send receives its logs while it runs
   * @returns {Promise<ArrayBuffer>} the outcome: 1 when the function threw, stdout, stderr and the outputs
   */
  async run(job, inputs, send) {
    const { outputs, ...names } = JSON.parse(job);
    const files = new Map(inputs.map(({ path, bytes }) => [path, new Uint8Array(bytes)]));
    for (const { path } of outputs) files.set(path, new Uint8Array());
    const logs = captureLogs(createLiveLog(send));
    let exitCode = 0;
    try {
      const { default: operation } = await import('./operation.js');
      if (typeof operation !== 'function') throw new TypeError('The default export of the operation is not a function');
      await operation({ ...names, ...fileAccess(files) });
    } catch (error) {
      exitCode = 1;
      logs.stderr.push(error instanceof Error ? inspect(error, LOG_LENGTH) : describeThrown(error, LOG_LENGTH));
    }
    // Failures that nothing awaits are reported one turn later.
    await nextTurn();
    const text = (lines) => utf8(lines.map((line) => `${line}\n`).join(''));
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
    if (!bytes) throw new Error(`File ${path} not found`);
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
function captureLogs(write) {
  const logs = { stdout: [], stderr: [] };
  // Logging cannot wait: a part is sent when the operation waits for something.
  const out = appendTo(logs.stdout, (line) => void write('stdout', utf8(`${line}\n`)));
  const err = appendTo(logs.stderr, (line) => void write('stderr', utf8(`${line}\n`)));
  const labels = newLabels();
  captureConsole(
    (level, text) => (level === 'warn' || level === 'error' ? err(text) : out(text)),
    () => labels,
  );
  captureUncaught((what, error) => err((room) => `${what}: ${inspect(error, room)}`));
  return logs;
}

function appendTo(lines, write) {
  let room = LOG_LENGTH;
  return (text) => {
    if (room < 0) return;
    const line = text(room + 1);
    room -= line.length + 1;
    lines.push(room < 0 ? `# cut: more than ${LOG_LENGTH} characters` : line);
    write(lines.at(-1));
  };
}

const utf8 = (text) => new TextEncoder().encode(text);

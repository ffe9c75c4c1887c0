import { type OperationOutcome, readOutcome } from './operation-outcome';
import { pythonWorker, readFromAssets } from './python';
import { TIMED_OUT, withTimeout } from './with-timeout';

/** A file that lies in the folder of an operation before it starts. `types` tells folders (zip) and executables apart. */
export interface OperationFile {
  path: string;
  types: string[];
  bytes: ArrayBuffer;
}

/** An output that is read after it ended. */
export interface OperationOutput {
  name: string;
  path: string;
  type: string;
}

/** A bash operation: its template and what it may use, and the folder that it runs in. */
export interface ShellJob {
  template: { source: string; context: Record<string, Record<string, unknown>> };
  folder: string;
  outputs: OperationOutput[];
}

/** A JavaScript operation: its module, and paths and values by name. */
export interface JavaScriptJob {
  code: string;
  names: Record<'input' | 'output' | 'param' | 'log', Record<string, unknown>>;
  outputs: OperationOutput[];
}

/** A Python operation: its whole script, and the folder that it runs in. */
export interface PythonJob {
  script: string;
  folder: string;
  outputs: OperationOutput[];
}

/** Texts of the harness modules, as scripts/build-shell.ts makes them. */
export interface OperationModules {
  shell: string;
  javascript: string;
}

export interface Operations {
  /** Runs a bash operation. Never throws for what the operation does; `error` is `timeout` after `timeoutMs` of wall time. */
  shell: (job: ShellJob, files: OperationFile[], timeoutMs: number) => Promise<OperationOutcome>;
  /** Runs a JavaScript operation, on the same terms. */
  javascript: (job: JavaScriptJob, files: OperationFile[], timeoutMs: number) => Promise<OperationOutcome>;
  /** Runs a Python operation in CPython, on the same terms. Booting it, about a second, counts towards the time limit. */
  python: (job: PythonJob, files: OperationFile[], timeoutMs: number) => Promise<OperationOutcome>;
  /** Renders a template without running it; throws what is wrong with it. */
  render: (template: ShellJob['template']) => Promise<string>;
}

interface Door extends Rpc.WorkerEntrypointBranded {
  run: (job: string, files: OperationFile[]) => Promise<ArrayBuffer>;
  render: (template: string) => Promise<string>;
}

type IsolateCode = Pick<WorkerLoaderWorkerCode, 'compatibilityDate' | 'compatibilityFlags' | 'mainModule' | 'modules'>;
const PLATFORM = { compatibilityDate: '2026-10-20', compatibilityFlags: ['nodejs_compat'] };

/** CPU that one operation may burn; Cloudflare's own maximum. */
const CPU_MS = 300_000;
const RENDER_MS = 5_000;
/** The shell ends by itself at its time limit and tells how far it came; this much later nobody waits any more. */
const GRACE_MS = 2_000;

/** Runs operations of graphs, each in an isolate of its own that has no network, no binding and no secret, and is gone afterwards. */
export function createOperations(
  env: { LOADER: WorkerLoader; ASSETS: Fetcher },
  modules: OperationModules,
): Operations {
  const { LOADER, ASSETS } = env;
  const load = (code: IsolateCode, cpuMs = CPU_MS): Fetcher<Door> => {
    const worker = LOADER.load({ ...code, limits: { cpuMs, subRequests: 0 }, env: {}, globalOutbound: null });
    return worker.getEntrypoint<Door>();
  };
  const open = (main: string, more: Record<string, string> = {}, cpuMs = CPU_MS): Fetcher<Door> => {
    const modules = { 'main.js': main, ...more };
    return load({ ...PLATFORM, mainModule: 'main.js', modules }, cpuMs);
  };

  return {
    shell: (job, files, timeoutMs) =>
      outcomeOf(() => open(modules.shell).run(JSON.stringify({ ...job, timeoutMs }), files), timeoutMs + GRACE_MS),
    javascript: ({ code, names, outputs }, files, timeoutMs) =>
      outcomeOf(
        () => open(modules.javascript, { 'operation.js': code }).run(JSON.stringify({ ...names, outputs }), files),
        timeoutMs,
      ),
    python: (job, files, timeoutMs) =>
      outcomeOf(async () => {
        const worker = await pythonWorker('', readFromAssets(ASSETS), { file: 'exec.py' });
        return load(worker).run(JSON.stringify(job), files);
      }, timeoutMs),
    render: async (template) => {
      const answer = await withTimeout(open(modules.shell, {}, RENDER_MS).render(JSON.stringify(template)), RENDER_MS);
      if (answer === TIMED_OUT) throw new Error('The template took too long');
      return readRendered(answer);
    },
  };
}

function readRendered(answer: unknown): string {
  const rendered: unknown = typeof answer === 'string' ? JSON.parse(answer) : null;
  if (typeof rendered !== 'object' || rendered === null) throw new TypeError('The isolate answered no text');
  if ('text' in rendered && typeof rendered.text === 'string') return rendered.text;
  throw new Error(
    'error' in rendered && typeof rendered.error === 'string' ? rendered.error.slice(0, 4096) : 'no text',
  );
}

async function outcomeOf(start: () => Promise<unknown>, timeoutMs: number): Promise<OperationOutcome> {
  try {
    const answer = await withTimeout(start(), timeoutMs);
    return answer === TIMED_OUT ? ended(124, 'timeout') : readOutcome(answer);
  } catch (error) {
    // A module that does not load, a limit of the platform, an isolate that went away.
    return ended(1, error instanceof Error ? error.message.slice(0, 4096) : 'the isolate could not answer');
  }
}

const ended = (exitCode: number, error: string): OperationOutcome => ({
  exitCode,
  script: undefined,
  error,
  outputs: new Map(),
  logs: new Map(),
});

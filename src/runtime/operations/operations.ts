import { placedMessage } from '../../core/code/source-issue.rules';
import { checkModule } from '../languages/javascript';
import { libraryModules } from '../languages/library-modules';
import type { JavaScriptJob, OperationFile, PythonJob, ShellJob } from './jobs';
import { type OperationOutcome, readOutcome } from './operation-outcome';
import { BOOT_REQUESTS, pythonWorker } from '../languages/python';
import { readAsset, type PythonStore } from '../languages/python-assets';
import { readBuiltSets, requireSet, type ListSets } from '../languages/python-packages';
import { createTemplates, type Templates } from './templates';
import { TIMED_OUT, withTimeout } from '../with-timeout';

/** Texts of the harness modules, as scripts/build-shell.ts makes them. */
export interface OperationModules {
  shell: string;
  javascript: string;
}

/** Receives log output while an operation runs. The outcome has the whole log, so a lost part does no harm. */
export type LogSink = (name: string, bytes: Uint8Array) => void;

/**
 * Runs one operation. Never throws for an error of the operation; `error` is `timeout` after `timeoutMs` of wall time. `sink` gets the logs
 * as they grow, about every second, as long as the operation yields its thread.
 */
type RunOperation<Job> = (
  job: Job,
  files: OperationFile[],
  timeoutMs: number,
  sink?: LogSink,
) => Promise<OperationOutcome>;

export interface Operations extends Templates {
  shell: RunOperation<ShellJob>;
  javascript: RunOperation<JavaScriptJob>;
  /** In CPython. Booting it, about a second, counts towards the time limit. */
  python: RunOperation<PythonJob>;
}

/** The callback that the isolate receives; it may call it with anything. */
type Send = (name: unknown, bytes: unknown) => void;

interface OperationStub extends Rpc.WorkerEntrypointBranded {
  run: (job: string, files: OperationFile[], send: Send) => Promise<ArrayBuffer>;
}

type IsolateCode = Pick<
  WorkerLoaderWorkerCode,
  'compatibilityDate' | 'compatibilityFlags' | 'mainModule' | 'modules' | 'env'
>;
const PLATFORM = { compatibilityDate: '2026-10-20', compatibilityFlags: ['nodejs_compat'] };

/** Milliseconds of CPU of one operation; Cloudflare's own maximum. */
const CPU_MS = 300_000;
/** The same for one template, with the start of CPython. */
const TEMPLATE_CPU_MS = 10_000;
/** The shell ends at its own time limit and reports its progress; this much later the service stops waiting. */
const GRACE_MS = 2_000;

/** Runs operations of graphs, each in an isolate of its own, without network or secrets, that ends with the operation. */
export function createOperations(
  env: PythonStore & { LOADER: WorkerLoader },
  modules: OperationModules,
  packageSets: ListSets = () => readBuiltSets(env),
): Operations {
  const { LOADER } = env;
  const load = (code: IsolateCode, cpuMs = CPU_MS, subRequests = 0): Fetcher<OperationStub> => {
    const worker = LOADER.load({ env: {}, ...code, limits: { cpuMs, subRequests }, globalOutbound: null });
    return worker.getEntrypoint<OperationStub>();
  };
  const open = (main: string, more: IsolateCode['modules'] = {}): Fetcher<OperationStub> => {
    const modules = { 'main.js': main, ...more };
    return load({ ...PLATFORM, mainModule: 'main.js', modules });
  };
  const pythonWithin =
    (cpuMs: number): Operations['python'] =>
    (job, files, timeoutMs, sink) =>
      outcomeOf(
        async (send) => {
          const set = await requireSet(job.script, packageSets);
          const code = await pythonWorker('', env, { file: 'exec.py', set });
          return load(code, cpuMs, BOOT_REQUESTS).run(JSON.stringify(job), files, send);
        },
        timeoutMs,
        sink,
      );

  return {
    ...createTemplates(pythonWithin(TEMPLATE_CPU_MS), readAsset(env)),
    python: pythonWithin(CPU_MS),
    shell: (job, files, timeoutMs, sink) =>
      outcomeOf(
        (send) => open(modules.shell).run(JSON.stringify({ ...job, timeoutMs }), files, send),
        timeoutMs + GRACE_MS,
        sink,
      ),
    javascript: async ({ code, names, outputs }, files, timeoutMs, sink) => {
      const { libraries, issues } = checkModule(code);
      if (issues.length > 0) return ended(1, issues.map(placedMessage).join('\n'));
      return outcomeOf(
        (send) => {
          const isolate = open(modules.javascript, { ...libraryModules(libraries), 'operation.js': code });
          return isolate.run(JSON.stringify({ ...names, outputs }), files, send);
        },
        timeoutMs,
        sink,
      );
    },
  };
}

async function outcomeOf(
  start: (send: Send) => Promise<unknown>,
  timeoutMs: number,
  sink: LogSink = () => undefined,
): Promise<OperationOutcome> {
  const send: Send = (name, bytes) => {
    if (typeof name === 'string' && bytes instanceof Uint8Array) sink(name, bytes);
  };
  try {
    const answer = await withTimeout(start(send), timeoutMs);
    return answer === TIMED_OUT ? ended(124, 'timeout') : readOutcome(answer);
  } catch (error) {
    // A module that does not load, a limit of the platform, a lost isolate.
    return ended(1, error instanceof Error ? error.message.slice(0, 4096) : 'the isolate did not respond');
  }
}

const ended = (exitCode: number, error: string): OperationOutcome => ({
  exitCode,
  error,
  outputs: new Map(),
  logs: new Map(),
});

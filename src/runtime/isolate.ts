import harness from '../../dist/harness/javascript.txt';
import workflowHarness from '../../dist/harness/workflow.txt';
import { mayReadProcess } from '../core/code/reads-process.rules';
import type { Envelope } from './harness/envelope-text';
import type { Meta } from './harness/meta-text';
import { libraryModules } from './languages/library-modules';
import { BOOT_CPU_MS, BOOT_REQUESTS, pythonWorker, type PythonWorker } from './languages/python';
import type { PythonStore } from './languages/python-assets';
import { setOf } from './languages/python-packages';
import type { Bundle, CallHost, InputFile } from './types';

/** Methods of the harness, called through the loader's stubs. A handler can forge the results, so callers treat them as unknown. */
export interface IsolateStub {
  call: (
    meta: Meta,
    body: ArrayBuffer | undefined,
    files: InputFile[] | undefined,
    host: CallHost | undefined,
  ) => Promise<Envelope | Response>;
  drain: (callId: string, lateWorkMs: number) => Promise<string>;
  peek: (run: string) => Promise<string>;
}

/** Cloudflare's maximum, for the Worker that starts an isolate as well (`limits.cpu_ms` in wrangler.toml). */
const MAX_CPU_MS = 300_000;

/**
 * Builds the loader's input for a bundle: the harness of its runtime, the user's module and its imports. No network and no bindings
 * but Python's own files: each call brings its own access, so that one isolate can serve many. Reads Python's 13 MB from the assets, so
 * call it in the loader's callback. `once`: the isolate serves one call.
 */
export function workerCode(
  bundle: Bundle,
  store: PythonStore,
  once: boolean = false,
): WorkerLoaderWorkerCode | Promise<WorkerLoaderWorkerCode> {
  const { cpuMs, subRequests } = bundle.policy;
  const globalOutbound = null;
  if (bundle.artifact.runtime === 'javascript')
    return { ...javaScriptWorker(bundle.artifact), limits: { cpuMs, subRequests }, env: {}, globalOutbound };
  const limits = { cpuMs: Math.min(MAX_CPU_MS, cpuMs + BOOT_CPU_MS), subRequests: subRequests + BOOT_REQUESTS };
  return pythonHandler(bundle.artifact, store, once).then((worker) => ({ ...worker, limits, globalOutbound }));
}

async function pythonHandler(
  { code, file = 'handler.py', modules, packages }: Bundle['artifact'],
  store: PythonStore,
  once: boolean,
): Promise<PythonWorker> {
  const set = packages === undefined ? null : await setOf(packages, store);
  return pythonWorker(code, store, { file, modules, once, set });
}

const NODE = ['nodejs_compat'];

function javaScriptWorker({
  code,
  libraries,
  workflow,
}: Bundle['artifact']): Omit<WorkerLoaderWorkerCode, 'limits' | 'env' | 'globalOutbound'> {
  const modules: WorkerLoaderWorkerCode['modules'] = {
    ...libraryModules(libraries),
    'main.js': harness,
    'handler.js': code,
    ...(workflow === undefined ? {} : { 'workflow.js': workflowHarness }),
  };
  // `disable_nodejs_process_v2`: the harness reads `process` to take `getBuiltinModule` from it, and a small one starts sooner.
  const compatibilityFlags = mayReadProcess({ code, libraries }) ? NODE : [...NODE, 'disable_nodejs_process_v2'];
  return { compatibilityDate: '2026-10-20', compatibilityFlags, mainModule: 'main.js', modules };
}

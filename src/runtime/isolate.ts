import harness from '../../dist/harness/javascript.txt';
import workflowHarness from '../../dist/harness/workflow.txt';
import { libraryModules } from './languages/library-modules';
import { pythonWorker, readFromAssets } from './languages/python';
import type { Bundle, CallHost, InputFile } from './types';

/** The methods that the harness answers, to the loader's stubs. What comes is the handler's to forge: callers take it as unknown. */
export interface IsolateStub {
  call: (
    meta: string,
    body: ArrayBuffer | undefined,
    files: InputFile[] | undefined,
    host: CallHost,
  ) => Promise<string | Response>;
  drain: (callId: string, lateWorkMs: number) => Promise<string>;
}

/**
 * What the loader needs to start a bundle: the harness of its runtime, the user's module and what it imports. No bindings and no network:
 * what code may reach comes with each call, so that one isolate can serve many. Python's 31 MB are read from the assets, so this is for the
 * loader's callback. `once`: it serves one call.
 */
export function workerCode(
  bundle: Bundle,
  assets: Fetcher,
  once: boolean = false,
): WorkerLoaderWorkerCode | Promise<WorkerLoaderWorkerCode> {
  const { cpuMs, subRequests } = bundle.policy;
  const policy = { limits: { cpuMs, subRequests }, env: {}, globalOutbound: null };
  if (bundle.artifact.runtime === 'javascript') return { ...javaScriptWorker(bundle.artifact), ...policy };
  const { code, file = 'handler.py' } = bundle.artifact;
  return pythonWorker(code, readFromAssets(assets), { file, once }).then((worker) => ({ ...worker, ...policy }));
}

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
  return { compatibilityDate: '2026-10-20', compatibilityFlags: ['nodejs_compat'], mainModule: 'main.js', modules };
}

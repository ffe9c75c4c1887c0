import { env } from 'cloudflare:workers';
import { pythonWorker, type PythonOptions } from '../../../../src/runtime/languages/python';
import { readAsset as readAssetOf } from '../../../../src/runtime/languages/python-assets';

/** The RPC methods of an isolate that runs a handler. */
export interface Isolate {
  call: (meta: string, body?: ArrayBuffer, files?: object[], host?: object) => Promise<string | Response>;
  drain: (callId: string) => Promise<string>;
}
interface Head {
  kind: string;
  status?: number;
  headers?: [string, string][];
  reason?: string;
  named_text?: true;
  cold?: true;
  error?: { name: string; message: string; stack: string };
  errors?: { code: string; pointer: string; message: string }[];
  logs?: [number, string, string][];
  logsCut?: true;
}
export interface Opened {
  head: Head;
  body: string;
}
interface Bindings {
  LOADER: WorkerLoader;
  ASSETS: Fetcher;
  FILES: R2Bucket;
  INSTANCE: DurableObjectNamespace;
}
export const bindings = env as unknown as Bindings;
export const readAsset = readAssetOf(bindings);

/** Loads an isolate for a script, without network; it is freed without a reference to it. */
export async function loadPython(source: string, options?: PythonOptions): Promise<WorkerStub> {
  return bindings.LOADER.load({
    ...(await pythonWorker(source, bindings, options)),
    limits: { cpuMs: 60_000, subRequests: 100 },
    globalOutbound: null,
  });
}

export async function startPython(source: string, options?: PythonOptions): Promise<Isolate> {
  return (await loadPython(source, options)).getEntrypoint() as unknown as Isolate;
}

export const people = {
  caller: { kind: 'key', id: 'key_1', name: 'Partner', roles: ['partner'] },
  executor: { id: 'usr_1', name: 'Ada', roles: ['operator'] },
};

/** The meta of a call of a function fed by name; `more` has what only some calls bring. */
export const named = (params: object = {}, more: object = {}): string =>
  JSON.stringify({ run: 'run_1', form: 'named', params, ...people, ...more });

/** The meta of a call with a request; `url` is what follows the endpoint. */
export function withRequest(
  method = 'GET',
  url = '/',
  headers: Record<string, string> = {},
  params: object = {},
): string {
  const request = { method, url: `https://portico.test${url}`, headers: Object.entries(headers) };
  return JSON.stringify({ run: 'run_1', form: 'request', params, request, ...people });
}

export const utf8 = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;

/** Loads a script as the harness does and feeds its function `f` by name. Its own frames count as the harness's. */
const RUN_SCRIPT = `from _portico.script import Entry, load
def run(source, params):
    return Entry(load(source, "quote.py"), "f").feed(params)
result = run`;

/**
 * One isolate for many small scripts, each a module `quote.py` that defines `f`: a boot for every one of them would cost most of the
 * time of the tests.
 */
export async function startScripts(): Promise<(source: string, params?: object) => Promise<Opened>> {
  const isolate = await startPython(RUN_SCRIPT, { file: '/lib/run_script.py' });
  return async (source, params = {}) => open(await isolate.call(named({ source, params })));
}

/** Splits an envelope. Fails for a Response: such an answer is expected where it is read as one. */
export function open(answer: string | Response): Opened {
  if (typeof answer !== 'string') throw new TypeError(`a Response of status ${answer.status} instead of an envelope`);
  const end = answer.indexOf('\n');
  return { head: JSON.parse(answer.slice(0, end)) as Head, body: answer.slice(end + 1) };
}

/** Reads an answer that came as a Response, and its report. */
export async function receive(
  isolate: Isolate,
  answer: string | Response,
): Promise<{
  status: number;
  type: string | null;
  headers: Headers;
  bytes: Uint8Array;
  text: string;
  report: { logs?: [number, string, string][] };
}> {
  if (typeof answer === 'string') throw new TypeError(`an envelope instead of a Response: ${answer}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const [id = ''] = (answer.headers.get('x-portico-pending') ?? '').split(' ');
  const report = JSON.parse(await isolate.drain(id)) as { logs?: [number, string, string][] };
  const text = new TextDecoder().decode(bytes);
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    headers: answer.headers,
    bytes,
    text,
    report,
  };
}

/** Gives a call up, as a caller that leaves does. */
export function cancel(call: Promise<unknown>): void {
  const dispose = (Symbol as unknown as { dispose: symbol }).dispose;
  (call as unknown as Record<symbol, () => void>)[dispose]!();
}

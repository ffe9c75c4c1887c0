import type { InputFile } from '../../types';
import { provideFetch } from '../fetch';
import type { HostStub } from '../host-stub';
import { PENDING_HEADER } from '../pending-header';
import { currentHost, withHost } from './host';
import { multipart } from './multipart';
import { discard, interpreter, runningInterpreter, type Interpreter } from './interpreter';
import type { PyBytes, PyTuple } from './pyodide';

/** The head of an envelope whose body is bytes. */
interface ResponseHead {
  status: number;
  headers: [string, string][];
  cold?: true;
  logs?: unknown[];
  logsCut?: true;
}

/** Maximum of stored reports. Those never fetched (the caller disconnected) are dropped, oldest first. */
const MAX_REPORTS = 100;

provideFetch(currentHost);

const reports = new Map<string, string>();
let calls = 0;
/**
 * Distinguishes the reports of this isolate from those of the one that takes its place, which may be asked for them. Made by the first call:
 * the platform has no random values before it.
 */
let isolateId: string | undefined;

/** Runs one call. Returns the envelope that Python made, or a Response when the body is bytes. */
export async function call(
  host: HostStub,
  keepAlive: (work: Promise<unknown>) => void,
  meta: string,
  body: ArrayBuffer | undefined,
  files: InputFile[] | undefined,
): Promise<string | Response> {
  let python: Interpreter | undefined;
  try {
    const given = files?.length ? { fields: undefined, files } : undefined;
    const parts = given ?? (await multipart(meta, body));
    python = await interpreter(keepAlive);
    // Passing an object to Python costs more than all the rest of a small call, so absent objects are not passed.
    const bytes = body === undefined ? undefined : new Uint8Array(body);
    const { call } = python;
    const answering = withHost(host, () => call.callPromising(meta, bytes, parts.fields, parts.files));
    const answer = (await answering) as string | PyTuple;
    return typeof answer === 'string' ? answer : finish(answer);
  } catch (error) {
    if (python !== undefined) discard(python);
    return `${JSON.stringify({ kind: 'error', error: crashText(error) })}\n`;
  }
}

function finish(answer: PyTuple): string | Response {
  const head = JSON.parse(answer.get(0) as string) as ResponseHead;
  const body = answer.get(1) as PyBytes;
  const bytes = body.toJs();
  body.destroy();
  answer.destroy();
  return toResponse(head, bytes);
}

function toResponse(head: ResponseHead, bytes: Uint8Array<ArrayBuffer>): string | Response {
  const { logs, logsCut } = head;
  const report = { logs, logsCut };
  try {
    const headers = new Headers(head.headers);
    const id = `${(isolateId ??= crypto.randomUUID())}.${++calls}`;
    headers.set(PENDING_HEADER, head.cold ? `${id} cold` : id);
    const response = new Response(bytes, { status: head.status, headers });
    remember(id, JSON.stringify(report));
    return response;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'the response cannot be sent';
    return `${JSON.stringify({ kind: 'bad', reason, ...report, ...(head.cold ? { cold: true } : {}) })}\n`;
  }
}

function remember(id: string, report: string): void {
  if (reports.size >= MAX_REPORTS) reports.delete(reports.keys().next().value!);
  reports.set(id, report);
}

/**
 * Returns the report of a call that returned a Response. A Python call leaves no work after its response, so the report is ready. A call
 * without a response is named by its run, and its report holds its logs so far.
 */
export async function drain(callId: string): Promise<string> {
  const report = reports.get(callId);
  reports.delete(callId);
  return report ?? ((await runningInterpreter()?.partialReport.callPromising(callId)) as string | undefined) ?? '{}';
}

/** Returns the logs so far of a call without a response, as JSON text. The call goes on as it was. */
export async function peek(run: string): Promise<string> {
  return ((await runningInterpreter()?.peekReport.callPromising(run)) as string | undefined) ?? '{}';
}

/** Checks a source, with the other files of its folder, with CPython. Returns JSON text; see checking.py. */
export async function check(
  keepAlive: (work: Promise<unknown>) => void,
  source: string,
  folder: string,
): Promise<string> {
  const python = await interpreter(keepAlive);
  try {
    return (await python.check.callPromising(source, folder)) as string;
  } catch (error) {
    discard(python);
    // Out of machine stack: no sensible source is nested that deep.
    const message =
      error instanceof RangeError ? 'too deeply nested to compile' : `cannot be checked: ${messageOf(error)}`;
    return JSON.stringify({ ok: false, line: 1, column: 0, message });
  }
}

/** The message of an exception of Python ends with its class and text, after its traceback. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().slice(-1000);

/** Describes why the interpreter itself ended. Python's own exceptions never come this way. */
function crashText(error: unknown): { name: string; message: string; stack: string } {
  const message = messageOf(error);
  const restarted = 'Python was restarted and the state of the module was lost.';
  if (error instanceof RangeError) {
    return { name: 'RecursionError', message: `the interpreter's stack overflowed. ${restarted}`, stack: '' };
  }
  const code = /terminated with exit\((-?\d+)\)/.exec(message)?.[1];
  if (code !== undefined)
    return { name: 'SystemExit', message: `the handler ended the interpreter with ${code}. ${restarted}`, stack: '' };
  return {
    name: 'InterpreterCrash',
    message: `the interpreter stopped: ${message === '' ? 'it gave no reason' : message}. ${restarted}`,
    stack: '',
  };
}

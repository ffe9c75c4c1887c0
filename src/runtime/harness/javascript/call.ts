import type { InputFile } from '../../types';
import { JSON_HEAD, rememberTexts, toAnswer, type Answer } from './answer';
import { provideFetch } from '../fetch';
import type { HostStub } from '../host-stub';
import {
  addLine,
  beginAttempt,
  claimStartup,
  currentHost,
  currentLabels,
  currentRecord,
  endAttempt,
  errorText,
  needsHost,
  newRecord,
  within,
  type CallRecord,
  type ErrorText,
} from './capture';
import { captureConsole } from './console';
import { NEED_HOST } from '../need-host';
import { PENDING_HEADER } from '../pending-header';
import { senderOf } from './host';
import { inspect } from './inspect';
import type { Envelope } from '../envelope-text';
import type { Meta } from '../meta-text';
import { stringify } from './json';
import { readMeta, type CallMeta } from './read-meta';
import { createTables } from './tables';
import { NOTHING, remember, reportOf, trackUnanswered, untrackUnanswered } from './reports';
import { captureUncaught, nextTurn, provideTimeouts } from './uncaught';
import { workflowContext } from './workflow-context';

/** The part of the platform's context that a call uses; `storage` only in a shared instance. */
export interface Place {
  waitUntil: (work: Promise<unknown>) => void;
  storage?: unknown;
}
interface UserModule {
  default?: unknown;
  handler?: unknown;
}
type Callable = (...args: unknown[]) => unknown;

/** True once an unhandled failure arrived after its call had ended. From then on, calls wait a turn before they end, to catch theirs. */
let hadLateFailure = false;

captureConsole(addLine, currentLabels);
provideFetch(currentHost);
captureUncaught((what, error) => {
  if (currentRecord()?.isOver) hadLateFailure = true;
  else addLine('error', (room) => `${what}: ${inspect(error, room)}`);
});
provideTimeouts();
rememberTexts();

let user: UserModule | undefined;
let startupError: ErrorText | undefined;

/** Loads the user's module on the first call, not at start: its errors then belong to the run, with the user's own lines. */
async function load(): Promise<void> {
  try {
    // oxlint-disable-next-line typescript/ban-ts-comment -- the module exists only inside an isolate
    // @ts-ignore
    user = (await import('./handler.js')) as UserModule;
  } catch (error) {
    startupError = errorText(error);
  }
}

/** Runs one call. Returns an envelope, or a Response when the result has a body of its own. */
export async function call(
  place: Place,
  packed: Meta,
  body: ArrayBuffer | undefined,
  files: InputFile[] | undefined,
  host: HostStub | undefined,
): Promise<Envelope | Response> {
  const record = newRecord();
  record.host = host;
  const cold = user === undefined;
  if (cold) {
    await within(record, load);
    claimStartup(record);
  }
  if (startupError) return envelope({ head: { kind: 'error' }, body: '' }, record, { error: startupError, cold });
  if (host === undefined && needsHost()) return NEED_HOST;
  const meta = readMeta(packed);
  if (host === undefined) beginAttempt(record);
  trackUnanswered(meta.run, record);
  try {
    const { answer, error } = await within(record, () => answerOf(place, meta, body, files, record));
    if (record.restart === 'asked') return NEED_HOST;
    endAttempt(record);
    if (cold || hadLateFailure) await nextTurn();
    return finish(answer, record, meta.run, cold, error);
  } finally {
    endAttempt(record);
    untrackUnanswered(meta.run, record);
  }
}

/** Calls the handler, within its record. Returns its result; a thrown Response counts as returned. */
async function answerOf(
  place: Place,
  meta: CallMeta,
  body: ArrayBuffer | undefined,
  files: InputFile[] | undefined,
  record: CallRecord,
): Promise<{ answer: Answer; error?: ErrorText }> {
  const isTupleForm = meta.form === 'request' && typeof user!.handler === 'function';
  try {
    const value = start(user!, place, meta, body, files, record);
    const settled = await (record.restart !== 'never' && isThenable(value) ? untilAsked(record, value) : value);
    return { answer: toAnswer(settled, meta.form === 'named', isTupleForm) };
  } catch (error) {
    if (error instanceof Response) return { answer: toAnswer(error, false, false) };
    return { answer: { head: { kind: 'error' }, body: '' }, error: errorText(error) };
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') && 'then' in value;

/** Settles as `work` does, or as soon as the call asks for a host that it lacks. */
const untilAsked = (record: CallRecord, work: PromiseLike<unknown>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    record.endWait = () => resolve(undefined);
    if (record.restart === 'asked') record.endWait();
    Promise.resolve(work).then(resolve, reject);
  });

function start(
  module: UserModule,
  place: Place,
  meta: CallMeta,
  body: ArrayBuffer | undefined,
  files: InputFile[] | undefined,
  record: CallRecord,
): unknown {
  const params = meta.params;
  const env = meta.env ?? {};
  for (const file of files ?? []) addFile(file.isSent ? (meta.workflow!.sent!.value as object) : params, file);
  const send = senderOf(record);
  const ctx = {
    params,
    env,
    executor: meta.executor,
    caller: meta.caller,
    run: { id: meta.run },
    endpoint: meta.endpoint,
    tables: createTables(send),
    props: {},
    passThroughOnException: (): void => undefined,
    waitUntil: (work: unknown): void => {
      const watched = Promise.resolve(work).catch((error: unknown) => {
        record.lateError ??= errorText(error);
      });
      record.deferred.push(watched);
      place.waitUntil(watched);
    },
    ...(place.storage === undefined ? {} : { storage: place.storage }),
    ...(meta.workflow === undefined ? {} : workflowContext(meta.workflow, record, send)),
  };
  if (meta.form === 'named') return (module.default as Callable)(params, ctx);
  if (typeof module.handler === 'function') return (module.handler as Callable)(toRequest(meta, body), ctx);
  if (typeof module.default === 'function') return (module.default as Callable)(params, ctx);
  const app = module.default as { fetch?: Callable } | undefined;
  if (typeof app?.fetch === 'function') return app.fetch(toRequest(meta, body), env, ctx);
  throw new TypeError(
    'the module exports neither a function `handler`, nor a default function, nor a default object with `fetch`',
  );
}

/** Repeated fields become a list, as repeated text fields do. */
function addFile(values: object, { field, name, type, bytes }: InputFile): void {
  const file = new File([bytes], name, { type });
  const before = Object.hasOwn(values, field) ? (values as Record<string, unknown>)[field] : undefined;
  const value = before === undefined ? file : Array.isArray(before) ? [...before, file] : [before, file];
  // Defined, not assigned: a field called __proto__ must not become the prototype.
  Object.defineProperty(values, field, { value, writable: true, enumerable: true, configurable: true });
}

function toRequest(meta: CallMeta, body: ArrayBuffer | undefined): Request {
  const { method, url, headers: pairs } = meta.request!;
  const bodiless = method === 'GET' || method === 'HEAD' || body === undefined;
  // The platform reads an object faster than a list of pairs, which only repeated headers need.
  const named = Object.fromEntries(pairs);
  const headers = Object.keys(named).length === pairs.length ? named : pairs;
  return new Request(url, { method, headers, ...(bodiless ? {} : { body }) });
}

function finish(answer: Answer, record: CallRecord, id: string, cold: boolean, error?: ErrorText): Envelope | Response {
  if ('head' in answer) {
    if (record.deferred.length === 0) {
      record.isOver = true;
      return envelope(answer, record, { cold, error });
    }
    return envelope(answer, record, { cold, error, pending: remember(id, record) });
  }
  try {
    const { body, status, headers } = answer.response;
    const sent = new Response(body, { status, headers });
    sent.headers.set(PENDING_HEADER, `${remember(id, record)}${cold ? ' cold' : ''}`);
    return sent;
  } catch (thrown) {
    // A class of the handler that extends Response may do anything here.
    return finish({ head: { kind: 'error' }, body: '' }, record, id, cold, errorText(thrown));
  }
}

function envelope(
  answer: Extract<Answer, { head: unknown }>,
  record: CallRecord,
  extra: { cold: boolean; error?: ErrorText | undefined; pending?: string },
): Envelope {
  const head = headOf(answer, record, extra);
  const { body } = answer;
  return body.length > LONG_BODY ? { head, body } : `${head}\n${body}`;
}

/** Characters from which a body is a part of its own. */
const LONG_BODY = 8192;

/** Renders the first line of an envelope. That of most answers is `{"kind":"json"}`, which ../../envelope.ts knows. */
function headOf(
  { head }: Extract<Answer, { head: unknown }>,
  record: CallRecord,
  extra: { cold: boolean; error?: ErrorText | undefined; pending?: string },
): string {
  const report = reportOf(record);
  if (
    head === JSON_HEAD &&
    report === NOTHING &&
    !extra.cold &&
    extra.error === undefined &&
    extra.pending === undefined
  )
    return PLAIN_HEAD;
  return stringify({ ...head, ...report, ...extra, ...(extra.cold ? {} : { cold: undefined }) });
}

const PLAIN_HEAD = stringify(JSON_HEAD);

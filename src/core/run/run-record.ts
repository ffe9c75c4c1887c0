import type { Report } from '../../runtime/types';
import type { RunRow } from '../../storage/runs';
import type { Caller } from '../dispatch/access.rules';
import type { EndpointLog } from '../endpoint/endpoint.schema';
import { isLeftOutOfRuns } from '../http-headers';
import { asHeaderNames, redactBody, redactHeader, redactPath, redactQuery, redactText } from './redact.rules';
import { fitSteps, redactSteps } from './steps.rules';
import { RUN_BODY_BYTES, RUN_ERROR_CHARS, type RunDetail, type RunKind, type RunOutcome } from './run.schema';
import { scrubValues } from './secret-values.rules';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Bytes of headers that a run keeps, each way. */
const RUN_HEADER_BYTES = 8192;

/** All that is known of a call when it is over; bodies as they were, cut by `cutBytes`. */
export interface FinishedCall {
  id: string;
  endpointId: string;
  handlerVersion: number | null;
  kind: RunKind;
  outcome: RunOutcome;
  startedAt: number;
  endedAt: number;
  timing: RunDetail['timing'];
  instance: RunDetail['instance'];
  caller: Pick<Caller, 'kind' | 'id'>;
  executorId: string;
  request: { method: string; path: string; query: string; headers: Headers; body: KeptBody | null };
  response: { status: number; headers: Headers; body: KeptBody | null };
  error: { code: string; name: string; message: string; stack: string; step?: string } | null;
  report: Report;
  log: EndpointLog;
  /** Names of parameters whose values stay out of the record. */
  sensitive: ReadonlySet<string>;
  /** Values of sensitive parameters, which have other names inside a workflow: steps are compared with them, however short. */
  sensitiveValues: readonly unknown[];
  /** Which segments of the path, counted in `path.split('/')`, are such parameters. */
  sensitiveSegments: ReadonlySet<number>;
  /** Values that stay out wherever they turn up: listed secrets, sensitive parameters, the caller's credential. */
  secretValues: readonly string[];
}

/** The start of a body, and how long all of it was. */
export interface KeptBody {
  text: string;
  bytes: number;
  cut: boolean;
}

/** Keeps the first 8 KiB of a body as text; bytes that are not UTF-8 are shown as replacement characters. */
export function keepBytes(bytes: ArrayBuffer | Uint8Array | null): KeptBody | null {
  if (bytes === null) return null;
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  return {
    text: DECODER.decode(view.subarray(0, RUN_BODY_BYTES)),
    bytes: view.length,
    cut: view.length > RUN_BODY_BYTES,
  };
}

export function keepText(text: string): KeptBody {
  if (text.length * 3 <= RUN_BODY_BYTES) return { text, bytes: ENCODER.encode(text).length, cut: false };
  return keepBytes(ENCODER.encode(text))!;
}

/** Characters of JSON that the steps of a run may take: with all the rest they travel in one queue message of 128 KB. */
const STEPS_CHARS = 60_000;
const NO_STEPS = { kept: [], cut: false };

/** The row of a finished call: redacted, cut to size, with nothing but metadata where the endpoint logs only that. Pure. */
export function toRunRow(call: FinishedCall): RunRow {
  const full = call.log !== 'metadata';
  const { request, response, report, sensitive } = call;
  const steps =
    full && report.steps.length > 0
      ? fitSteps(redactSteps(report.steps, sensitive, call.sensitiveValues), STEPS_CHARS)
      : NO_STEPS;
  const whole: RunDetail = {
    timing: call.timing,
    instance: call.instance,
    request: {
      method: request.method,
      path: redactPath(request.path, call.sensitiveSegments).slice(0, 2048),
      query: full ? redactQuery(request.query, sensitive).slice(0, 2048) : '',
      headers: full ? headersOf(request.headers, sensitive) : {},
      body: full ? bodyOf(request.body, request.headers, sensitive) : null,
      bytes: request.body?.bytes ?? 0,
    },
    response: {
      status: response.status,
      headers: full ? headersOf(response.headers, sensitive) : {},
      body: full ? bodyOf(response.body, response.headers, sensitive) : null,
      bytes: response.body?.bytes ?? 0,
    },
    error: call.error && {
      code: call.error.code,
      name: shown(call.error.name, sensitive).slice(0, 200),
      message: full ? shown(call.error.message, sensitive).slice(0, RUN_ERROR_CHARS) : '',
      stack: full ? shown(call.error.stack, sensitive).slice(0, RUN_ERROR_CHARS) : '',
      ...(call.error.step === undefined ? {} : { step: call.error.step }),
    },
    logs: full
      ? report.logs.map(([ms, level, message]) => ({
          at: instant(call, ms),
          level,
          message: shown(message, sensitive),
        }))
      : [],
    steps: steps.kept,
    outbound: report.outbound.map(({ at, ...line }) => ({ ...line, at: instant(call, at) })),
    truncated: report.logsCut || (request.body?.cut ?? false) || (response.body?.cut ?? false) || steps.cut,
  };
  return {
    id: call.id,
    endpointId: call.endpointId,
    handlerVersion: call.handlerVersion,
    kind: call.kind,
    outcome: call.outcome,
    status: response.status,
    startedAt: call.startedAt,
    durationMs: call.endedAt - call.startedAt,
    callerKind: call.caller.kind,
    callerId: call.caller.id,
    executorId: call.executorId,
    detail: scrubValues(whole, call.secretValues),
  };
}

/** The row of a call that has just begun (endpoints that are `audited`). */
export function toStartedRow(
  call: Pick<
    FinishedCall,
    | 'id'
    | 'endpointId'
    | 'handlerVersion'
    | 'startedAt'
    | 'caller'
    | 'executorId'
    | 'request'
    | 'instance'
    | 'sensitive'
    | 'sensitiveValues'
    | 'sensitiveSegments'
    | 'secretValues'
  >,
): RunRow {
  const { logs, steps, ...finished } = toRunRow({
    ...call,
    kind: 'live',
    outcome: 'running',
    endedAt: call.startedAt,
    timing: { authMs: 0, runMs: 0, afterMs: 0 },
    response: { status: 0, headers: new Headers(), body: null },
    error: null,
    report: { logs: [], logsCut: false, steps: [], outbound: [], lateError: null },
    log: 'full',
  }).detail;
  return {
    id: call.id,
    endpointId: call.endpointId,
    handlerVersion: call.handlerVersion,
    kind: 'live',
    outcome: 'running',
    status: null,
    startedAt: call.startedAt,
    durationMs: null,
    callerKind: call.caller.kind,
    callerId: call.caller.id,
    executorId: call.executorId,
    detail: { ...finished, logs, steps, response: null },
  };
}

function headersOf(headers: Headers, sensitive: ReadonlySet<string>): Record<string, string> {
  const named = asHeaderNames(sensitive);
  const kept = Object.create(null) as Record<string, string>;
  let bytes = 0;
  // The platform's iterator makes two objects for each header; this is done twice for every call.
  headers.forEach((value, name) => {
    if (bytes > RUN_HEADER_BYTES || isLeftOutOfRuns(name)) return;
    bytes += name.length + Math.min(value.length, 1024);
    if (bytes <= RUN_HEADER_BYTES) kept[name] = redactHeader(name, value, sensitive, named);
  });
  return kept;
}

const bodyOf = (body: KeptBody | null, headers: Headers, sensitive: ReadonlySet<string>): string | null =>
  body && redactBody(body.text, headers.get('content-type') ?? '', sensitive);

const instant = ({ startedAt }: Pick<FinishedCall, 'startedAt'>, ms: number): string =>
  new Date(startedAt + clampMs(ms)).toISOString();

/** A clock inside the isolate is the handler's to forge; a log line stays within the run's half hour. */
const clampMs = (ms: number): number => (ms >= 0 && ms < 1_800_000 ? Math.floor(ms) : 0);

const shown = (text: string, sensitive: ReadonlySet<string>): string => printable(redactText(text, sensitive));

/** Logs and messages are written by attackers and read in terminals: control characters are shown, not obeyed. */
const printable = (text: string): string =>
  text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

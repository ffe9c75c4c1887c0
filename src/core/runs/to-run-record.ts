import { toIso } from '../../kernel/clock';
import type { OutboundLine, Report } from '../../runtime/types';
import type { RunRecord } from './run-log';
import type { Caller } from '../access/actor';
import { isLeftOutOfRuns } from '../../kernel/http-headers';
import type { HeaderReader } from '../../kernel/read-headers';
import { REDACTED } from './mask.rules';
import { redactBody, type KeptBody } from './redact-body';
import {
  isHiddenName,
  NOTHING_HIDDEN,
  redactLowerCase,
  redactPath,
  redactQuery,
  redactText,
  type Hidden,
} from './redact.rules';
import { fitSteps, redactSteps } from './steps.rules';
import {
  RUN_BODY_BYTES,
  RUN_ERROR_CHARS,
  type EndpointLog,
  type RunDetail,
  type RunKind,
  type RunOutcome,
} from './run.schema';
import { NO_REPORT } from '../code/no-report';

/** Bytes of headers that a run keeps, each way; characters of one value, of a path, of a query. */
const RUN_HEADER_BYTES = 8192;
const RUN_HEADER_CHARS = 1024;
const RUN_URL_CHARS = 2048;

/** All facts about a finished call. Not redacted yet, and texts that may contain a secret are not cut. */
export interface FinishedCall {
  id: string;
  endpointId: string;
  endpointPath: string;
  handlerVersion: number | null;
  handlerPath: string | null;
  kind: RunKind;
  outcome: RunOutcome;
  startedAt: number;
  /** Age of the endpoint's definition that was used because D1 was unavailable; otherwise 0. */
  staleMs: number;
  via: 'mcp' | null;
  isCached: boolean;
  endedAt: number;
  timing: RunDetail['timing'];
  instance: RunDetail['instance'];
  caller: Pick<Caller, 'kind' | 'id' | 'keyValue' | 'attempt'>;
  executorId: string;
  request: { method: string; path: string; query: string; headers: HeaderReader; body: KeptBody | null };
  /** `areShared`: many responses have this object of headers. */
  response: { status: number; headers: HeaderReader; areShared?: boolean; body: KeptBody | null };
  error: { code: string; name: string; message: string; stack: string; step?: string } | null;
  report: Report;
  outbound: readonly OutboundLine[];
  log: EndpointLog;
  /** Values to redact anywhere in the record: sensitive parameters, listed secrets, the caller's credential. */
  hidden: Hidden;
  /** Values of sensitive parameters. In steps they may have other names, so steps are compared with them, even short ones. */
  sensitiveValues: readonly unknown[];
  /** Indexes in `path.split('/')` of segments that are such parameters. */
  sensitiveSegments: ReadonlySet<number>;
}

/** Characters of JSON for the steps of a run, of the bytes that a record has (RECORD_BYTES). */
const STEPS_CHARS = 60_000;
const NO_STEPS = { kept: [], cut: false };

/** Builds the record of a finished call: redacted, then cut to size; metadata only if the endpoint logs only that. Pure. */
export function toRunRecord(call: FinishedCall): RunRecord {
  const full = call.log !== 'metadata';
  const { request, response, report, hidden } = call;
  const steps =
    full && report.steps.length > 0
      ? fitSteps(redactSteps(report.steps, hidden, call.sensitiveValues), STEPS_CHARS)
      : NO_STEPS;
  const asked = full ? messageOf(request, hidden, headersOf(request.headers, hidden)) : NO_MESSAGE;
  const answered = full ? messageOf(response, hidden, answeredHeaders(response, hidden)) : NO_MESSAGE;
  const path = redactPath(request.path, call.sensitiveSegments, hidden);
  const detail: RunDetail = {
    timing: call.timing,
    instance: call.instance,
    ...(call.staleMs > 0 ? { staleMs: call.staleMs } : {}),
    ...(call.via === null ? {} : { via: call.via }),
    ...(call.isCached ? { cached: true as const } : {}),
    ...(call.caller.keyValue === undefined ? {} : { keyValue: call.caller.keyValue }),
    ...(call.caller.attempt === undefined ? {} : { attempt: call.caller.attempt }),
    request: {
      method: request.method,
      path: path.slice(0, RUN_URL_CHARS),
      query: full ? redactQuery(request.query, hidden).slice(0, RUN_URL_CHARS) : '',
      headers: asked.headers,
      body: asked.body,
      bytes: request.body?.bytes ?? 0,
    },
    response: {
      status: response.status,
      headers: answered.headers,
      body: answered.body,
      bytes: response.body?.bytes ?? 0,
    },
    error: call.error && errorOf(call.error, full, hidden),
    logs: full
      ? report.logs.map(([ms, level, message]) => ({
          at: instant(call, ms),
          level,
          // Lines are cut inside the isolate, which does not report which one.
          message: printable(redactText(message, hidden, report.logsCut)),
        }))
      : [],
    steps: steps.kept,
    outbound: call.outbound.map(({ at, method, host, status, refused }) => ({
      at: instant(call, at),
      method: redactText(method, hidden),
      host: redactLowerCase(host, hidden),
      status,
      refused: refused === null ? null : redactText(refused, hidden),
    })),
    truncated: report.logsCut || asked.isCut || answered.isCut || steps.cut,
  };
  return {
    id: call.id,
    endpointId: call.endpointId,
    endpointPath: call.endpointPath,
    handlerVersion: call.handlerVersion,
    handlerPath: call.handlerPath,
    kind: call.kind,
    outcome: call.outcome,
    status: response.status,
    startedAt: call.startedAt,
    durationMs: call.endedAt - call.startedAt,
    callerKind: call.caller.kind,
    callerId: call.caller.id,
    executorId: call.executorId,
    errorCode: detail.error?.code ?? null,
    failedStep: detail.error?.step ?? null,
    calls: 1,
    detail,
  };
}

/** Builds the record of a call that has just begun (`audited` endpoints only). */
export function toStartedRecord(
  call: Pick<
    FinishedCall,
    | 'id'
    | 'kind'
    | 'endpointId'
    | 'endpointPath'
    | 'handlerVersion'
    | 'handlerPath'
    | 'startedAt'
    | 'staleMs'
    | 'via'
    | 'isCached'
    | 'caller'
    | 'executorId'
    | 'request'
    | 'instance'
    | 'hidden'
    | 'sensitiveValues'
    | 'sensitiveSegments'
    | 'log'
  >,
): RunRecord {
  const record = toRunRecord({
    ...call,
    outcome: 'running',
    endedAt: call.startedAt,
    timing: { authMs: 0, runMs: 0, afterMs: 0 },
    response: { status: 0, headers: new Headers(), body: null },
    error: null,
    report: NO_REPORT,
    outbound: [],
  });
  return { ...record, status: null, durationMs: null, detail: { ...record.detail, response: null } };
}

interface Message {
  headers: Record<string, string>;
  body: string | null;
  isCut: boolean;
}
const NO_MESSAGE: Message = { headers: {}, body: null, isCut: false };

function messageOf(
  { headers, body }: { headers: HeaderReader; body: KeptBody | null },
  hidden: Hidden,
  shown: Message['headers'],
): Message {
  const kept = body && redactBody(body, headers.get('content-type') ?? '', hidden, RUN_BODY_BYTES);
  return { headers: shown, body: kept && kept.text, isCut: kept !== null && kept.isCut };
}

const sharedHeaders = new WeakMap<HeaderReader, Message['headers']>();

/** Returns the headers of a response for its record: of shared ones, the same object for every call that hides nothing. */
function answeredHeaders({ headers, areShared }: FinishedCall['response'], hidden: Hidden): Message['headers'] {
  if (!areShared || hidden !== NOTHING_HIDDEN) return headersOf(headers, hidden);
  const known = sharedHeaders.get(headers) ?? headersOf(headers, hidden);
  sharedHeaders.set(headers, known);
  return known;
}

function headersOf(headers: HeaderReader, hidden: Hidden): Record<string, string> {
  // Header names are case-insensitive.
  const names = hidden.names.size === 0 ? hidden.names : new Set([...hidden.names].map((name) => name.toLowerCase()));
  const inHeaders: Hidden = names === hidden.names ? hidden : { ...hidden, names };
  const kept = Object.create(null) as Record<string, string>;
  let bytes = 0;
  // Not the platform's iterator, which creates two objects for each header: this runs twice in every call.
  headers.forEach((value, name) => {
    if (bytes > RUN_HEADER_BYTES || isLeftOutOfRuns(name)) return;
    bytes += name.length + Math.min(value.length, RUN_HEADER_CHARS);
    if (bytes > RUN_HEADER_BYTES) return;
    const shown = isHiddenName(name, inHeaders) ? REDACTED : redactText(value, hidden).slice(0, RUN_HEADER_CHARS);
    kept[redactLowerCase(name, hidden)] = shown;
  });
  return kept;
}

function errorOf(
  { code, name, message, stack, step }: NonNullable<FinishedCall['error']>,
  full: boolean,
  hidden: Hidden,
): RunDetail['error'] {
  const shown = (text: string, chars: number): string => printable(redactText(text, hidden)).slice(0, chars);
  return {
    code,
    name: shown(name, 200),
    message: full ? shown(message, RUN_ERROR_CHARS) : '',
    stack: full ? shown(stack, RUN_ERROR_CHARS) : '',
    ...(step === undefined ? {} : { step: redactText(step, hidden) }),
  };
}

const instant = ({ startedAt }: Pick<FinishedCall, 'startedAt'>, ms: number): string => toIso(startedAt + clampMs(ms));

/** A handler can forge the clock of its isolate, so times of log lines are limited to half an hour. */
const clampMs = (ms: number): number => (ms >= 0 && ms < 1_800_000 ? Math.floor(ms) : 0);

/** Attackers may write logs and messages that are read in terminals, so control characters are escaped. */
const printable = (text: string): string =>
  text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

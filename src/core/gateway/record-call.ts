import type { HandlerError, Outcome, Report } from '../../runtime/types';
import type { Context } from '../access/context';
import type { ApiError, ErrorCode } from '../../kernel/errors';
import { networkOf } from '../../kernel/network.rules';
import { keepBytes, keepText, READ_BYTES, type KeptBody } from '../runs/redact-body';
import { toStoredRun } from '../runs/stored-run.rules';
import { toRunRecord, type FinishedCall } from '../runs/to-run-record';
import type { StoredRun } from '../runs/run-log';
import type { SizedDraft } from '../runs/run-recorder';
import type { RunOutcome } from '../runs/run.schema';
import { placeError, placeReport } from '../workflow/document/place-failure.rules';
import type { CallContext, RenderedError } from './call';
import { hiddenParts } from './hidden-parts';
import { heldBy, sizeDraft } from './run-draft';
import { inRun, type MiddlewareRefusal } from './run-middleware';
import type { CutReason } from './stream-body';
import { NO_REPORT } from '../code/no-report';

/** The end of a call, as known when the response has been sent. */
export interface Ending {
  /** null: the handler was not reached. */
  outcome: Outcome | null;
  status: number;
  headers: Headers;
  /** Headers that many responses share, when these are no others but for those that no run keeps. */
  shared?: Headers | null;
  /** For the run: headers of the handler that were not sent. */
  warnings: string[];
  body: { text: string } | { kept: KeptBody } | null;
  /** The error with which Portico answered instead of the handler. */
  error: ApiError | null;
  cut: CutReason | null;
  respondedAt: number;
  /** Resolves when the caller has the response; the rest of a workflow continues only then. */
  delivered?: Promise<void> | undefined;
}

const CUTS: Record<CutReason, { outcome: RunOutcome; code: ErrorCode; message: string }> = {
  too_large: {
    outcome: 'failed',
    code: 'handler_bad_response',
    message: 'the body was larger than limits.responseBytes and was cut',
  },
  timeout: {
    outcome: 'timeout',
    code: 'handler_timeout',
    message: 'the body was not complete within limits.timeoutMs and was cut',
  },
  handler_failed: {
    outcome: 'failed',
    code: 'handler_error',
    message: 'the handler failed while its body was being sent',
  },
  caller_left: {
    outcome: 'interrupted',
    code: 'handler_error',
    message: 'the caller left before the body was complete',
  },
};

/**
 * Records a finished call when its background work has ended too, and only then closes its host. Without a log that work is awaited as
 * well: it asks through this request.
 */
export function recordCall(ctx: Context, call: CallContext, ending: Ending): void {
  const drain = ending.outcome?.drain;
  const known = ending.outcome?.report ?? NO_REPORT;
  if (!drain && !call.outlet?.rest()) return end(ctx, call, ending, known, ending.respondedAt);
  const drained = (ending.delivered ?? Promise.resolve()).then(drain ?? (() => known));
  ctx.defer(
    drained.then(async (report) => {
      await call.outlet?.rest();
      end(ctx, call, ending, report, ctx.now());
    }),
  );
}

/** True for a call whose start is stored before its code runs. */
export const hasBegun = ({ definition, kind }: CallContext): boolean => definition.log === 'audited' && kind !== 'test';

const hasNoLog = ({ definition, kind }: CallContext): boolean => definition.log === 'off' && kind !== 'test';

function end(ctx: Context, call: CallContext, ending: Ending, report: Report, endedAt: number): void {
  call.outlet?.close();
  if (hasNoLog(call)) return;
  ctx.recorder.record(draftOf(call, ending, report, endedAt), ctx.now(), ctx.defer);
}

/**
 * Writes a `rejected` record without the body of the request, which may not have been read. Many refusals of one endpoint, network and code
 * become one record.
 */
export function recordRejection(
  ctx: Context,
  call: CallContext,
  { response: { status, headers }, text }: RenderedError,
  error: ApiError,
  isStarted = false,
): void {
  if (hasNoLog(call)) return;
  const ending: Ending = {
    outcome: null,
    status,
    headers,
    warnings: [],
    body: { text },
    error,
    cut: null,
    respondedAt: ctx.now(),
  };
  call.body = null;
  const draft = (): SizedDraft => draftOf(call, ending, NO_REPORT, ending.respondedAt, 'rejected');
  recordRefusal(ctx, call, draft, error.code, isStarted);
}

/** Records a refused call; of many from one network, their number. A call whose start is stored, or of a test, has a record of its own. */
function recordRefusal(
  ctx: Context,
  call: CallContext,
  draft: () => SizedDraft,
  code: ErrorCode,
  isStarted = false,
): void {
  if (isStarted || call.kind !== 'live') return ctx.recorder.record(draft(), ctx.now(), ctx.defer);
  const group = `${call.definition.id} ${networkOf(ctx.address)} ${code}`;
  ctx.refusals.record(group, draft, ctx.now(), ctx.defer);
}

/** Writes the `rejected` record of a call that a middleware refused, with its steps, when its background work has ended. */
export function recordMiddlewareRefusal(
  ctx: Context,
  call: CallContext,
  response: Response,
  { outcome, error }: MiddlewareRefusal,
  { warnings, body }: Pick<Ending, 'warnings' | 'body'>,
): void {
  const ending: Ending = {
    outcome: null,
    status: response.status,
    headers: response.headers,
    warnings,
    body,
    error: null,
    cut: null,
    respondedAt: ctx.now(),
  };
  const refused: CallContext = { ...call, body: null };
  const make = (): StoredRun => {
    const finished = finish(refused, ending, NO_REPORT, ending.respondedAt, 'rejected');
    return toStoredRun(toRunRecord({ ...finished, error: { code: 'forbidden', ...error } }), hasBegun(call));
  };
  const draft = (): SizedDraft => sizeDraft(make, heldBy(refused, answeredText(ending), NO_REPORT));
  const drained = outcome?.drain?.().catch(() => NO_REPORT) ?? Promise.resolve(null);
  // Steps that ran after the refusal are in the later report, which has all of them.
  const late = drained.then(async (report) => {
    await call.outlet?.rest();
    const index = call.reports.length - 1;
    const artifact = call.definition.middleware[index]?.bundle?.artifact;
    if (report !== null) refused.reports = [...call.reports.slice(0, -1), inRun(report, artifact, index, 0)];
    call.outlet?.close();
    if (!hasNoLog(call)) recordRefusal(ctx, call, draft, 'forbidden', hasBegun(call));
  });
  ctx.defer(late);
}

/**
 * Captures the current state; it becomes a record when the batch is sent, outside the caller's time and under another request: a draft has
 * only values, and never reads a body, a stream or a Response, which the platform binds to the request that made them.
 */
function draftOf(call: CallContext, ending: Ending, report: Report, endedAt: number, outcome?: RunOutcome): SizedDraft {
  const make = (): StoredRun =>
    toStoredRun(toRunRecord(finish(call, ending, report, endedAt, outcome)), hasBegun(call));
  return sizeDraft(make, heldBy(call, answeredText(ending), report));
}

const answeredText = ({ body }: Ending): string => (body !== null && 'text' in body ? body.text : '');

function finish(
  call: CallContext,
  ending: Ending,
  report: Report,
  endedAt: number,
  outcome?: RunOutcome,
): FinishedCall {
  const { respondedAt } = ending;
  const warnings = [...ending.warnings, ...answerWarnings(call, ending)].map((text): Report['logs'][number] => [
    respondedAt - call.startedAt,
    'warn',
    text,
  ]);
  const whole = wholeReport(call, placeReport(report, call.bundle?.artifact), warnings);
  return {
    ...toFinished(call, endedAt),
    outcome: outcome ?? toOutcome(ending, whole),
    timing: {
      authMs: call.admittedAt - call.startedAt,
      runMs: respondedAt - call.admittedAt,
      afterMs: endedAt - respondedAt,
    },
    instance: { mode: call.plan.mode, cold: ending.outcome?.cold ?? false },
    response: {
      status: ending.status,
      headers: ending.shared ?? ending.headers,
      areShared: ending.shared != null,
      body: keptBody(ending.body, call),
    },
    error: toError(ending, whole, call),
    report: whole,
  };
}

const JSON_TYPE = /^application\/json\b/;

/** Returns what is wrong with JSON that the handler returned, by the schema of its endpoint. */
function answerWarnings({ definition, kind }: CallContext, { body, status, headers }: Ending): string[] {
  const { checkAnswer } = definition;
  if (checkAnswer === null || body === null || !('text' in body) || status >= 300) return [];
  if (!JSON_TYPE.test(headers.get('content-type') ?? '')) return [];
  const issue = checkAnswer(body.text, kind === 'test');
  return issue === null ? [] : [issue];
}

/** Merges the reports of middleware, handler, attached and called handlers, in the order of time. */
export function wholeReport({ reports, outlet }: CallContext, report: Report, warnings: Report['logs']): Report {
  const called = outlet?.called ?? [];
  if (reports.length === 0 && called.length === 0 && warnings.length === 0) return report;
  const all = [...reports, report, ...called];
  return {
    ...report,
    lateError: report.lateError ?? all.find(({ lateError }) => lateError !== null)?.lateError ?? null,
    logs: [...all.flatMap(({ logs }) => logs).sort(([a], [b]) => a - b), ...warnings],
    logsCut: all.some(({ logsCut }) => logsCut),
    steps: all.flatMap(({ steps }) => steps),
  };
}

/** Returns the body as the handler gets it, decoded where it was decoded. JSON that was read for parameters is not decoded again. */
function keptRequest({ body, unpacked, content, request }: CallContext): KeptBody | null {
  if (body === null) return null;
  const sent = unpacked ?? body;
  if (content?.kind === 'json' && content.text !== null && sent.byteLength <= READ_BYTES)
    return { text: content.text, bytes: sent.byteLength, isCut: false };
  return keepBytes(sent, request.headers.get('content-type'));
}

function keptBody(body: Ending['body'], { request }: CallContext): KeptBody | null {
  if (body === null || request.method === 'HEAD') return null;
  return 'kept' in body ? body.kept : keepText(body.text);
}

const NO_RESPONSE: FinishedCall['response'] = { status: 0, headers: new Headers(), body: null };

/** Returns what is known of a call before it ends. */
export function toFinished(call: CallContext, endedAt: number): FinishedCall {
  const { definition, request } = call;
  return {
    id: call.runId,
    endpointId: definition.id,
    endpointPath: definition.path,
    handlerVersion: definition.handler?.version ?? null,
    handlerPath: definition.handlerPath,
    kind: call.kind,
    outcome: 'running',
    startedAt: call.startedAt,
    staleMs: call.staleMs,
    via: call.via,
    isCached: call.isCached,
    endedAt,
    timing: { authMs: 0, runMs: 0, afterMs: 0 },
    instance: { mode: call.plan.mode, cold: false },
    caller: call.caller,
    executorId: definition.executor?.id ?? '',
    request: { ...request, body: keptRequest(call) },
    response: NO_RESPONSE,
    error: null,
    report: NO_REPORT,
    outbound: call.outlet?.outbound ?? [],
    ...hiddenParts(call),
  };
}

function toOutcome({ outcome, status, cut, error }: Ending, report: Report): RunOutcome {
  if (cut) return CUTS[cut].outcome;
  if (outcome?.kind === 'timeout') return 'timeout';
  if (outcome?.kind === 'replaced') return 'interrupted';
  if (outcome?.kind === 'invalid' || error?.code === 'body_too_large') return 'rejected';
  if (error) return 'failed';
  if (report.lateError) return 'failed_after_response';
  return status >= 400 ? 'responded_error' : 'success';
}

function toError({ outcome, error, cut }: Ending, report: Report, { bundle }: CallContext): FinishedCall['error'] {
  const own = (code: ErrorCode, failure: HandlerError): FinishedCall['error'] => ({ code, ...failure });
  if (outcome?.kind === 'failed')
    return own(outcome.isAway ? 'unavailable' : 'handler_error', placeError(outcome.error, bundle?.artifact));
  if (error) return own(error.code, { name: 'ApiError', message: error.extra.forRun ?? error.message, stack: '' });
  if (cut) return own(CUTS[cut].code, { name: 'Error', message: CUTS[cut].message, stack: '' });
  return report.lateError && own('handler_error', report.lateError);
}

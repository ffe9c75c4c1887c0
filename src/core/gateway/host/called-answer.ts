import type { HandlerError, LogLine, Outcome, Report } from '../../../runtime/types';
import { exceeds } from '../answer.rules';
import { countBody, type CutReason } from '../stream-body';
import type { Limits } from '../../publishing/endpoints/limits.schema';
import { parseForJavaScript } from '../../../kernel/long-integers';
import { readUtf8 } from '../../../kernel/encoding';

/** The result of a step that called a handler: its response and its log lines. */
export interface CalledHandler {
  status: number;
  body: unknown;
  logs: [LogLine[1], string][];
}

/** Errors are in its log lines, so in the run of the call; the step itself gets no more than a caller would. */
export async function toCalled(outcome: Outcome, limits: Limits): Promise<CalledHandler> {
  const logs = outcome.report.logs.map(([, level, text]): [LogLine[1], string] => [level, text]);
  const failed = (status: number, code: string, why: string): CalledHandler => ({
    status,
    body: { code },
    logs: [...logs, ['error', why]],
  });
  switch (outcome.kind) {
    case 'text':
      if (exceeds(outcome.body, limits.responseBytes)) return failed(...endOf('too_large', limits));
      return {
        status: outcome.status ?? (outcome.format === 'none' ? 204 : 200),
        body: readBody(outcome.format, outcome.body),
        logs,
      };
    case 'response': {
      const whole = await readWhole(outcome.response, limits);
      if (typeof whole === 'string') return failed(...endOf(whole, limits));
      const text = readUtf8(whole);
      if (text === null) return failed(502, 'handler_bad_response', 'answered bytes that are not UTF-8 text');
      const isJson = /[/+]json\b/i.test(outcome.response.headers.get('content-type') ?? '');
      return { status: outcome.response.status, body: readBody(isJson ? 'json' : 'text', text), logs };
    }
    case 'failed': {
      const { name, message, step } = outcome.error;
      return failed(500, 'handler_error', `${name}: ${message}${step === undefined ? '' : ` (step ${step})`}`);
    }
    case 'invalid':
      return failed(
        422,
        'invalid_parameters',
        outcome.issues.map(({ pointer, message }) => `${pointer} ${message}`).join('; '),
      );
    case 'bad':
      return failed(502, 'handler_bad_response', outcome.reason);
    case 'timeout':
      return failed(504, 'handler_timeout', 'did not answer in time');
    case 'replaced':
      return failed(503, 'instance_replaced', 'was replaced during the call');
  }
}

/**
 * Returns what the later report of a called handler adds to its first one, for the run: its log, `offsetMs` after the start, and the failure
 * of its work after the response.
 */
export const toLateReport = (path: string, first: Report, later: Report, offsetMs: number): Report => ({
  logs: later.logs
    .slice(first.logs.length)
    .map(([ms, level, text]): LogLine => [ms + offsetMs, level, `[${path}] ${text}`]),
  logsCut: later.logsCut,
  steps: [],
  chars: later.chars,
  lateError: later.lateError && ofHandler(path, later.lateError),
});

/** Returns the error of a handler that is not the endpoint's own. Its step is not one of the endpoint. */
export const ofHandler = (path: string, { name, message, stack }: HandlerError): HandlerError => ({
  name,
  message: `${path}: ${message}`,
  stack,
});

/** Reads a body within the limits of the endpoint, or returns why it is incomplete. */
async function readWhole({ body }: Response, { responseBytes, timeoutMs }: Limits): Promise<ArrayBuffer | CutReason> {
  if (body === null) return new ArrayBuffer(0);
  const counted = countBody(body, responseBytes, timeoutMs, null);
  try {
    return await new Response(counted.body).arrayBuffer();
  } catch {
    return (await counted.ended).cut ?? 'handler_failed';
  }
}

function endOf(cut: CutReason, { responseBytes }: Limits): [status: number, code: string, why: string] {
  switch (cut) {
    case 'too_large':
      return [502, 'handler_bad_response', `answered more than ${responseBytes} bytes`];
    case 'timeout':
      return [504, 'handler_timeout', 'did not end its answer in time'];
    case 'handler_failed':
    case 'caller_left':
      return [500, 'handler_error', 'failed while it answered'];
  }
}

function readBody(kind: 'json' | 'text' | 'none', text: string): unknown {
  if (kind === 'none') return null;
  if (kind === 'text') return text;
  try {
    return parseForJavaScript(text);
  } catch {
    return text;
  }
}

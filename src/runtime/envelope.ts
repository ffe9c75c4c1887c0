import type { Envelope, SplitEnvelope } from './harness/envelope-text';
import { isObject } from '../kernel/json.rules';
import type { HandlerError, LogLine, Outcome, Report, StepLine } from './types';
import { NO_REPORT } from '../core/code/no-report';
import { utf8Length } from '../kernel/encoding';

/**
 * Reads the output of an isolate. A handler can forge all of it, so each field is checked for its type and cut to size here; a field that
 * fails the check counts as missing.
 */

const LOG_BYTES = 65_536;
const ERROR_CHARS = 4096;
const MAX_HEADERS = 64;
const MAX_STEPS = 1000;
/**
 * The head, and a report of its own, hold logs, steps and an error beside small things: at most this as the harness makes them, every
 * character escaped. Longer JSON could fill the memory of this Worker when it is parsed.
 */
const HEAD_CHARS = 1_200_000;

type Fields = Record<string, unknown>;

/** Checks whether the message of an isolate has the form of an envelope. */
export const isEnvelope = (answer: unknown): answer is Envelope =>
  typeof answer === 'string' ||
  (isObject(answer) && typeof answer.head === 'string' && typeof answer.body === 'string');

/** Parses an envelope into its head, of so many characters, and the body; null when it is not one. */
export function readEnvelope(envelope: Envelope): { head: Fields; body: string; chars: number } | null {
  const parts = typeof envelope === 'string' ? split(envelope) : envelope;
  if (parts === null || parts.head.length > HEAD_CHARS) return null;
  const head = readObject(parts.head);
  // A lone surrogate has no UTF-8 form: the replacement character takes its place, as everywhere on the web.
  return head && { head, body: parts.body.toWellFormed(), chars: parts.head.length };
}

/** Splits an envelope into its first line and the body after it; null for a text without a line end. */
function split(text: string): SplitEnvelope | null {
  const end = text.indexOf('\n');
  return end === -1 ? null : { head: text.slice(0, end), body: text.slice(end + 1) };
}

/** The head of most answers: a value, and nothing to report. */
const PLAIN_HEAD = '{"kind":"json"}\n';

/** Parses the outcome in an envelope, without its `drain`. */
export function toOutcome(envelope: Envelope): Outcome & { pending: string | null } {
  if (typeof envelope === 'string' && envelope.startsWith(PLAIN_HEAD)) {
    const body = envelope.slice(PLAIN_HEAD.length).toWellFormed();
    return { ...base({}, 0), kind: 'text', format: 'json', status: null, headers: [], body };
  }
  const read = readEnvelope(envelope);
  if (read === null) return { ...base({}, 0), kind: 'bad', reason: 'the isolate returned an unknown format' };
  const { head, body } = read;
  const known = base(head, read.chars);
  const { kind } = head;
  if (kind === 'json' || kind === 'text' || kind === 'none') {
    const status = Number.isInteger(head.status) ? (head.status as number) : null;
    const html = head.html === true ? ({ html: true } as const) : {};
    return { ...known, kind: 'text', format: kind, status, headers: readHeaders(head.headers), body, ...html };
  }
  if (kind === 'invalid') return { ...known, kind: 'invalid', issues: readIssues(head.errors) };
  if (kind === 'bad') return { ...known, kind: 'bad', reason: cut(head.reason, 500) };
  return { ...known, kind: 'failed', error: readError(head.error) ?? UNKNOWN };
}

function readIssues(value: unknown): { pointer: string; code: string; message: string }[] {
  const list = Array.isArray(value) ? value.filter(isObject).slice(0, 100) : [];
  return list.map((item) => ({
    pointer: `#/body${cut(item.pointer, 200)}`,
    code: cut(item.code, 64),
    message: cut(item.message, 500),
  }));
}

const UNKNOWN: HandlerError = { name: 'Error', message: 'the handler failed without an error message', stack: '' };

const base = (head: Fields, chars: number): { cold: boolean; report: Report; drain: null; pending: string | null } => ({
  cold: head.cold === true,
  report: 'logs' in head || 'steps' in head ? toReport(head, chars) : NO_REPORT,
  drain: null,
  pending: typeof head.pending === 'string' && head.pending.length <= 200 ? head.pending : null,
});

/** Parses a report, the result of `drain`. */
export function readReport(text: string): Report {
  const fields = text.length > HEAD_CHARS ? null : readObject(text);
  return fields === null ? NO_REPORT : toReport(fields, text.length);
}

/** Reads a report from its fields, of which the JSON has so many characters. */
export function toReport(object: Fields, chars: number): Report {
  const { lines, cutOff } = readLogs(object.logs);
  const steps = Array.isArray(object.steps) ? object.steps.filter(isObject).slice(0, MAX_STEPS).map(readStep) : [];
  return {
    logs: lines,
    logsCut: cutOff || object.logsCut === true,
    steps,
    chars,
    lateError: readError(object.error),
  };
}

export function readError(value: unknown): HandlerError | null {
  if (!isObject(value)) return null;
  const step = cut(value.step, 64);
  return {
    ...(step === '' ? {} : { step }),
    name: cutAgain(value.name, 200) || 'Error',
    message: cutAgain(value.message, ERROR_CHARS),
    stack: ownFrames(cutAgain(value.stack, ERROR_CHARS * 4)),
  };
}

/** Returns the frames of the handler itself. The frames around it are Portico's, of no use to its author. */
export function ownFrames(stack: string): string {
  // CPython's harness already leaves only the script's frames; the end of a long traceback names the error.
  if (stack.includes('Traceback (most recent call last)'))
    return stack.length <= ERROR_CHARS ? stack : `…${stack.slice(1 - ERROR_CHARS)}`;
  const lines = stack.split('\n').filter((line) => !/^\s+at /.test(line) || /\bhandler\.js:\d+/.test(line));
  return cut(lines.join('\n'), ERROR_CHARS);
}

const STEP_OUTCOMES = new Set(['running', 'success', 'failed', 'mocked']);

function readStep(step: Fields): StepLine {
  const { input, output } = step;
  const error = isObject(step.error) ? step.error : null;
  return {
    id: cut(step.id, 64),
    action: cut(step.action, 64),
    outcome: (STEP_OUTCOMES.has(step.outcome as string) ? step.outcome : 'running') as StepLine['outcome'],
    startedMs: readMs(step.startedMs),
    durationMs: readMs(step.durationMs),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(error === null
      ? {}
      : {
          error: {
            name: cutAgain(error.name, 200),
            message: cut(error.message, ERROR_CHARS),
            ...(Number.isInteger(error.status) ? { status: error.status as number } : {}),
          },
        }),
  };
}

const readMs = (value: unknown): number =>
  typeof value === 'number' && value >= 0 && value < 3_600_000 ? Math.round(value) : 0;

const LEVELS = new Set(['debug', 'info', 'warn', 'error']);

function readLogs(value: unknown): { lines: LogLine[]; cutOff: boolean } {
  const lines: LogLine[] = [];
  if (!Array.isArray(value)) return { lines, cutOff: false };
  let left = LOG_BYTES;
  for (const line of value as unknown[]) {
    if (!Array.isArray(line) || typeof line[0] !== 'number' || typeof line[2] !== 'string') continue;
    const level = (LEVELS.has(line[1] as string) ? line[1] : 'info') as LogLine[1];
    const bytes = utf8Length(line[2]);
    if (bytes > left)
      return { lines: [...lines, [readMs(line[0]), level, line[2].slice(0, Math.floor(left / 3))]], cutOff: true };
    left -= bytes + 1;
    lines.push([readMs(line[0]), level, line[2]]);
    if (left <= 0) return { lines, cutOff: true };
  }
  return { lines, cutOff: false };
}

function readHeaders(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return [];
  const pair = (item: unknown): item is [string, string] =>
    Array.isArray(item) && item.length === 2 && typeof item[0] === 'string' && typeof item[1] === 'string';
  return (value as unknown[]).filter(pair).slice(0, MAX_HEADERS);
}

/** At most `chars` characters. A `…` at the end marks a cut: a record searches there for the beginning of a secret. */
const cut = (value: unknown, chars: number): string =>
  typeof value !== 'string' ? '' : value.length <= chars ? value : `${value.slice(0, chars - 1)}…`;

function readObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The same for a text that the isolate cuts at that length without a mark: one of exactly that length counts as cut. */
const cutAgain = (value: unknown, chars: number): string =>
  typeof value === 'string' && value.length === chars ? `${value.slice(0, -1)}…` : cut(value, chars);

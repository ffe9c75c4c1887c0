import { AsyncLocalStorage } from 'node:async_hooks';
import type { HostStub } from '../host-stub';
import { newLabels, type AddLine, type Labels } from './console';
import { describeThrown, inspect } from './inspect';

/** Text of logs that one call may keep, in UTF-16 units; measured again, in bytes, outside. */
const LOG_UNITS = 65_536;

/** Data that one call produces beside its result. */
export interface CallRecord {
  startedAt: number;
  logs: [number, string, string][];
  logUnits: number;
  logsCut: boolean;
  steps: unknown[];
  host: HostStub | undefined;
  /** A call without a host can begin again with one, until it has its response. `asked`: code asked for a host, so it must. */
  restart: 'never' | 'possible' | 'asked';
  /** Ends the wait for what the handler returned; defined while a call that can begin again waits. */
  endWait: (() => void) | undefined;
  deferred: Promise<unknown>[];
  lateError: ErrorText | undefined;
  /** Called when the caller has the response. */
  tellAnswered: (() => void) | undefined;
  /** The report is made: nothing can be added. */
  isOver: boolean;
  labels: Labels | undefined;
}
export interface ErrorText {
  name: string;
  message: string;
  stack: string;
  step?: string;
}

const current = new AsyncLocalStorage<CallRecord>();
/** Output of the module's evaluation; it is added to the call that loaded it. */
let startup: CallRecord | null = newRecord();

export function newRecord(): CallRecord {
  return {
    startedAt: Date.now(),
    logs: [],
    logUnits: 0,
    logsCut: false,
    steps: [],
    host: undefined,
    restart: 'never',
    endWait: undefined,
    deferred: [],
    lateError: undefined,
    tellAnswered: undefined,
    isOver: false,
    labels: undefined,
  };
}

/** Runs `work` so that its console output, however late, belongs to `record`. */
export const within = <T>(record: CallRecord, work: () => T): T => current.run(record, work);

/** Returns the running call; undefined while the module itself is evaluated. */
export const currentRecord = (): CallRecord | undefined => current.getStore();

/** Returns the running call's host, or what it gets instead; undefined without a call. */
export function currentHost(): HostStub | Promise<never> | undefined {
  const record = current.getStore();
  return record && (record.host ?? lackingHost(record));
}

let hasAsked = false;

/** True once code asked for a host that its call did not have: calls without one begin again in another isolate. */
export const needsHost = (): boolean => hasAsked;

/** Calls without a host that have no response yet. */
const attempts = new Set<CallRecord>();

export function beginAttempt(record: CallRecord): void {
  record.restart = 'possible';
  attempts.add(record);
}

/** Ends an attempt. One that asked stays so: what is left of it must go on waiting. */
export function endAttempt(record: CallRecord): void {
  if (record.restart === 'possible') record.restart = 'never';
  attempts.delete(record);
}

/**
 * Begins a call again that asks for its host and has none, and with it all others of this isolate: they may wait for the same. Returns a
 * promise that never resolves, so that a first attempt does nothing more; undefined for a call that has its response and cannot begin again.
 */
export function lackingHost(record: CallRecord): Promise<never> | undefined {
  hasAsked = true;
  for (const attempt of attempts) {
    attempt.restart = 'asked';
    attempt.endWait?.();
  }
  return record.restart === 'asked' ? new Promise(() => undefined) : undefined;
}

/** Moves the output of the module's evaluation to the first call. */
export function claimStartup(record: CallRecord): void {
  if (startup === null) return;
  record.logs.push(...startup.logs);
  record.logUnits += startup.logUnits;
  record.logsCut ||= startup.logsCut;
  startup = null;
}

let isQuiet = false;

/** Runs `work`, which may call methods of the user a second time, without what they write to the log. */
export function quietly<T>(work: () => T): T {
  isQuiet = true;
  try {
    return work();
  } finally {
    isQuiet = false;
  }
}

/** Adds a line to the log of the running call. `text` is called with `room`, its maximum of characters; a longer result is cut. */
export const addLine: AddLine = (level, text) => {
  const record = current.getStore() ?? startup;
  if (record === null || record.logsCut || isQuiet) return;
  const room = LOG_UNITS - record.logUnits;
  let line = text(room + 1);
  if (line.length > room) {
    line = line.slice(0, room);
    record.logsCut = true;
  }
  record.logUnits += line.length + 1;
  record.logs.push([Date.now() - record.startedAt, level, line]);
};

/** Returns the labels and groups of the running call; without a call, nothing is counted, timed or grouped. */
export function currentLabels(): Labels {
  const record = current.getStore();
  return record === undefined ? newLabels() : (record.labels ??= newLabels());
}

/** Returns the text of any thrown value, whose getters and toString may throw. */
export function errorText(thrown: unknown): ErrorText {
  try {
    if (thrown instanceof Error) {
      // Errors of a workflow know their step.
      const { step } = thrown as { step?: unknown };
      return {
        ...(typeof step === 'string' ? { step: step.slice(0, 64) } : {}),
        name: String(thrown.name).slice(0, 200),
        message: String(thrown.message).slice(0, 4096),
        stack: inspect(thrown, 16_384),
      };
    }
    const text = describeThrown(thrown, 4096);
    const message = thrown instanceof Response ? text : `a handler threw ${text}`;
    return { name: 'Error', message: message.slice(0, 4096), stack: '' };
  } catch {
    return { name: 'Error', message: 'a handler threw a value that cannot be shown', stack: '' };
  }
}

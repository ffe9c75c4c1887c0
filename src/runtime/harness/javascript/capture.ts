import { AsyncLocalStorage } from 'node:async_hooks';
import type { HostStub } from '../host-stub';
import { newLabels, type AddLine, type Labels } from './console';
import { describeThrown, inspect } from './inspect';

/** Text of logs that one call may keep, in UTF-16 units; measured again, in bytes, outside. */
const LOG_UNITS = 65_536;

/** What one call leaves beside its answer. */
export interface CallRecord {
  startedAt: number;
  logs: [number, string, string][];
  logUnits: number;
  logsCut: boolean;
  steps: unknown[];
  host: HostStub | undefined;
  deferred: Promise<unknown>[];
  lateError: ErrorText | undefined;
  /** Told when the caller has the answer. */
  tellAnswered: (() => void) | undefined;
  /** Nothing more can be added: the report is made. */
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
/** Output written while the module itself was evaluated; it goes with the call that loaded it. */
let startup: CallRecord | null = newRecord();

export function newRecord(): CallRecord {
  return {
    startedAt: Date.now(),
    logs: [],
    logUnits: 0,
    logsCut: false,
    steps: [],
    host: undefined,
    deferred: [],
    lateError: undefined,
    tellAnswered: undefined,
    isOver: false,
    labels: undefined,
  };
}

/** Runs `work` so that console output, however late, belongs to `record`. */
export const within = <T>(record: CallRecord, work: () => T): T => current.run(record, work);

/** The call that code is running for; undefined while the module itself is evaluated. */
export const currentRecord = (): CallRecord | undefined => current.getStore();

/** Hands the output of module start to the first call. */
export function claimStartup(record: CallRecord): void {
  if (startup === null) return;
  record.logs.push(...startup.logs);
  record.logUnits += startup.logUnits;
  record.logsCut ||= startup.logsCut;
  startup = null;
}

/** Adds a line to the log of the running call. `text` is asked for at most `room` characters; more than that is cut. */
export const addLine: AddLine = (level, text) => {
  const record = current.getStore() ?? startup;
  if (record === null || record.logsCut) return;
  const room = LOG_UNITS - record.logUnits;
  let line = text(room + 1);
  if (line.length > room) {
    line = line.slice(0, room);
    record.logsCut = true;
  }
  record.logUnits += line.length + 1;
  record.logs.push([Date.now() - record.startedAt, level, line]);
};

/** Labels and groups of the running call; without one, nothing is counted, timed or grouped. */
export function currentLabels(): Labels {
  const record = current.getStore();
  return record === undefined ? newLabels() : (record.labels ??= newLabels());
}

/** Text of whatever was thrown. A thrown value can have getters and a toString that throw. */
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

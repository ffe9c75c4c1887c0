import { AsyncLocalStorage } from 'node:async_hooks';
import { stringify } from './json';

/** Text of logs that one call may keep, in UTF-16 units; measured again, in bytes, outside. */
const LOG_UNITS = 65_536;

/** What one call leaves beside its answer. */
export interface CallRecord {
  startedAt: number;
  logs: [number, string, string][];
  logUnits: number;
  logsCut: boolean;
  steps: unknown[];
  outbound: unknown[];
  requests: number;
  maxRequests: number;
  depth: string | undefined;
  deferred: Promise<unknown>[];
  lateError: ErrorText | undefined;
  /** Told when the caller has the answer. */
  tellAnswered: (() => void) | undefined;
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
    outbound: [],
    requests: 0,
    maxRequests: 0,
    depth: undefined,
    deferred: [],
    lateError: undefined,
    tellAnswered: undefined,
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

function write(level: string, values: unknown[]): void {
  const record = current.getStore() ?? startup;
  if (record === null || record.logsCut) return;
  let text = values.map(show).join(' ');
  if (record.logUnits + text.length > LOG_UNITS) {
    text = text.slice(0, LOG_UNITS - record.logUnits);
    record.logsCut = true;
  }
  record.logUnits += text.length + 1;
  record.logs.push([Date.now() - record.startedAt, level, text]);
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return errorText(value).stack;
  try {
    return stringify(value) ?? String(value);
  } catch {
    return '[not printable]';
  }
}

/** Text of whatever was thrown. A thrown value can have getters and a toString that throw. */
export function errorText(thrown: unknown): ErrorText {
  try {
    if (thrown instanceof Error) {
      const name = String(thrown.name);
      const message = String(thrown.message);
      // Errors of a workflow know their step.
      const { step } = thrown as { step?: unknown };
      return {
        ...(typeof step === 'string' ? { step: step.slice(0, 64) } : {}),
        name: name.slice(0, 200),
        message: message.slice(0, 4096),
        stack: String(thrown.stack ?? '').slice(0, 16_384),
      };
    }
    return {
      name: 'Error',
      message: `a handler threw ${show(thrown)}`.slice(0, 4096),
      stack: '',
    };
  } catch {
    return { name: 'Error', message: 'a handler threw a value that cannot be shown', stack: '' };
  }
}

/** Puts a console in place whose output is the run's log. */
export function captureConsole(): void {
  const at =
    (level: string) =>
    (...values: unknown[]) =>
      write(level, values);
  const nothing = (): void => undefined;
  const lines = {
    log: at('info'),
    info: at('info'),
    debug: at('debug'),
    trace: at('debug'),
    warn: at('warn'),
    error: at('error'),
  };
  const rest = {
    group: at('info'),
    groupCollapsed: at('info'),
    groupEnd: nothing,
    table: at('info'),
    dir: at('info'),
    time: nothing,
  };
  const asserting = (ok: unknown, ...values: unknown[]): void => {
    if (!ok) write('error', ['Assertion failed', ...values]);
  };
  const more = {
    timeEnd: nothing,
    timeLog: nothing,
    count: nothing,
    countReset: nothing,
    clear: nothing,
    assert: asserting,
  };
  Object.assign(globalThis, { console: { ...console, ...lines, ...rest, ...more } });
}

import { describeError } from './describe-error';

/** Names of events, as `<subject>.<event>`. Operators search for them: docs/operations.md explains each. */
export const LOG_EVENTS = [
  'alert.check_failed',
  'alert.delivery_failed',
  'answer.cache_failed',
  'answer.failed',
  'definition.stale',
  'graph_node.failed',
  'graph_node.log_not_stored',
  'graph_run.heartbeat_failed',
  'graph_run.stop_failed',
  'host_call.failed',
  'issuer.unreachable',
  'key.cache.read_failed',
  'key.cache.write_failed',
  'limiter.failed',
  'provider.unreachable',
  'quota.failed',
  'request.background_work_failed',
  'request.failed',
  'retention.done',
  'packages.snapshot_failed',
  'retention.task_failed',
  'run_record.delayed',
  'run_record.lost',
  'run_record.set_aside',
  'run_stream.failed',
  'run_tail.missed',
  'schedule.failed',
  'setting.invalid',
  'setting.missing',
  'store.unavailable',
  'template.cleanup_failed',
] as const;
type LogEvent = (typeof LOG_EVENTS)[number];

/** The part of Portico that writes a line. */
export type LogComponent =
  | 'alerts'
  | 'answers'
  | 'gateway'
  | 'http'
  | 'identity'
  | 'keys'
  | 'limiter'
  | 'plynx'
  | 'quotas'
  | 'retention'
  | 'runs'
  | 'schedules'
  | 'settings'
  | 'templates';

type LogLevel = 'info' | 'warn' | 'error';

/** A value of a field. A record of numbers holds counts. */
export type LogValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly string[]
  | Readonly<Record<string, number>>;

/** Words with which a name must not end, in singular or plural: their values are secrets of callers or may contain them. */
type SecretWord =
  | 'token'
  | 'secret'
  | 'password'
  | 'authorization'
  | 'credential'
  | 'header'
  | 'body'
  | 'key'
  | 'cookie';
type SecretName = `${string}${SecretWord}` | `${string}${SecretWord}s`;
/** Set by the logger. */
type OwnName = 'level' | 'component' | 'message' | 'requestId';

type Checked<Fields> = {
  [Name in keyof Fields]: Name extends 'event'
    ? LogEvent
    : Name extends 'error'
      ? unknown
      : Name extends OwnName
        ? never
        : Lowercase<Name & string> extends SecretName
          ? never
          : LogValue;
};

/** Writes one line. Values go into `fields`, so that `message` is constant. A secret-like field name does not compile. */
type Write = <Fields extends { event: LogEvent; error?: unknown }>(
  message: string,
  fields: Fields & Checked<Fields>,
) => void;

export interface Logger extends Readonly<Record<LogLevel, Write>> {
  /** Returns a logger whose lines have the id of this request. Create it only to log: successful calls need none. */
  for: (request: { requestId: string }) => Logger;
}

/**
 * Returns a logger whose lines are JSON: `{ level, event, component, message, requestId?, ...fields, error? }`, written with the console
 * method of their level. `error` is `{ name, message, stack?, cause? }` for anything thrown.
 */
export function createLogger(component: LogComponent, requestId?: string): Logger {
  const writeAs =
    (level: LogLevel): Write =>
    (message, { event, error, ...fields }) => {
      const cause = error === undefined ? undefined : describeError(error);
      console[level](JSON.stringify({ level, event, component, message, requestId, ...fields, error: cause }));
    };
  return {
    info: writeAs('info'),
    warn: writeAs('warn'),
    error: writeAs('error'),
    for: (request) => createLogger(component, request.requestId),
  };
}

import type { RunEntry } from '../../core/runs/run-log';

/** An entry as a list, which is stored as JSON: new fields are appended. */
export type EntryFields = [
  id: RunEntry['id'],
  endpointId: RunEntry['endpointId'],
  endpointPath: RunEntry['endpointPath'],
  handlerVersion: RunEntry['handlerVersion'],
  handlerPath: RunEntry['handlerPath'],
  kind: RunEntry['kind'],
  outcome: RunEntry['outcome'],
  status: RunEntry['status'],
  startedAt: RunEntry['startedAt'],
  durationMs: RunEntry['durationMs'],
  callerKind: RunEntry['callerKind'],
  callerId: RunEntry['callerId'],
  executorId: RunEntry['executorId'],
  errorCode: RunEntry['errorCode'],
  failedStep: RunEntry['failedStep'],
  calls: RunEntry['calls'],
];

export const toEntryFields = (entry: RunEntry): EntryFields => [
  entry.id,
  entry.endpointId,
  entry.endpointPath,
  entry.handlerVersion,
  entry.handlerPath,
  entry.kind,
  entry.outcome,
  entry.status,
  entry.startedAt,
  entry.durationMs,
  entry.callerKind,
  entry.callerId,
  entry.executorId,
  entry.errorCode,
  entry.failedStep,
  entry.calls,
];

export const toEntry = (fields: EntryFields): RunEntry => ({
  id: fields[0],
  endpointId: fields[1],
  endpointPath: fields[2],
  handlerVersion: fields[3],
  handlerPath: fields[4],
  kind: fields[5],
  outcome: fields[6],
  status: fields[7],
  startedAt: fields[8],
  durationMs: fields[9],
  callerKind: fields[10],
  callerId: fields[11],
  executorId: fields[12],
  errorCode: fields[13],
  failedStep: fields[14],
  calls: fields[15],
});

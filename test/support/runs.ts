import type { RunRecord, StoredRun } from '../../src/core/runs/run-log';
import { newRunId } from '../../src/core/runs/run-id';
import { toStoredRun } from '../../src/core/runs/stored-run.rules';
import { newId } from '../../src/kernel/ids';

/** An id of an endpoint that no other test uses. */
export const endpointId = (): string => newId('ep');

export const detail = (changes: Partial<RunRecord['detail']> = {}): RunRecord['detail'] => ({
  timing: { authMs: 0, runMs: 1, afterMs: 0 },
  instance: { mode: 'pooled', cold: false },
  request: { method: 'POST', path: '/u/x', query: '', headers: {}, body: null, bytes: 0 },
  response: { status: 200, headers: {}, body: null, bytes: 0 },
  error: null,
  logs: [],
  steps: [],
  outbound: [],
  truncated: false,
  ...changes,
});

/** The record of a call that succeeded, with changes; its id has its time. */
export const record = (
  endpoint: string,
  { startedAt = Date.now(), ...changes }: Partial<RunRecord> = {},
): RunRecord => ({
  id: newRunId(startedAt),
  endpointId: endpoint,
  endpointPath: 'x',
  handlerVersion: 1,
  handlerPath: 'x.js',
  kind: 'live',
  outcome: 'success',
  status: 200,
  startedAt,
  durationMs: 1,
  callerKind: 'anonymous',
  callerId: null,
  executorId: 'usr_1',
  errorCode: null,
  failedStep: null,
  calls: 1,
  detail: detail(),
  ...changes,
});

export const stored = (...records: RunRecord[]): StoredRun[] => records.map((each) => toStoredRun(each));

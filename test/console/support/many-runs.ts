import type { AdminClient } from '../../../scripts/admin-client.ts';
import { newRunId } from '../../../src/core/runs/run-id';
import type { RunEntry } from '../../../src/core/runs/run-log';
import { packRuns } from '../../../src/storage/run-log/batch';

/** Runs in a batch, and in a request. */
const BATCH = 1000;
const PER_REQUEST = 25_000;
const SHARD = '0';

export interface ManyRuns {
  count: number;
  /** `yyyy-mm-dd`, of at most 29 days ago. The runs are at equal distances in it, from midnight on. */
  day: string;
  endpointId: string;
  endpointPath: string;
  /** The error code of one run in a hundred, and its failed step. */
  error: string;
}

/**
 * Puts runs into the run log as a restore does, batch by batch, packed by its own code: of a hundred runs, 98 succeed, one times out and one
 * fails. Calls would take hours.
 */
export async function seedManyRuns(admin: AdminClient, many: ManyRuns): Promise<void> {
  const backup = await admin.post<{ id: string }>('/admin/backups', {});
  const { id } = await admin.post<{ id: string }>('/admin/restores', { backup, replace: true });
  const part = encodeURIComponent(`runs/${many.day}/${SHARD}`);
  for (let from = 0; from < many.count; from += PER_REQUEST) {
    const batches = Array.from({ length: PER_REQUEST / BATCH }, (_, at) => toBatch(from + at * BATCH, many));
    const page = { batches, starts: [], hours: [], names: [], next: null };
    await admin.put(`/admin/restores/${id}/part?part=${part}`, page);
  }
  await admin.delete(`/admin/backups/${backup.id}`);
}

const DETAIL = JSON.stringify({
  timing: { authMs: 0, runMs: 1, afterMs: 0 },
  instance: { mode: 'pooled', cold: false },
  request: { method: 'POST', path: '/u/many', query: '', headers: {}, body: '{}', bytes: 2 },
  response: { status: 200, headers: {}, body: '{}', bytes: 2 },
  error: null,
  logs: [],
  steps: [],
  outbound: [],
  truncated: false,
});

/** Returns a batch as a page of a backup has it. */
function toBatch(from: number, many: ManyRuns): object {
  const runs = Array.from({ length: BATCH }, (_, at) => ({
    entry: toEntry(from + at, many),
    detail: DETAIL,
    hasBegun: false,
  }));
  const { ids, entries, details, counts, begun: _begun, ...rest } = packRuns(runs)[0]!;
  const text = ({ buffer, byteOffset, byteLength }: Uint8Array | Uint32Array): string =>
    Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  return {
    ...rest,
    seq: from / BATCH,
    counts: JSON.stringify(counts),
    ids: text(ids),
    entries: text(entries),
    details: text(details),
  };
}

function toEntry(number: number, { count, day, endpointId, endpointPath, error }: ManyRuns): RunEntry {
  const startedAt = Math.floor(Date.parse(`${day}T00:00:00Z`) + (number * 86_400_000) / count);
  const [outcome, status, errorCode] = outcomeOf(number, error);
  return {
    id: newRunId(startedAt, SHARD),
    endpointId,
    endpointPath,
    handlerVersion: 1,
    handlerPath: 'many.js',
    kind: 'live',
    outcome,
    status,
    startedAt,
    durationMs: number % 100,
    callerKind: 'anonymous',
    callerId: null,
    executorId: 'usr_00000000000000000001',
    errorCode,
    failedStep: errorCode,
    calls: 1,
  };
}

function outcomeOf(number: number, error: string): [RunEntry['outcome'], number, string | null] {
  if (number % 100 === 57) return ['timeout', 504, 'timeout'];
  return number % 100 === 7 ? ['failed', 500, error] : ['success', 200, null];
}

import type { SeedOrder } from '../service/seed-order';
import type { RunRecord } from '../../src/core/runs/run-log';
import { newRunId } from '../../src/core/runs/run-id';
import { toStoredRun } from '../../src/core/runs/stored-run.rules';
import { createRunLog, type RunLogBindings } from '../../src/platform/run-log';

const MAX_BYTES = 8_000_000_000;

/** Writes runs through the run log's port, as the recorder does: a million calls would take longer. */
export default {
  async fetch(request, env) {
    const { count, batch, endpoints, from, until } = (await request.json()) as SeedOrder;
    const log = createRunLog(env, MAX_BYTES);
    for (let first = 0; first < count; first += batch) {
      const numbers = Array.from({ length: Math.min(batch, count - first) }, (_, index) => first + index);
      const runs = numbers.map((number) =>
        toStoredRun(
          toRecord(number, endpoints[mix(2 * number) % endpoints.length]!, from + ((until - from) * number) / count),
        ),
      );
      await log.append(runs, false);
    }
    return Response.json({ count });
  },
} satisfies ExportedHandler<RunLogBindings>;

/** Builds a run as calls of bench leave it: of a hundred, 89 succeed, five fail, five are refused, and one times out. */
function toRecord(number: number, endpoint: SeedOrder['endpoints'][number], at: number): RunRecord {
  const startedAt = Math.floor(at);
  const [outcome, status] = OUTCOMES[mix(2 * number + 1) % OUTCOMES.length]!;
  const body = JSON.stringify({ name1: 'Ada', name2: `Grace ${number}` });
  return {
    id: newRunId(startedAt),
    endpointId: endpoint.id,
    endpointPath: endpoint.path,
    handlerVersion: 1,
    handlerPath: 'bench/runs.js',
    kind: 'live',
    outcome,
    status,
    startedAt,
    durationMs: 1 + (number % 50),
    callerKind: 'key',
    callerId: 'key_bench',
    executorId: 'usr_bench',
    errorCode: outcome === 'failed' ? 'handler_failed' : null,
    failedStep: null,
    calls: 1,
    detail: {
      timing: { authMs: 0.1, runMs: 1, afterMs: 0.1 },
      instance: { mode: 'pooled', cold: false },
      request: { method: 'POST', path: `/u/${endpoint.path}`, query: '', headers: HEADERS, body, bytes: body.length },
      response: { status, headers: { 'content-type': 'application/json' }, body, bytes: body.length },
      error: null,
      logs: [],
      steps: [],
      outbound: [],
      truncated: false,
    },
  };
}

const OUTCOMES = Array.from({ length: 100 }, (_, number): [RunRecord['outcome'], number] => {
  if (number === 57) return ['timeout', 504];
  if (number % 20 === 7) return ['failed', 500];
  return number % 20 === 13 ? ['rejected', 401] : ['success', 200];
});

/** Returns a number that looks like chance, always the same for the same `number`. */
function mix(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x45d9f3b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const HEADERS = {
  accept: '*/*',
  'content-type': 'application/json',
  'user-agent': 'bench/1.0 (load generator)',
  'x-api-key': '[redacted]',
  'x-forwarded-for': '203.0.113.7',
};

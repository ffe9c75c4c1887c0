import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../load/types.ts';
import { median } from '../report/statistics.ts';
import { openPortico } from '../service/portico.ts';
import { serve, type Served } from '../service/serve.ts';
import { PARAMETERS, post, TABLE_SOURCE } from './people.ts';
import { fact, type Trial } from './scenario.ts';
import { timeOf } from './time-of.ts';

/** The first call of a new workerd: the Worker is compiled, the definition read from D1, the key from KV, the isolate started. */
export const newProcess: Trial = {
  kind: 'trial',
  name: 'new-process',
  title: 'First call of a new process',
  seconds: { quick: null, full: 40 },
  run: async ({ quick }) => {
    const persistTo = mkdtempSync(join(tmpdir(), 'portico-bench-'));
    try {
      const target = await publishFirst(persistTo);
      const calls: number[] = [];
      const cpu: number[] = [];
      for (let round = 0; round < (quick ? 5 : 15); round++) {
        const { callMs, cpuMs } = await startAndCall(persistTo, target);
        calls.push(callMs);
        if (cpuMs !== null) cpu.push(cpuMs);
      }
      return [
        fact('first call, median', `${median(calls).toFixed(0)} ms`),
        fact("workerd's processor time from its start to that response, median", `${median(cpu).toFixed(0)} ms`),
      ];
    } finally {
      rmSync(persistTo, { recursive: true, force: true });
    }
  },
};

/** Publishes an endpoint that the starts find in the database. Returns how to call it: each start has its own origin. */
export async function publishFirst(persistTo: string): Promise<(served: Served) => Target> {
  const served = await serve({ persistTo, floors: [] });
  try {
    const portico = await openPortico(served.portico);
    const { id, key } = await portico.createKey('bench first request');
    await portico.createHandler('bench/first.js', TABLE_SOURCE);
    const input = { path: 'first', keys: [id], parameters: PARAMETERS };
    const { url } = await portico.createEndpoint('bench/first.js', input);
    const { pathname } = new URL(url);
    return (started) => post(started.portico + pathname, key);
  } finally {
    await served.stop();
  }
}

/** Starts a workerd, calls it once, and stops it. `assets` is the directory of its static assets, if not the usual one. */
export async function startAndCall(
  persistTo: string,
  target: (served: Served) => Target,
  assets?: string,
): Promise<{ callMs: number; cpuMs: number | null }> {
  const served = await serve({ persistTo, floors: [], ...(assets === undefined ? {} : { assets }) });
  try {
    return { callMs: await timeOf(target(served)), cpuMs: served.cpuMs() };
  } finally {
    await served.stop();
  }
}

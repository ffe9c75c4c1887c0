import { describe, expect, test } from 'vitest';
import type { Context } from '../../../src/core/access/context';
import { exportRuns } from '../../../src/core/runs/export-runs';
import type { RunLog } from '../../../src/core/runs/run-log';
import { toStoredRun } from '../../../src/core/runs/stored-run.rules';
import { record } from '../../support/runs';

const { entry } = toStoredRun(record('ep_1'));

/** A run log of `count` equal runs, whose positions are their numbers. */
const runLogOf = (count: number): Pick<RunLog, 'list'> => ({
  list: (_filter, before, limit) => {
    const from = before?.at ?? 0;
    const end = Math.min(count, from + limit);
    const entries = Array.from({ length: end - from }, () => entry);
    return Promise.resolve({ entries, next: entries.length < limit ? null : { at: end, id: '' } });
  },
});

const actor: Context['actor'] = { kind: 'user', id: 'usr_1', name: 'ada', roles: ['admin'], sessionId: 'ses_1' };

/** Reads a file to its end. */
async function fileOf(count: number, format: 'csv' | 'ndjson'): Promise<string> {
  // The verb reads nothing else of its context.
  const ctx = { actor, runLog: runLogOf(count) } as unknown as Context;
  const { body } = await exportRuns(ctx, { format });
  return new Response(body).text();
}

describe('an export of the run history', () => {
  test.each(['csv', 'ndjson'] as const)('has 50,000 runs as %s', async (format) => {
    const lines = (await fileOf(50_000, format)).trim().split('\n');
    expect(lines).toHaveLength(format === 'csv' ? 50_001 : 50_000);
  });

  test('breaks off with an error when there are more', async () => {
    await expect(fileOf(50_001, 'ndjson')).rejects.toMatchObject({
      extra: { issues: [expect.objectContaining({ code: 'too_many' })] },
    });
  });
});

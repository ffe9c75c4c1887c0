import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('sleep', () => {
  test('waits for the given milliseconds', async () => {
    const { steps } = await runWorkflow(
      workflow({ id: 's', do: 'sleep', ms: { $: 'params.ms' } }, { id: 'answer', do: 'respond' }),
      { ctx: { params: { ms: 30 } } },
    );
    expect(steps[0]?.durationMs).toBeGreaterThanOrEqual(25);
    expect(steps[1]?.startedMs).toBeGreaterThanOrEqual(25);
  });
  test.each(['-1', '30001', 'NaN', '"5"', 'null'])('does not wait %s', async (ms) => {
    expect((await runWorkflow(workflow({ id: 's', do: 'sleep', ms: { $: ms } }))).error).toMatchObject({
      message: 'ms must be a number from 0 to 30,000',
      step: 's',
    });
  });
});

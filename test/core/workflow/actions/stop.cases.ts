import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('stop', () => {
  test('ends the workflow without an answer of its own', async () => {
    const { answer, steps } = await runWorkflow(
      workflow(
        { id: 'l', do: 'each', items: [1, 2], steps: [{ id: 'end', do: 'stop' }] },
        { id: 'answer', do: 'respond' },
      ),
    );
    expect(answer).toBeNull();
    expect(steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['l success', 'end success']);
  });
  test('ends the remaining steps after a response that continues', async () => {
    const { answer, late, steps } = await runWorkflow(
      workflow(
        { id: 'a', do: 'respond', body: 1, continue: true },
        { id: 'end', do: 'stop' },
        { id: 'never', do: 'log', message: 'x' },
      ),
    );
    expect([answer?.body, late, steps.length]).toEqual([1, [], 2]);
  });
});

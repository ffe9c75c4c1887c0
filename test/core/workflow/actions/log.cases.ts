import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('log', () => {
  test('writes into the log at its level', async () => {
    const { logs, answer } = await runWorkflow(
      workflow(
        { id: 'a', do: 'log', message: { tpl: 'got {{params.n}}' } },
        { id: 'b', do: 'log', level: 'error', message: { n: { $: 'params.n' } } },
      ),
      { ctx: { params: { n: 5 } } },
    );
    expect(logs).toEqual([
      ['info', 'got 5'],
      ['error', { n: 5 }],
    ]);
    expect(answer).toBeNull();
  });
});

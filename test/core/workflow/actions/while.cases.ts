import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('while', () => {
  const count = (when: string, limit: unknown) =>
    workflow(
      { id: 'zero', do: 'set', name: 'n', value: 0 },
      {
        id: 'more',
        do: 'while',
        when: { $: when },
        limit,
        steps: [{ id: 'add', do: 'set', name: 'n', value: { $: 'vars.n + loop.index + 1' } }],
      },
      { id: 'answer', do: 'respond', body: { $: '[vars.n, steps.more.rounds]' } },
    );
  test('runs as long as the condition holds', async () =>
    expect((await runWorkflow(count('vars.n < 6', 10))).answer?.body).toEqual([6, 3]));
  test('may run exactly as often as the limit', async () =>
    expect((await runWorkflow(count('loop.index < 3', 3))).answer?.body).toEqual([6, 3]));
  test('does not run when its condition is false at first', async () =>
    expect((await runWorkflow(count('false', 3))).answer?.body).toEqual([0, 0]));
  test('still true after the limit is an error', async () => {
    expect((await runWorkflow(count('true', 4))).error).toMatchObject({
      message: 'still true after 4 rounds',
      step: 'more',
    });
  });
  test.each([0, -1, 1.5, '3', null])('a computed limit of %j is an error', async (limit) => {
    expect((await runWorkflow(count('true', { $: JSON.stringify(limit) }))).error?.message).toMatch(
      'the limit must be a whole number',
    );
  });
});

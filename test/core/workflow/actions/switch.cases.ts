import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('switch', () => {
  const plan = (name: string) =>
    runWorkflow(
      workflow(
        {
          id: 'plan',
          do: 'switch',
          cases: [
            { when: { $: "params.plan === 'pro'" }, steps: [{ id: 'a', do: 'respond', body: 'pro' }] },
            { when: { $: "params.plan.startsWith('p')" }, steps: [{ id: 'b', do: 'set', name: 'x', value: 'second' }] },
            { when: { $: 'params.plan.nothing.here' }, steps: [] },
          ],
        },
        { id: 'answer', do: 'respond', body: { $: "[vars.x ?? 'none', steps.plan]" } },
      ),
      { ctx: { params: { plan: name } } },
    );
  test('the first case that matches runs, and later ones are not looked at', async () => {
    expect((await plan('pro')).answer?.body).toBe('pro');
    expect((await plan('plus')).answer?.body).toEqual(['second', 1]);
  });
  test('a case that fails fails the step', async () => {
    expect((await plan('free')).error).toMatchObject({ name: 'TypeError', step: 'plan' });
  });
  test('no match runs the default, or nothing', async () => {
    const none = workflow(
      {
        id: 's',
        do: 'switch',
        cases: [{ when: false, steps: [] }],
        default: [{ id: 'd', do: 'set', name: 'x', value: 1 }],
      },
      { id: 't', do: 'switch', cases: [{ when: false, steps: [{ id: 'e', do: 'set', name: 'y', value: 1 }] }] },
      { id: 'answer', do: 'respond', body: { $: '[vars.x, vars.y ?? null, steps.s]' } },
    );
    expect((await runWorkflow(none)).answer?.body).toEqual([1, null, -1]);
  });
});

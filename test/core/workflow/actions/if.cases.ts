import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('if', () => {
  const split = (when: unknown) =>
    workflow(
      {
        id: 'split',
        do: 'if',
        when,
        then: [{ id: 'yes', do: 'set', name: 'way', value: 'then' }],
        else: [{ id: 'no', do: 'set', name: 'way', value: 'else' }],
      },
      { id: 'answer', do: 'respond', body: { $: '[vars.way, steps.split]' } },
    );
  test.each([
    [true, 'then'],
    [false, 'else'],
    [{ $: 'params.price > 10' }, 'then'],
    [{ $: 'params.price > 30' }, 'else'],
    [{ $: 'params.nothing' }, 'else'],
    ['', 'else'],
  ])('%j runs %s only', async (when, way) => {
    const { answer, steps } = await runWorkflow(split(when), { ctx: { params: { price: 20 } } });
    expect(answer?.body).toEqual([way, way === 'then']);
    expect(steps.map(({ id }) => id)).toEqual(['split', way === 'then' ? 'yes' : 'no', 'answer']);
  });
  test('else may be left out', async () => {
    const { answer } = await runWorkflow(
      workflow({ id: 'i', do: 'if', when: false, then: [] }, { id: 'answer', do: 'respond', body: 'after' }),
    );
    expect(answer?.body).toBe('after');
  });
});

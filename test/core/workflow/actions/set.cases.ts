import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('set', () => {
  test('gives variables values of every form', async () => {
    const { answer, steps } = await runWorkflow(
      workflow(
        { id: 'a', do: 'set', name: 'total', value: { $: 'params.price * 2' } },
        { id: 'b', do: 'set', name: 'text', value: { tpl: '{{params.price}} x 2 = {{vars.total}}' } },
        { id: 'c', do: 'set', name: 'list', value: [1, { deep: { $: 'vars.total' } }, null, 'it"s'] },
        { id: 'd', do: 'set', name: 'total', value: { $: 'vars.total + 1' } },
        { id: 'answer', do: 'respond', body: { $: '({ ...vars, step: steps.a })' } },
      ),
      { ctx: { params: { price: 21 } } },
    );
    expect(answer?.body).toEqual({ total: 43, text: '21 x 2 = 42', list: [1, { deep: 42 }, null, 'it"s'], step: 42 });
    expect(steps.map(({ id, output }) => [id, output]).slice(0, 2)).toEqual([
      ['a', 42],
      ['b', '21 x 2 = 42'],
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('each', () => {
  const sum = (items: unknown, more: object = {}) =>
    workflow(
      { id: 'zero', do: 'set', name: 'sum', value: 0 },
      {
        id: 'all',
        do: 'each',
        items,
        steps: [{ id: 'add', do: 'set', name: 'sum', value: { $: 'vars.sum + loop.item * (loop.index + 1)' } }],
        ...more,
      },
      { id: 'answer', do: 'respond', body: { $: '[vars.sum, steps.all.rounds]' } },
    );
  test('runs for every item, in order', async () => {
    const { answer, steps } = await runWorkflow(sum({ $: 'params.list' }), { ctx: { params: { list: [5, 6, 7] } } });
    expect(answer?.body).toEqual([38, 3]);
    expect(steps.filter(({ id }) => id === 'add').map(({ output }) => output)).toEqual([5, 17, 38]);
  });
  test('an empty list runs nothing', async () => expect((await runWorkflow(sum([]))).answer?.body).toEqual([0, 0]));
  test('a value other than a list is an error', async () => {
    expect((await runWorkflow(sum('abc'))).error).toMatchObject({ message: 'items must be a list', step: 'all' });
  });
  test('a list longer than the limit is an error before the first round', async () => {
    const { error, steps } = await runWorkflow(sum([1, 2, 3], { limit: 2 }));
    expect(error?.message).toMatch('more than the limit of 2');
    expect(steps.map(({ id }) => id)).toEqual(['zero', 'all']);
  });
  test('loops nest, and the inner one hides the outer', async () => {
    const nested = workflow(
      { id: 'none', do: 'set', name: 'out', value: [] },
      {
        id: 'rows',
        do: 'each',
        items: [[1, 2], [3]],
        steps: [
          { id: 'keep', do: 'set', name: 'row', value: { $: 'loop.index' } },
          {
            id: 'cells',
            do: 'each',
            items: { $: 'loop.item' },
            steps: [{ id: 'put', do: 'set', name: 'out', value: { $: '[...vars.out, [vars.row, loop.item]]' } }],
          },
        ],
      },
      { id: 'answer', do: 'respond', body: { $: 'vars.out' } },
    );
    expect((await runWorkflow(nested)).answer?.body).toEqual([
      [0, 1],
      [0, 2],
      [1, 3],
    ]);
  });
  test('a response inside ends the loop', async () => {
    const first = workflow({
      id: 'l',
      do: 'each',
      items: [1, 2, 3],
      steps: [{ id: 'a', do: 'respond', body: { $: 'loop.item' } }],
    });
    const { answer, steps } = await runWorkflow(first);
    expect([answer?.body, steps.length, steps[0]?.outcome]).toEqual([1, 2, 'success']);
  });
});

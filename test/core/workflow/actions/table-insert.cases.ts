import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('table.insert', () => {
  const world = `{ tables: new Proxy({}, { get: (_, method) => async (...args) => method === 'find' ? [{ method, args }] : { method, args } }) }`;
  test('adds a row', async () => {
    const { answer, steps } = await runWorkflow(
      workflow(
        {
          id: 'order',
          do: 'table.insert',
          table: 'orders',
          values: { email: { $: 'params.email' }, 'odd-name': [1], text: { tpl: 'for {{params.email}}' } },
        },
        { id: 'answer', do: 'respond', body: { $: 'steps.order' } },
      ),
      { world, ctx: { params: { email: 'a@b.co' } } },
    );
    expect(answer?.body).toEqual({
      method: 'insert',
      args: ['orders', { email: 'a@b.co', 'odd-name': [1], text: 'for a@b.co' }],
    });
    expect(steps[0]?.input).toEqual({
      table: 'orders',
      values: { email: 'a@b.co', 'odd-name': [1], text: 'for a@b.co' },
    });
  });
  test('a refusal of the table fails the step', async () => {
    const refusing = "{ tables: { insert: async () => { throw new Error('no column emial') } } }";
    expect(
      (
        await runWorkflow(workflow({ id: 'order', do: 'table.insert', table: 'orders', values: {} }), {
          world: refusing,
        })
      ).error,
    ).toMatchObject({ message: 'no column emial', step: 'order' });
  });
});

import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('code', () => {
  test('runs a function body with the roots, its input and tables in reach', async () => {
    const { answer } = await runWorkflow(
      workflow(
        {
          id: 'l',
          do: 'each',
          items: ['a', 'b'],
          steps: [
            {
              id: 'c',
              do: 'code',
              with: { n: 2, extra: { $: 'loop.item + 1' } },
              source: [
                'const rows = await tables.find("t", { limit: 1 });',
                'if (!loop) return null;',
                'return `${loop.item}${input.n}${input.extra}${params.p}${rows.length}`; // done',
              ],
            },
            { id: 'k', do: 'set', name: 'last', value: { $: 'steps.c' } },
          ],
        },
        {
          id: 'outside',
          do: 'code',
          source: 'return [typeof loop, typeof error, headers.host ?? null, (await Promise.resolve(steps.l)).rounds]',
        },
        { id: 'answer', do: 'respond', body: { $: '[vars.last, steps.outside]' } },
      ),
      { ctx: { params: { p: '!' } }, world: '{ tables: { find: async () => [1, 2] } }' },
    );
    expect(answer?.body).toEqual(['b2b1!2', ['undefined', 'undefined', null, 2]]);
  });
  test('any thrown value is the error of the step', async () => {
    const failing = (source: string) => runWorkflow(workflow({ id: 'c', do: 'code', source }));
    expect((await failing('throw new RangeError("far")')).error).toMatchObject({
      name: 'RangeError',
      message: 'far',
      step: 'c',
    });
    expect((await failing('throw { a: 1 }')).error).toMatchObject({
      name: 'Error',
      message: '{"a":1}',
      step: 'c',
      cause: { a: 1 },
    });
    expect((await failing('throw undefined')).error).toMatchObject({ message: 'undefined', step: 'c' });
    expect((await failing('throw Object.freeze(new Error("cold"))')).error).toMatchObject({ message: 'cold' });
  });
  test('a secret comes in by its input, and what is done with it is scrubbed', async () => {
    const { steps, answer } = await runWorkflow(
      workflow(
        {
          id: 'c',
          do: 'code',
          with: { key: { secret: 'KEY' } },
          source: 'return { sent: `k=${input.key}`, length: input.key.length }',
        },
        { id: 'answer', do: 'respond', body: { $: 'steps.c.length' } },
      ),
      { ctx: { env: { KEY: 'sesame-open' } } },
    );
    expect(answer?.body).toBe(11);
    expect(steps[0]).toMatchObject({ input: { key: '[secret KEY]' }, output: { sent: 'k=[secret KEY]', length: 11 } });
  });
});

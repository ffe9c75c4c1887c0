import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('call', () => {
  const world = `{ call: async ({ handler, params }) => handler === 'bad.js' ? { status: 422, body: { code: 'x' } } : { status: 200, body: { handler, params } } }`;
  const calling = (handler: string) =>
    workflow(
      { id: 'quote', do: 'call', handler, with: { sku: { $: 'params.sku' }, key: { secret: 'KEY' } } },
      { id: 'answer', do: 'respond', body: { $: 'steps.quote' } },
    );
  const ctx = { params: { sku: 'A1' }, env: { KEY: 'sesame-open' } };
  test('returns the answer of the handler; a secret reaches the handler and no record', async () => {
    const { answer, steps } = await runWorkflow(calling('pricing/quote.ts'), { world, ctx });
    expect(answer?.body).toEqual({ handler: 'pricing/quote.ts', params: { sku: 'A1', key: 'sesame-open' } });
    expect(steps[0]?.input).toEqual({ handler: 'pricing/quote.ts', with: { sku: 'A1', key: '[secret KEY]' } });
    expect(JSON.stringify(steps)).not.toContain('sesame');
  });
  test('an answer of 400 and above is an error with the answer as its cause', async () => {
    expect((await runWorkflow(calling('bad.js'), { world, ctx })).error).toEqual({
      name: 'Error',
      message: 'bad.js answered 422',
      step: 'quote',
      cause: { status: 422, body: { code: 'x' } },
    });
  });
  test('fails where no handler can be called', async () => {
    expect((await runWorkflow(calling('a.js'), { ctx })).error?.message).toBe('other handlers cannot be called');
  });
});

import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';

describe('throw', () => {
  const thrown = (step: object) =>
    runWorkflow(workflow({ id: 'no', do: 'throw', ...step }), { ctx: { params: { price: -1 } } });
  test('sends its status and message to the caller', async () => {
    const { answer, steps } = await thrown({ message: { tpl: 'price is {{params.price}}' }, status: 400 });
    expect(answer).toEqual({
      status: 400,
      headers: {},
      body: {
        type: 'urn:portico:error:workflow_refused',
        title: 'Refused by the workflow',
        status: 400,
        detail: 'price is -1',
        code: 'workflow_refused',
      },
    });
    expect(steps).toMatchObject([
      { id: 'no', outcome: 'failed', error: { name: 'Thrown', message: 'price is -1', status: 400 } },
    ]);
  });
  test('without a status it is the platform that answers', async () => {
    const { answer, error } = await thrown({ message: 'oops', cause: [1] });
    expect(answer).toBeUndefined();
    expect(error).toEqual({ name: 'Thrown', message: 'oops', step: 'no', cause: [1] });
  });
  test('an invalid computed status is an error of its own', async () => {
    expect((await thrown({ message: 'x', status: { $: '200' } })).error).toMatchObject({
      name: 'TypeError',
      step: 'no',
    });
  });
  test.each([200, 600, 400.5])('status %d is refused when saved', (status) => {
    expect(
      checkWorkflow(JSON.stringify(workflow({ id: 'no', do: 'throw', message: 'x', status }))).errors[0]?.pointer,
    ).toBe('/steps/0/status');
  });
});

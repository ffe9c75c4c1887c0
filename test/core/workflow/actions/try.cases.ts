import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';

describe('try', () => {
  test('catches a failure, with its details', async () => {
    const { answer, steps } = await runWorkflow(
      workflow(
        { id: 'none', do: 'set', name: 'e', value: [] },
        {
          id: 'guard',
          do: 'try',
          steps: [
            {
              id: 'inner',
              do: 'if',
              when: true,
              then: [{ id: 'bad', do: 'throw', message: 'no stock', status: 409, cause: { sku: { $: 'params.sku' } } }],
            },
            { id: 'never', do: 'log', message: 'x' },
          ],
          catch: [
            {
              id: 'keep',
              do: 'set',
              name: 'e',
              value: { $: '[error.message, error.status, error.cause, error.step, error.name]' },
            },
          ],
        },
        { id: 'answer', do: 'respond', body: { $: '[...vars.e, steps.guard.failed]' } },
      ),
      { ctx: { params: { sku: 'A1' } } },
    );
    expect(answer?.body).toEqual(['no stock', 409, { sku: 'A1' }, 'bad', 'Thrown', true]);
    expect(steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'none success',
      'guard success',
      'inner failed',
      'bad failed',
      'keep success',
      'answer success',
    ]);
  });
  test('the details of an error can be answered, also where its causes are errors', async () => {
    const caught = async (source: string): Promise<unknown> => {
      const { answer } = await runWorkflow(
        workflow({
          id: 't',
          do: 'try',
          steps: [{ id: 'bad', do: 'code', source }],
          catch: [{ id: 'answer', do: 'respond', body: { $: 'error' } }],
        }),
      );
      return answer?.body;
    };
    const root = { name: 'TypeError', message: 'root' };
    expect(
      await caught(`throw new Error('top', { cause: new Error('mid', { cause: new TypeError('root') }) })`),
    ).toEqual({
      name: 'Error',
      message: 'top',
      step: 'bad',
      cause: { name: 'Error', message: 'mid', cause: root },
    });
    expect(await caught(`const own = new Error('own'); own.cause = own; throw own`)).toMatchObject({
      cause: { cause: { cause: { message: 'own' } } },
    });
    expect(await caught(`throw new Error('x', { cause: { code: 7 } })`)).toMatchObject({ cause: { code: 7 } });
  });
  test('catch does not run without a failure', async () => {
    const { answer } = await runWorkflow(
      workflow(
        {
          id: 't',
          do: 'try',
          steps: [{ id: 'a', do: 'set', name: 'x', value: 1 }],
          catch: [{ id: 'b', do: 'respond', body: 'caught' }],
        },
        { id: 'answer', do: 'respond', body: { $: 'steps.t' } },
      ),
    );
    expect(answer?.body).toEqual({ failed: false });
  });
  test('an error in an expression is caught like any other, and one in catch is not', async () => {
    const { error, steps } = await runWorkflow(
      workflow({
        id: 't',
        do: 'try',
        steps: [{ id: 'a', do: 'set', name: 'x', value: { $: 'body.a.b' } }],
        catch: [{ id: 'b', do: 'throw', message: { tpl: 'again: {{error.step}}' } }],
      }),
    );
    expect(error).toMatchObject({ message: 'again: a', step: 'b' });
    expect(steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['t failed', 'a failed', 'b failed']);
  });
  test('a limit of the run is not caught', async () => {
    const endless = {
      kind: 'workflow',
      limits: { rounds: 5 },
      steps: [
        {
          id: 't',
          do: 'try',
          steps: [{ id: 'l', do: 'while', when: true, limit: 100, steps: [] }],
          catch: [{ id: 'a', do: 'respond' }],
        },
      ],
    };
    expect((await runWorkflow(endless)).error).toMatchObject({
      name: 'LimitError',
      message: 'more than 5 loop rounds',
      step: 'l',
    });
  });
});

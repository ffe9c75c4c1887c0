import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';

describe('respond', () => {
  const respond = (step: object) =>
    runWorkflow(workflow({ id: 'a', do: 'respond', ...step }), { ctx: { params: { n: 1 } } });
  test('sends status, headers and body', async () => {
    const { answer, steps } = await respond({
      status: 201,
      headers: { 'X-Order': { $: 'params.n' }, 'x-none': null },
      body: { n: { $: 'params.n' } },
    });
    expect(answer).toEqual({ status: 201, headers: { 'x-order': '1' }, body: { n: 1 } });
    expect(steps).toMatchObject([
      { id: 'a', action: 'respond', outcome: 'success', input: { status: 201, body: { n: 1 } } },
    ]);
  });
  test.each([
    [{ body: 'text' }, 'text'],
    [{ body: null }, null],
    [{ body: [] }, []],
    [{ body: 0 }, 0],
    [{}, undefined],
  ])('%j', async (step, body) => {
    expect((await respond(step)).answer).toEqual({ status: 200, headers: {}, body });
  });
  test.each(['99', '199', '600', '200.5', '"200"', 'NaN'])('a computed status of %s is an error', async (status) => {
    expect((await respond({ status: { $: status } })).error?.message).toMatch('the status must be a whole number');
  });
  test.each(['{}.a', 'NaN', '({ a: NaN })', 'new Date(NaN)'])('a header of %s', async (value) => {
    const { answer, error } = await respond({ headers: { 'x-a': { $: value } } });
    expect(error?.message ?? answer?.headers).toEqual(
      value === '{}.a' ? {} : expect.stringMatching(/^headers\["x-a"\](\.a)? is /),
    );
  });
  test('a function cannot be sent', async () =>
    expect((await respond({ body: { $: '() => 1' } })).error?.message).toBe('a function cannot be sent'));
  test('a status out of range is refused when saved', () => {
    expect(checkWorkflow(JSON.stringify(workflow({ id: 'a', do: 'respond', status: 101 }))).errors[0]?.pointer).toBe(
      '/steps/0/status',
    );
  });
  test('continue sends the answer before the later steps start', async () => {
    const { answer, early, events, steps, continued } = await runWorkflow(
      workflow(
        { id: 'a', do: 'respond', body: 'first', continue: true },
        { id: 'c', do: 'code', source: 'return tables.get("t", "later")' },
      ),
      { world: '{ tables: { get: async (table, row) => { events.push(row); return row; } } }' },
    );
    expect(answer?.body).toBe('first');
    expect(events).toEqual(['answered', 'later']);
    expect(early.map(({ id }) => id)).toEqual(['a']);
    expect(steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['a success', 'c success']);
    expect(continued).toBe(1);
  });
  test('later steps wait until the platform has sent the answer', async () => {
    const { events } = await runWorkflow(
      workflow(
        { id: 'a', do: 'respond', body: 1, continue: true },
        { id: 'c', do: 'code', source: 'return tables.get("t", "later")' },
      ),
      {
        world:
          "{ tables: { get: async (table, row) => { events.push(row) } }, afterAnswer: () => new Promise((resolve) => setTimeout(() => { events.push('left'); resolve(); }, 30)) }",
      },
    );
    expect(events).toEqual(['answered', 'left', 'later']);
  });
  test('without continue nothing is left behind', async () => expect((await respond({ body: 1 })).continued).toBe(0));
});

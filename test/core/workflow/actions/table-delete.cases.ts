import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';

describe('table.delete', () => {
  const world = `{ tables: new Proxy({}, { get: (_, method) => async (...args) => method === 'find' ? [{ method, args }] : { method, args } }) }`;
  const change = (step: object) =>
    workflow(
      { id: 'x', do: 'table.delete', table: 'orders', ...step },
      { id: 'answer', do: 'respond', body: { $: 'steps.x' } },
    );
  const run = (step: object) => runWorkflow(change(step), { world, ctx: { params: { id: 'r1', n: 3 } } });
  const refused = (step: object) =>
    checkWorkflow(JSON.stringify(change(step))).errors.map(({ code, pointer }) => `${code} ${pointer}`);
  const where = [{ field: 'id', value: 1 }];
  test('deletes a row by its id', async () =>
    expect((await run({ row: { $: 'params.id' } })).answer?.body).toEqual({
      method: 'delete',
      args: ['orders', 'r1'],
    }));
  test('deletes many rows by filters', async () =>
    expect((await run({ where, many: true })).answer?.body).toEqual({
      method: 'deleteMany',
      args: ['orders', [{ field: 'id', value: 1 }]],
    }));
  test('every row is said to be meant', async () => {
    const { answer, steps } = await run({ all: true });
    expect(answer?.body).toEqual({ method: 'deleteMany', args: ['orders', [], { all: true }] });
    expect(steps[0]?.input).toMatchObject({ table: 'orders', where: [] });
    expect((await run({ where, many: true, all: true })).answer?.body).toMatchObject({
      args: ['orders', [{ field: 'id', value: 1 }], { all: true }],
    });
  });
  test('many rows need filters or all: true, and exactly one way to select them', () => {
    expect(refused({ where })).toEqual(['many_without_flag /steps/0/where']);
    expect(refused({ where, many: false })).toEqual(['many_without_flag /steps/0/where']);
    expect(refused({})).toEqual(['invalid_field /steps/0']);
    expect(refused({ many: true })).toEqual(['invalid_field /steps/0']);
    expect(refused({ where: [], many: true })).toEqual(['invalid_field /steps/0/where']);
    expect(refused({ where, row: 1, many: true })).toEqual(['invalid_field /steps/0']);
    expect(refused({ row: 1, all: true })).toEqual(['invalid_field /steps/0']);
    expect(refused({ where, all: true })).toEqual(['many_without_flag /steps/0/where']);
    expect(refused({ all: false })).toEqual(['invalid_field /steps/0/all']);
  });
});

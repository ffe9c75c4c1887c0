import { describe, expect, test } from 'vitest';
import { runWorkflow, workflow } from '../support/isolate';
import { checkWorkflow } from '../../../../src/core/workflow/check/check.rules';

describe('table.get', () => {
  const world = `{ tables: new Proxy({}, { get: (_, method) => async (...args) => method === 'find' ? [{ method, args }] : { method, args } }) }`;
  const get = (step: object) =>
    runWorkflow(
      workflow(
        { id: 'rows', do: 'table.get', table: 'orders', ...step },
        { id: 'answer', do: 'respond', body: { $: 'steps.rows' } },
      ),
      { world, ctx: { params: { id: 'r1', min: 5 } } },
    );
  const refused = (step: object) =>
    checkWorkflow(JSON.stringify(workflow({ id: 'rows', do: 'table.get', table: 'orders', ...step }))).errors.map(
      ({ code, pointer }) => `${code} ${pointer}`,
    );
  test('gets a row by its id', async () =>
    expect((await get({ row: { $: 'params.id' } })).answer?.body).toEqual({ method: 'get', args: ['orders', 'r1'] }));
  test('gets rows by filters, sorted and limited', async () => {
    const query = {
      where: [
        { field: 'price', op: 'gte', value: { $: 'params.min' } },
        { field: 'gone', op: 'isNull' },
      ],
      sort: [{ field: 'price', dir: 'desc' }],
      limit: 3,
      offset: 6,
    };
    expect((await get(query)).answer?.body).toEqual([
      {
        method: 'find',
        args: [
          'orders',
          {
            where: [
              { field: 'price', op: 'gte', value: 5 },
              { field: 'gone', op: 'isNull' },
            ],
            sort: [{ field: 'price', dir: 'desc' }],
            limit: 3,
            offset: 6,
          },
        ],
      },
    ]);
  });
  test('all rows, up to 100', async () =>
    expect((await get({})).answer?.body).toEqual([{ method: 'find', args: ['orders', { limit: 100 }] }]));
  test('invalid fields are refused', () => {
    expect(refused({ row: 1, limit: 2 })).toEqual(['invalid_field /steps/0/row']);
    expect(refused({ where: [{ field: 'a' }, { field: 'a', op: 'isNull', value: 1 }] })).toEqual([
      'invalid_field /steps/0/where/0',
      'invalid_field /steps/0/where/1',
    ]);
    expect(refused({ limit: 1001 })).toEqual(['invalid_field /steps/0/limit']);
    expect(refused({ limit: -1 })).toEqual(['invalid_field /steps/0/limit']);
  });
  test('without tables the step fails', async () => {
    expect((await runWorkflow(workflow({ id: 'rows', do: 'table.get', table: 'orders' }))).error).toMatchObject({
      message: 'tables are not available',
      step: 'rows',
    });
  });
});

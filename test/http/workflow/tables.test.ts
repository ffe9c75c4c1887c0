import { beforeAll, expect, test } from 'vitest';
import { createTable } from '../../../src/core/table/create-table';
import { CreateTableInput } from '../../../src/core/table/table.schema';
import { testContext } from '../../support/context';
import { ensureAdmin, postJson, runOf } from '../../support/publish';
import { publishWorkflow, respond } from '../../support/workflow';

beforeAll(async () => {
  await ensureAdmin();
  const columns = [
    { name: 'name', type: 'text' as const },
    { name: 'price', type: 'number' as const },
  ];
  await createTable(testContext(), CreateTableInput.parse({ name: 'goods', columns }));
});

test('the actions on tables, on a table', async () => {
  const add = (id: string, name: string, price: number) => ({
    id,
    do: 'table.insert',
    table: 'goods',
    values: { name, price },
  });
  const cheap = [{ field: 'price', op: 'lt', value: 5 }];
  const { endpoint } = await publishWorkflow([
    add('pen', 'Pen', 2),
    add('cup', 'Cup', 4),
    add('bag', 'Bag', 30),
    { id: 'one', do: 'table.get', table: 'goods', row: { $: 'steps.cup.id' } },
    { id: 'none', do: 'table.get', table: 'goods', row: { $: "'00000000-0000-0000-0000-000000000000'" } },
    {
      id: 'dear',
      do: 'table.get',
      table: 'goods',
      where: [{ field: 'price', op: 'gte', value: 4 }],
      sort: [{ field: 'price', dir: 'desc' }],
      limit: 5,
    },
    { id: 'changed', do: 'table.update', table: 'goods', row: { $: 'steps.bag.id' }, values: { price: 25 } },
    { id: 'all', do: 'table.update', table: 'goods', where: cheap, many: true, values: { name: { $: "'cheap'" } } },
    { id: 'gone', do: 'table.delete', table: 'goods', row: { $: 'steps.bag.id' } },
    { id: 'rest', do: 'table.delete', table: 'goods', where: cheap, many: true },
    respond({
      $: '({ one: steps.one, none: steps.none, dear: steps.dear.map((row) => row.name), changed: steps.changed.price, all: steps.all, gone: steps.gone, rest: steps.rest })',
    }),
  ]);
  expect(await (await postJson(`/u/${endpoint.path}`, {})).json()).toMatchObject({
    one: { name: 'Cup', price: 4 },
    none: null,
    dear: ['Bag', 'Cup'],
    changed: 25,
    all: { count: 2 },
    gone: { count: 1 },
    rest: { count: 2 },
  });
});

test('what a table refuses is the error of the step, and can be caught', async () => {
  const { endpoint } = await publishWorkflow([
    {
      id: 't',
      do: 'try',
      steps: [{ id: 'bad', do: 'table.insert', table: 'goods', values: { nope: 1 } }],
      catch: [{ id: 'why', do: 'set', name: 'why', value: { $: 'error.step' } }],
    },
    { id: 'worse', do: 'table.get', table: 'not_there', row: 'x' },
    respond({ $: 'vars.why ?? null' }),
  ]);
  const response = await postJson(`/u/${endpoint.path}`, {});
  expect(response.status).toBe(500);
  expect(await runOf(response)).toMatchObject({
    error: { step: 'worse', message: expect.stringContaining('not_there') },
    steps: [
      { id: 't' },
      { id: 'bad', outcome: 'failed' },
      { id: 'why', output: 'bad' },
      { id: 'worse', outcome: 'failed' },
    ],
  });
});

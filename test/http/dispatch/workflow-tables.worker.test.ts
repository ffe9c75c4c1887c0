import { beforeAll, expect, test } from 'vitest';
import { createTable } from '../../../src/core/tables/catalogue/create-table';
import { CreateTableInput } from '../../../src/core/tables/catalogue/table.schema';
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

test('a value that is not there never means every row, and every row has to be said', async () => {
  const columns = [
    { name: 'email', type: 'text' as const },
    { name: 'price', type: 'number' as const },
  ];
  await createTable(testContext(), CreateTableInput.parse({ name: 'people', columns }));
  const table = 'people';
  const where = [{ field: 'email', value: { $: 'params.email' } }];
  const attempt = async (step: object): Promise<unknown> => {
    const { endpoint } = await publishWorkflow([
      { id: 'add', do: 'table.insert', table, values: { email: 'a@b.co' } },
      { id: 'x', ...step },
      respond({ $: 'steps.x' }),
    ]);
    const response = await postJson(`/u/${endpoint.path}`, {});
    if (response.status === 200) return response.json();
    const { error } = (await runOf(response)) as { error: { step: string; name: string; message: string } };
    return [error.step, error.name, error.message];
  };
  const give = 'is undefined; give it a value, or null to ask for rows without one.';
  const leave = 'leave the column out, or write null for no value.';
  for (const [step, message] of [
    [{ do: 'table.get', table, where }, `people.find: where[0].value (on email) ${give}`],
    [{ do: 'table.delete', table, where, many: true }, `people.deleteMany: where[0].value (on email) ${give}`],
    [
      { do: 'table.update', table, where, many: true, values: {} },
      `people.updateMany: where[0].value (on email) ${give}`,
    ],
    [
      { do: 'table.insert', table, values: { email: { $: 'params.email' } } },
      `people.insert: rows[0].email is undefined; ${leave}`,
    ],
    [
      { do: 'table.insert', table, values: { price: { $: 'Number("12,50")' } } },
      'people.insert: rows[0].price is NaN; write a finite number, or null for no value.',
    ],
    [
      { do: 'table.insert', table, values: { $: 'params.row' } },
      'people.insert: rows[0] is undefined; give an object of columns.',
    ],
    [
      { do: 'table.update', table, row: { $: 'params.id' }, values: {} },
      'people.update: id is undefined; give the id of a row.',
    ],
    [{ do: 'table.get', table, limit: { $: 'params.limit' } }, 'people.find: limit is undefined; leave it out.'],
    [
      { do: 'code', source: "return tables.deleteMany('people', { email: params.email })" },
      `people.deleteMany: where.email ${give}`,
    ],
  ] as const)
    expect(await attempt(step)).toEqual(['x', 'TableError', message]);
  const search = [{ field: 'email', op: 'contains', value: { $: "params.q ?? ''" } }];
  expect(await attempt({ do: 'table.delete', table, where: search, many: true })).toEqual([
    'x',
    'TableError',
    expect.stringContaining('no condition excludes any row'),
  ]);
  expect(await attempt({ do: 'code', source: "return tables.deleteMany('people', {})" })).toMatchObject([
    'x',
    'TableError',
    expect.stringContaining('add all: true'),
  ]);
  expect(await attempt({ do: 'table.update', table, all: true, values: { price: 1 } })).toEqual({ count: 12 });
  expect(
    await attempt({ do: 'code', source: "return tables.updateMany('people', {}, { price: 2 }, { all: true })" }),
  ).toEqual({
    count: 13,
  });
  expect(await attempt({ do: 'table.delete', table, all: true })).toEqual({ count: 14 });
});

test('a refusal of a table is the error of the step, and can be caught', async () => {
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

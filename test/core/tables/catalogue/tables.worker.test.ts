import { env } from 'cloudflare:workers';
import { describe, expect, it, test } from 'vitest';
import type { Context } from '../../../../src/core/access/context';
import { createTable } from '../../../../src/core/tables/catalogue/create-table';
import { deleteRow, deleteRows } from '../../../../src/core/tables/rows/delete-rows';
import { deleteTable } from '../../../../src/core/tables/catalogue/delete-table';
import { exportRows } from '../../../../src/core/tables/files/export-rows';
import { getTable, listTables } from '../../../../src/core/tables/catalogue/get-table';
import { importRows } from '../../../../src/core/tables/files/import-rows';
import { insertRows } from '../../../../src/core/tables/rows/insert-rows';
import { countRows, getRow, listRows } from '../../../../src/core/tables/rows/list-rows';
import { RowsQuery, type RowsPage, type Row } from '../../../../src/core/tables/catalogue/row.schema';
import { CreateTableInput, UpdateTableInput, type Table } from '../../../../src/core/tables/catalogue/table.schema';
import { updateRow, updateRows } from '../../../../src/core/tables/rows/update-rows';
import { updateTable } from '../../../../src/core/tables/catalogue/update-table';
import { createRole } from '../../../../src/core/identity/roles/create-role';
import { createStore } from '../../../../src/storage/store';
import { actorWith, testContext } from '../../../support/context';
import { lend } from '../../../support/host';
import { publish, unique } from '../../../support/publish';

const ctx = testContext();
const apiError = (code: string, message?: string) =>
  expect.objectContaining({ code, ...(message ? { message: expect.stringContaining(message) as string } : {}) });
const name = (prefix = 't'): string => unique(prefix).replaceAll('-', '_');
type Columns = CreateTableInput['columns'][number] | { name: string; type: string; [more: string]: unknown };
const make = (columns: Columns[], more: object = {}): Promise<Table> =>
  createTable(ctx, CreateTableInput.parse({ name: name(), columns, ...more }));
const change = (table: Table, input: object, on: Context = ctx): Promise<Table> =>
  updateTable(on, table.id, UpdateTableInput.parse(input), false, null);
const all = async (target: { id: string }, query: object = {}): Promise<Row[]> =>
  (await listRows(ctx, target, RowsQuery.parse({ limit: 1000, ...query }))).rows;
/** Names of the SQL tables, or of the columns of one. */
const inData = async (id?: string): Promise<string[]> =>
  (
    await env.DATA.prepare(
      id ? `select name from pragma_table_info('${id}')` : `select name from sqlite_master where type = 'table'`,
    ).all<{
      name: string;
    }>()
  ).results.map((one) => one.name);

describe('columns', () => {
  it('are added with their default, renamed with their values, dropped with them', async () => {
    const table = await make([{ name: 'a', type: 'text' }]);
    await insertRows(ctx, table, [{ a: 'one' }, { a: 'two' }]);
    const changed = await change(table, {
      renameColumns: { a: 'b' },
      addColumns: [
        { name: 'n', type: 'integer', required: true, default: 7 },
        { name: 'a', type: 'json' },
      ],
    });
    expect(changed.columns.map((column) => column.name)).toEqual(['b', 'n', 'a']);
    expect(await all(table, { columns: ['b', 'n', 'a'], order: ['b'] })).toMatchObject([
      { b: 'one', n: 7, a: null },
      { b: 'two', n: 7, a: null },
    ]);
    await change(table, { dropColumns: ['b'] });
    await expect(all(table, { columns: ['b'] })).rejects.toEqual(apiError('invalid_parameter', 'unknown column b'));
    expect((await inData(table.id)).length).toBe(5);
    await change(table, { addColumns: [{ name: 'b', type: 'text' }] });
    expect(await all(table, { columns: ['b'] })).toMatchObject([{ b: null }, { b: null }]);
  });

  it('become unique, where the rows allow it, and are dropped with their index', async () => {
    const table = await make([]);
    await insertRows(ctx, table, [{}, {}]);
    const shared = { addColumns: [{ name: 'code', type: 'text', unique: true, default: 'x' }] };
    await expect(change(table, shared)).rejects.toEqual(apiError('value_taken'));
    expect(await inData(table.id)).toEqual(['id', 'created_at', 'updated_at']);
    await change(table, { addColumns: [{ name: 'code', type: 'text', unique: true }] });
    await insertRows(ctx, table, [{ code: 'x' }, {}]);
    await expect(insertRows(ctx, table, [{ code: 'x' }])).rejects.toEqual(
      apiError('value_taken', 'another row has this code'),
    );
    await change(table, { dropColumns: ['code'] });
    expect(await inData(table.id)).toEqual(['id', 'created_at', 'updated_at']);
  });

  it('are as many as D1 can read, filter, sort, change and write at once', async () => {
    const names = Array.from({ length: 90 }, (_, i) => `c${i}`);
    const table = await make(names.map((column) => ({ name: column, type: 'text' })));
    const row = Object.fromEntries(names.map((column) => [column, column]));
    await insertRows(ctx, table, [row, row]);
    const where = Object.fromEntries(names.slice(0, 20).map((column) => [column, column]));
    const query = { where, order: ['c1', '-c2', 'c3', 'c4', 'c5'], limit: 1 };
    const first = await listRows(ctx, table, RowsQuery.parse(query));
    const second = await listRows(ctx, table, RowsQuery.parse({ ...query, cursor: first.nextCursor }));
    expect([...first.rows, ...second.rows]).toMatchObject([row, row]);
    expect(await updateRows(ctx, table, { where, changes: row })).toEqual({ count: 2 });
    await expect(change(table, { addColumns: [{ name: 'c90', type: 'text' }] })).rejects.toEqual(
      apiError('invalid_input', '90 columns'),
    );
  });
});

describe('two databases', () => {
  /** A store whose catalogue fails to commit: the moment between the two. */
  const broken = (): Context => ({
    ...ctx,
    store: { ...ctx.store, commit: () => Promise.reject(new Error('the line is down')) },
  });

  it('leave nothing that is in the way when creating stops between them', async () => {
    const input = CreateTableInput.parse({ name: name(), columns: [{ name: 'a', type: 'text', unique: true }] });
    const before = await inData();
    await expect(createTable(broken(), input)).rejects.toThrow('the line is down');
    expect((await inData()).length).toBe(before.length + 1);
    expect((await listTables(ctx, { limit: 100, name: input.name })).items).toEqual([]);
    const table = await createTable(ctx, input);
    await insertRows(ctx, table, [{ a: 'x' }]);
    expect(await all(table)).toHaveLength(1);
  });

  it('leave a column that nothing names when adding one stops between them', async () => {
    const table = await make([{ name: 'a', type: 'text' }]);
    await insertRows(ctx, table, [{ a: 'x' }]);
    const input = { addColumns: [{ name: 'b', type: 'text', unique: true, required: true, default: 'y' }] };
    await expect(change(table, input, broken())).rejects.toThrow('the line is down');
    await insertRows(ctx, table, [{ a: 'z' }]);
    expect((await getTable(ctx, table.id)).columns).toHaveLength(1);
    await change(table, { addColumns: [{ name: 'b', type: 'text' }] });
    expect(await all(table, { columns: ['a', 'b'] })).toMatchObject([
      { a: 'x', b: null },
      { a: 'z', b: null },
    ]);
  });

  it('undo a creation that lost to another, and a change that was stale', async () => {
    const input = CreateTableInput.parse({ name: name() });
    const late = {
      ...ctx,
      store: { ...ctx.store, tables: { ...ctx.store.tables, byName: () => Promise.resolve(undefined) } },
    } as unknown as Context;
    const table = await createTable(ctx, input);
    const before = await inData();
    await expect(createTable(late, input)).rejects.toEqual(apiError('name_taken'));
    expect(await inData()).toEqual(before);
    const added = { addColumns: [{ name: 'b', type: 'text' }] };
    const results = await Promise.allSettled([change(table, added), change(table, added)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await inData(table.id)).toHaveLength(4);
  });

  it('report a table that changed during a write', async () => {
    const table = await make([{ name: 'a', type: 'text' }]);
    const stored = (await ctx.store.tables.get(table.id))!;
    /** Reads the definition as it was, the first time. */
    const late = (): Context => {
      let reads = 0;
      const get = (id: string) => (reads++ === 0 ? Promise.resolve(stored) : ctx.store.tables.get(id));
      return { ...ctx, store: { ...ctx.store, tables: { ...ctx.store.tables, get: get as never } } };
    };
    await change(table, { dropColumns: ['a'] });
    await expect(insertRows(late(), table, [{ a: 'x' }])).rejects.toEqual(apiError('table_changed', 'Try again'));
    await insertRows(ctx, table, [{}, {}]);
    // SQLite takes a name in double quotes for a text where there is no such column: no condition may be true for that.
    const where = { a: { ne: 'x' } };
    await expect(listRows(late(), table, RowsQuery.parse({}))).rejects.toEqual(apiError('table_changed'));
    await expect(countRows(late(), table, where)).rejects.toEqual(apiError('table_changed'));
    await expect(deleteRows(late(), table, { where })).rejects.toEqual(apiError('table_changed'));
    await expect(updateRows(late(), table, { where, changes: {} })).rejects.toEqual(apiError('table_changed'));
    expect(await all(table)).toHaveLength(2);
    await deleteTable(ctx, table.id, true, null);
    expect(await inData()).not.toContain(table.id);
    await expect(countRows(late(), table, undefined)).rejects.toEqual(
      apiError('not_found', 'was deleted concurrently'),
    );
    await expect(countRows(ctx, table, undefined)).rejects.toEqual(apiError('not_found'));
  });

  it('report lost storage with a remedy, as after a restore of one database', async () => {
    const table = await make([{ name: 'a', type: 'text' }]);
    const [row] = await insertRows(ctx, table, [{ a: 'x' }]);
    const other = await make([{ name: 'a', type: 'text' }]);
    const [column] = (await ctx.store.tables.get(other.id))!.columns;
    await env.DATA.prepare(`alter table "${other.id}" drop column "${column!.key}"`).run();
    await env.DATA.prepare(`drop table "${table.id}"`).run();
    const id = row!.id as string;
    for (const work of [
      listRows(ctx, table, RowsQuery.parse({})),
      getRow(ctx, table, id),
      countRows(ctx, table, undefined),
      insertRows(ctx, table, [{ a: 'y' }]),
      updateRow(ctx, table, id, { a: 'y' }),
      updateRows(ctx, table, { where: { a: 'x' }, changes: { a: 'y' } }),
      deleteRow(ctx, table, id),
      deleteRows(ctx, table, { where: { a: 'x' } }),
      importRows(ctx, table, { format: 'csv', text: 'a\nx\n' }),
      exportRows(ctx, table, { format: 'csv' }),
      change(table, { addColumns: [{ name: 'b', type: 'text' }] }),
    ])
      await expect(work).rejects.toEqual(
        apiError('table_storage_missing', `The table ${table.name} has no storage: the database of rows (DATA)`),
      );
    await expect(all(other)).rejects.toEqual(apiError('table_storage_missing', 'lacks a column'));
    await deleteTable(ctx, table.id, true, null);
    expect((await make([{ name: 'a', type: 'text' }], { name: table.name })).name).toBe(table.name);
  });
});

describe('forged messages of an isolate', () => {
  it('change every row only with all: true', async () => {
    const { ask: askFor } = await lend((await publish('export default () => 1')).endpoint);
    const ask = (op: string, args: unknown) => askFor(`tables.${op}`, args);
    const { id, ...table } = await make([{ name: 'a', type: 'text' }]);
    await insertRows(ctx, { id }, [{ a: 'x' }, { a: 'y' }]);
    for (const where of [undefined, {}, [], { a: { contains: '' } }])
      for (const more of [{}, { all: false }])
        expect(await ask('deleteMany', { table: table.name, where, ...more })).toMatchObject({
          error: { code: 'invalid_input', errors: [{ pointer: '#/where', code: 'no_condition' }] },
        });
    for (const where of [null, 'a', 5])
      for (const op of ['count', 'list', 'deleteMany', 'updateMany'])
        expect(await ask(op, { table: table.name, where, all: true, changes: {} })).toHaveProperty('error');
    expect(await ask('updateMany', { table: table.name, changes: { a: 'z' } })).toHaveProperty('error');
    expect(await ask('get', { table: table.name })).toMatchObject({
      error: { errors: [{ pointer: '#/id', message: 'must be the id of a row, a text or a number' }] },
    });
    expect(await all({ id })).toHaveLength(2);
    expect(await ask('deleteMany', { table: table.name, all: true })).toEqual({ ok: { count: 2 } });
  });
});

describe('rows', () => {
  it('have ascending unique integer ids where the table asks for them', async () => {
    const table = await make([{ name: 'a', type: 'text' }], { idType: 'integer' });
    const stored = await insertRows(ctx, table, [{ a: 'x' }, { a: 'y', id: 10 }, { a: 'z' }]);
    expect(await all(table, { order: ['a'] })).toEqual(stored);
    expect(stored[1]!.id).toBe(10);
    const last = (await insertRows(ctx, table, [{}]))[0]!.id as number;
    await deleteRow(ctx, table, last);
    expect((await insertRows(ctx, table, [{}]))[0]!.id).toBe(last + 1);
    await expect(insertRows(ctx, table, [{ id: 10 }])).rejects.toEqual(apiError('value_taken', 'this id'));
    await expect(insertRows(ctx, table, [{ id: 'x' }])).rejects.toEqual(apiError('invalid_input'));
    expect(await getRow(ctx, table, '10')).toMatchObject({ a: 'y' });
    expect(await getRow(ctx, table, "10' or '1'='1")).toBeNull();
  });

  it('have ids that JavaScript keeps exactly, also those that are counted up behind the largest that is given', async () => {
    const table = await make([{ name: 'a', type: 'text' }], { idType: 'integer' });
    for (const id of [2 ** 52 + 1, 2 ** 53 - 1])
      await expect(insertRows(ctx, table, [{ id }])).rejects.toEqual(
        apiError('invalid_input', 'a whole number from 1 to 4503599627370496'),
      );
    const [, next] = await insertRows(ctx, table, [{ id: 2 ** 52 }, { a: 'next' }]);
    expect(await getRow(ctx, table, next!.id as number)).toMatchObject({ id: 2 ** 52 + 1, a: 'next' });
  });

  it('keep the time of their making and of their last change', async () => {
    const table = await make([{ name: 'a', type: 'text' }]);
    const at = (ms: number): Context => ({ ...ctx, now: () => ms });
    const [row] = await insertRows(at(1000), table, [{ a: 'x' }]);
    const changed = await updateRow(at(2000), table, row!.id as string, { a: 'y' });
    expect(changed).toEqual({ ...row, a: 'y', updated_at: '1970-01-01T00:00:02.000Z' });
    expect(await countRows(ctx, table, { updated_at: { gt: '1970-01-01T00:00:01Z' } })).toBe(1);
    expect(await countRows(ctx, table, { created_at: { gt: '1970-01-01T00:00:01Z' } })).toBe(0);
    await expect(updateRow(ctx, table, row!.id as string, { id: 'x', updated_at: 5 })).rejects.toEqual(
      apiError('invalid_input', 'must not be set'),
    );
  });

  it('make a shorter page where they are large', async () => {
    const table = await make(
      [
        { name: 'a', type: 'longtext' },
        { name: 'n', type: 'integer' },
      ],
      { idType: 'integer' },
    );
    const large = '€'.repeat(400_000);
    for (let n = 0; n < 9; n++) await insertRows(ctx, table, [{ a: large, n }]);
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const page: RowsPage = await listRows(ctx, table, RowsQuery.parse({ limit: 1000, cursor }));
      sizes.push(page.rows.length);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(sizes).toEqual([4, 4, 1]);
    expect(await all(table, { columns: ['n'] })).toHaveLength(9);
    await expect(insertRows(ctx, table, [{ a: 'x'.repeat(500_001) }])).rejects.toEqual(
      apiError('invalid_input', '500000'),
    );
  });

  it('have a size that D1 can keep', async () => {
    const table = await make([
      { name: 'a', type: 'longtext' },
      { name: 'b', type: 'longtext' },
    ]);
    await insertRows(ctx, table, [{ a: '€'.repeat(499_000), b: '€'.repeat(100_000) }]);
    await expect(insertRows(ctx, table, [{ a: 'x'.repeat(400_000), b: 'x'.repeat(400_000) }])).rejects.toEqual(
      apiError('invalid_input', '600000'),
    );
  });

  it('written without read permission are not returned', async () => {
    const role = name('writer');
    await createRole(ctx, { name: role, description: '' });
    const table = await make([{ name: 'a', type: 'text' }], { read: ['admin'], write: [role] });
    const writer = testContext({ ...actorWith(role), executing: true } as Context['actor']);
    const [row] = await insertRows(writer, table, [{ a: 'x' }]);
    expect(await updateRow(writer, table, row!.id as string, { a: 'y' })).toEqual({ id: row!.id });
    for (const asked of [
      listRows(writer, table, RowsQuery.parse({})),
      getRow(writer, table, row!.id as string),
      countRows(writer, table, undefined),
      exportRows(writer, table, { format: 'csv' }),
      updateRows(writer, table, { where: { a: 'y' }, changes: {} }),
      deleteRows(writer, table, {}),
    ])
      await expect(asked).rejects.toEqual(apiError('forbidden', 'may not read'));
    expect(await deleteRow(writer, table, row!.id as string)).toBe(true);
    await expect(importRows(writer, table, { format: 'ndjson', text: '{"a":"z"}' })).resolves.toEqual({ count: 1 });
    // A write by a handler is in its run, not in the audit trail.
    const entries = await ctx.store.audit.list({ object: 'row', objectId: table.id }, null, 10);
    expect(entries).toEqual([]);
  });
});

test('no name and no value of a person is ever in the text of a statement', async () => {
  const statements: string[] = [];
  const spy = new Proxy(env.DATA, {
    get: (data, property) => {
      if (property === 'prepare') return (sql: string) => (statements.push(sql), data.prepare(sql));
      const value: unknown = Reflect.get(data, property);
      return typeof value === 'function' ? (value.bind(data) as unknown) : value;
    },
  });
  const watched: Context = { ...ctx, store: createStore({ DB: env.DB, KEYS: env.KEYS, FILES: env.FILES, DATA: spy }) };
  const mark = 'zqzq';
  const value = `${mark}'"; drop table x; --`;
  const table = await createTable(
    watched,
    CreateTableInput.parse({
      schema: mark,
      name: name(mark),
      columns: [
        { name: `${mark}_a`, type: 'text', unique: true, default: value },
        { name: `${mark}_b`, type: 'json', default: { [mark]: value } },
      ],
    }),
  );
  const column = `${mark}_a`;
  await change(
    table,
    { addColumns: [{ name: `${mark}_c`, type: 'text', default: value }], renameColumns: { [column]: `${mark}_d` } },
    watched,
  );
  const renamed = `${mark}_d`;
  const [row] = await insertRows(watched, table, [{ [renamed]: value }]);
  await importRows(watched, table, { format: 'csv', text: `${renamed}\n${mark}\n` });
  await expect(importRows(watched, table, { format: 'csv', text: `${renamed}\n${mark}\n` })).rejects.toEqual(
    apiError('invalid_input'),
  );
  const where = [
    { field: renamed, op: 'contains' as const, value: mark },
    { field: renamed, op: 'startsWith' as const, value: mark },
    { field: renamed, op: 'in' as const, value: [value, mark] },
    { field: renamed, op: 'ne' as const, value: 'x' },
  ];
  const page = await listRows(watched, table, RowsQuery.parse({ where, order: [`-${renamed}`], limit: 1 }));
  expect(page.rows).toMatchObject([{ id: row!.id, [renamed]: value }]);
  await listRows(watched, table, RowsQuery.parse({ where, order: [`-${renamed}`], cursor: page.nextCursor }));
  await countRows(watched, table, where);
  await updateRow(watched, table, row!.id as string, { [renamed]: `${value}2` });
  await updateRows(watched, table, {
    where: [...where, { field: 'id', op: 'eq', value: row!.id }],
    changes: { [`${mark}_c`]: value },
  });
  await deleteRows(watched, table, { where });
  await change(table, { dropColumns: [renamed] }, watched);
  await deleteTable(watched, table.id, true, null);
  expect(statements.length).toBeGreaterThan(15);
  expect(statements.filter((sql) => sql.includes(mark) || sql.includes('drop table x'))).toEqual([]);
});

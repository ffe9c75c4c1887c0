import { describe, expect, it } from 'vitest';
import { createFlatTables, createTables } from '../../src/runtime/harness/javascript/tables';

/** A host that answers what it was asked. */
const echo = async (op: string, args: string): Promise<string> => {
  if (op === 'tables.delete') return '{"ok":true}';
  const asked = { op, ...(JSON.parse(args) as object) };
  const ok: Record<string, unknown> = { 'tables.list': { rows: [asked], nextCursor: null }, 'tables.insert': [asked] };
  return JSON.stringify({ ok: ok[op] ?? asked });
};

describe('the tables of workflows', () => {
  const tables = createFlatTables(echo);
  const where = [{ field: 'a', op: 'gt' as const, value: 1 }];
  it('are the operations with the table as an argument', async () => {
    expect(await tables.get('orders', 'r1')).toEqual({ op: 'tables.get', table: 'orders', id: 'r1' });
    const query = { where, sort: [{ field: 'a', dir: 'desc' as const }], limit: 3, offset: 6 };
    expect(await tables.find('orders', query)).toEqual([{ op: 'tables.list', table: 'orders', ...query }]);
    expect(await tables.insert('orders', { a: 1 })).toEqual({ op: 'tables.insert', table: 'orders', rows: [{ a: 1 }] });
    expect(await tables.update('orders', 1, { a: 2 })).toEqual({
      op: 'tables.update',
      table: 'orders',
      id: 1,
      changes: { a: 2 },
    });
    expect(await tables.updateMany('crm.orders', where, { a: 2 })).toEqual({
      op: 'tables.updateMany',
      table: 'crm.orders',
      where,
      changes: { a: 2 },
    });
    expect(await tables.delete('orders', 1)).toEqual({ count: 1 });
    expect(await tables.deleteMany('orders', where)).toEqual({ op: 'tables.deleteMany', table: 'orders', where });
  });
});

describe('ctx.tables', () => {
  it('fails with what Portico refused', async () => {
    const refusing = async (): Promise<string> =>
      '{"error":{"code":"forbidden","message":"no","errors":[{"pointer":"#/a"}]}}';
    await expect(createTables(refusing).orders!.get(1)).rejects.toMatchObject({
      name: 'TableError',
      code: 'forbidden',
      message: 'no',
      errors: [{ pointer: '#/a' }],
    });
  });
});

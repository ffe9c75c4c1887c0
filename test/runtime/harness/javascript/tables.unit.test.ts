import { describe, expect, it } from 'vitest';
import {
  createFlatTables,
  createTables,
  TableError,
  type Table,
} from '../../../../src/runtime/harness/javascript/tables';

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

  /** Request of a call, or the refusal's place and message; a refusal that comes after something was sent is a failure. */
  const attempt = async (work: (orders: Table) => Promise<unknown>): Promise<unknown> => {
    const sent: unknown[] = [];
    const record = async (op: string, args: string): Promise<string> => {
      sent.push([op, JSON.parse(args)]);
      return '{"ok":{"rows":[],"nextCursor":null}}';
    };
    try {
      await work(createTables(record).orders!);
      return sent;
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      const [first] = error.errors as { pointer: string }[];
      return { sent: sent.length, code: error.code, pointer: first!.pointer, message: error.message };
    }
  };
  const none = undefined as never;
  const give = 'give it a value, or null to ask for rows without one';
  const leave = 'leave the column out, or write null for no value';

  it.each<[string, (orders: Table) => Promise<unknown>, string, string]>([
    ['deleteMany, a value', (t) => t.deleteMany({ email: none }), '#/where/email', `where.email is undefined; ${give}`],
    [
      'deleteMany, an operator',
      (t) => t.deleteMany({ n: { gte: none } }),
      '#/where/n/gte',
      `where.n.gte is undefined; ${give}`,
    ],
    ['deleteMany, a list', (t) => t.deleteMany({ n: [1, none] }), '#/where/n/1', `where.n[1] is undefined; ${give}`],
    [
      'deleteMany, the list form',
      (t) => t.deleteMany([{ field: 'n', value: none }]),
      '#/where/0/value',
      `where[0].value (on n) is undefined; ${give}`,
    ],
    [
      'deleteMany, no conditions',
      (t) => t.deleteMany(none),
      '#/where',
      'where is undefined; give conditions, or write {} and { all: true } to mean every row',
    ],
    [
      'deleteMany, a function',
      (t) => t.deleteMany((() => true) as never),
      '#/where',
      'where is a function; write the value that you mean',
    ],
    [
      'deleteMany, a Map',
      (t) => t.deleteMany(new Map([['email', 'x']]) as never),
      '#/where',
      'where is a Map; write Object.fromEntries(map)',
    ],
    ['deleteMany, options', (t) => t.deleteMany({ a: 1 }, none), '#', 'the argument is undefined; leave it out'],
    ['deleteMany, an option', (t) => t.deleteMany({}, { all: none }), '#/all', 'all is undefined; leave it out'],
    ['deleteMany, true', (t) => t.deleteMany({}, true as never), '#', 'the argument must be an object of options'],
    [
      'updateMany, a condition',
      (t) => t.updateMany({ email: none }, { n: 1 }),
      '#/where/email',
      `where.email is undefined; ${give}`,
    ],
    [
      'updateMany, a change',
      (t) => t.updateMany({ n: 1 }, { email: none }),
      '#/changes/email',
      `changes.email is undefined; ${leave}`,
    ],
    [
      'updateMany, no changes',
      (t) => t.updateMany({ n: 1 }, none),
      '#/changes',
      'changes is undefined; give an object of columns',
    ],
    ['count, a value', (t) => t.count({ email: none }), '#/where/email', `where.email is undefined; ${give}`],
    [
      'count, undefined',
      (t) => t.count(none),
      '#/where',
      'where is undefined; give conditions, or leave it out to mean every row',
    ],
    ['count, a symbol', (t) => t.count(Symbol('x') as never), '#/where', 'where is a symbol; write a string'],
    ['find, a value', (t) => t.find({ where: { email: none } }), '#/where/email', `where.email is undefined; ${give}`],
    [
      'find, the list form',
      (t) => t.find({ where: [{ field: 'n', op: 'in', value: [NaN] }] }),
      '#/where/0/value/0',
      'where[0].value[0] (on n) is NaN; write a finite number, or null for no value',
    ],
    [
      'find, where',
      (t) => t.find({ where: none }),
      '#/where',
      'where is undefined; give conditions, or leave it out to mean every row',
    ],
    [
      'find, limit',
      (t) => t.find({ limit: NaN }),
      '#/limit',
      'limit is NaN; write a finite number, or null for no value',
    ],
    ['find, undefined', (t) => t.find(none), '#', 'the argument is undefined; leave it out'],
    ['find, a Map', (t) => t.find(new Map() as never), '#', 'the argument is a Map; write Object.fromEntries(map)'],
    ['list, columns', (t) => t.list({ columns: ['a', none] }), '#/columns/1', 'columns[1] is undefined; leave it out'],
    ['list, cursor', (t) => t.list({ cursor: none }), '#/cursor', 'cursor is undefined; leave it out'],
    ['get', (t) => t.get(none), '#/id', 'id is undefined; give the id of a row'],
    ['get, null', (t) => t.get(null), '#/id', 'id must be a string or a number'],
    ['get, a Date', (t) => t.get(new Date(0)), '#/id', 'id must be a string or a number'],
    ['delete', (t) => t.delete(NaN), '#/id', 'id is NaN; write a finite number, or null for no value'],
    ['update, the id', (t) => t.update(none, { a: 1 }), '#/id', 'id is undefined; give the id of a row'],
    ['update, a change', (t) => t.update(1, { a: new Set() }), '#/changes/a', 'changes.a is a Set; write [...set]'],
    [
      'insert, a value',
      (t) => t.insert({ price: NaN }),
      '#/rows/0/price',
      'rows[0].price is NaN; write a finite number, or null for no value',
    ],
    [
      'insert, nested',
      (t) => t.insert([{ a: 1 }, { meta: { tags: [none] } }]),
      '#/rows/1/meta/tags/0',
      `rows[1].meta.tags[0] is undefined; leave it out, or write null`,
    ],
    ['insert, undefined', (t) => t.insert(none), '#/rows/0', 'rows[0] is undefined; give an object of columns'],
    [
      'insert, an awkward name',
      (t) => t.insert({ 'a/b ~': 1n }),
      '#/rows/0/a~1b ~0',
      'rows[0]["a/b ~"] is a BigInt; write Number(x) or String(x)',
    ],
  ])('refuses values without a JSON form before it sends them: %s', async (_, work, pointer, message) => {
    const method = _.split(',')[0]!;
    expect(await attempt(work)).toEqual({
      sent: 0,
      code: 'invalid_input',
      pointer,
      message: `orders.${method}: ${message}.`,
    });
  });

  it.each<[string, (orders: Table) => Promise<unknown>, [string, object]]>([
    ['what is left out stays out', (t) => t.count(), ['tables.count', {}]],
    ['no options', (t) => t.find(), ['tables.list', {}]],
    ['empty options', (t) => t.list({}), ['tables.list', {}]],
    ['a cursor of a first page', (t) => t.list({ cursor: null }), ['tables.list', { cursor: null }]],
    ['null is no value', (t) => t.count({ a: null }), ['tables.count', { where: { a: null } }]],
    [
      'a Date is its text',
      (t) => t.count({ at: { gte: new Date(0) } }),
      ['tables.count', { where: { at: { gte: '1970-01-01T00:00:00.000Z' } } }],
    ],
    ['an option is said', (t) => t.deleteMany({}, { all: true }), ['tables.deleteMany', { all: true, where: {} }]],
    [
      'an option does not replace an argument',
      (t) => t.deleteMany({ a: 1 }, { where: {}, table: 'users', all: true } as never),
      ['tables.deleteMany', { all: true, where: { a: 1 } }],
    ],
    ['as a callback', (t) => Promise.all([{ a: 1 }].map(t.count)), ['tables.count', { where: { a: 1 } }]],
  ])('%s', async (_, work, [op, args]) => {
    expect(await attempt(work)).toEqual([[op, { ...args, table: 'orders' }]]);
  });
});

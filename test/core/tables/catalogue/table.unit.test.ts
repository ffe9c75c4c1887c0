import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../../src/core/access/actor';
import { viewerOf, rightsOf } from '../../../../src/core/tables/catalogue/access.rules';
import {
  Column,
  ColumnName,
  CatalogueName,
  type StoredColumn,
} from '../../../../src/core/tables/catalogue/column.schema';
import { readRowCursor, writeRowCursor } from '../../../../src/core/tables/rows/cursor.rules';
import { planPage } from '../../../../src/core/tables/rows/query.rules';
import { RowsQuery } from '../../../../src/core/tables/catalogue/row.schema';
import { toId } from '../../../../src/core/tables/rows/row.rules';
import { planColumns } from '../../../../src/core/tables/catalogue/update.rules';
import { uuid7s } from '../../../../src/core/tables/rows/insert-rows';
import { quote } from '../../../../src/storage/row-sql';

const person = (...roles: string[]): Actor => ({ kind: 'user', id: 'usr_1', name: 'u', roles, sessionId: 's' });
const executor = (...roles: string[]): Actor => ({
  kind: 'user',
  id: 'usr_1',
  name: 'u',
  roles,
  sessionId: '',
  executing: true,
});

describe('rightsOf', () => {
  const show = (actor: Actor, read: string[], write: string[]): string => {
    const rights = rightsOf(actor, { read, write });
    return (['see', 'read', 'write'] as const).filter((right) => rights[right]).join(' ');
  };
  it.each<[string, Actor, string[], string[], string]>([
    ['an admin', person('admin'), ['a'], ['b'], 'see read write'],
    ['an admin as executor', executor('admin'), ['a'], ['b'], 'see read write'],
    ['a developer in person', person('developer'), ['a'], ['b'], 'see read write'],
    ['a developer as executor', executor('developer'), ['a'], ['b'], ''],
    ['a developer as executor, no list', executor('developer'), [], [], 'see read write'],
    ['a developer as executor, one list', executor('developer'), [], ['b'], 'see read'],
    ['a viewer in person', person('viewer'), [], [], 'see'],
    ['a viewer as executor', executor('viewer'), [], [], ''],
    ['a viewer as executor who is listed', executor('viewer'), ['viewer'], [], 'see read'],
    ['a reader', person('a'), ['a'], ['b'], 'see read'],
    ['a writer', executor('b'), ['a'], ['b'], 'see write'],
    ['somebody', person('c'), ['a'], ['b'], ''],
    ['somebody, no list', executor('c'), [], [], ''],
    ['nobody', { kind: 'anonymous', credential: 'none' }, [], [], ''],
    ['the system', { kind: 'system' }, ['a'], ['b'], 'see read write'],
  ])('%s', (_, actor, read, write, expected) => expect(show(actor, read, write)).toBe(expected));

  it('decides which tables a list has', () => {
    expect(viewerOf(person('viewer'))).toBeNull();
    expect(viewerOf(executor('viewer'))).toEqual({ roles: ['viewer'], open: false });
    expect(viewerOf(executor('developer'))).toEqual({ roles: ['developer'], open: true });
    expect(viewerOf({ kind: 'anonymous', credential: 'none' })).toEqual({ roles: [], open: false });
  });
});

describe('names', () => {
  it.each(['a', '_', 'a_1', 'x'.repeat(63)])('%s is a name', (name) =>
    expect(CatalogueName.safeParse(name).success).toBe(true),
  );
  it.each(['', 'A', '1a', 'é', 'a b', 'a"', "a'", 'a;', 'a.b', 'a\n', 'x'.repeat(64), '__proto__'])(
    '%j is not a name',
    (name) => expect(CatalogueName.safeParse(name).success).toBe(false),
  );
  it.each(['id', 'created_at', 'updated_at'])('%s is reserved for columns', (name) =>
    expect(ColumnName.safeParse(name).error?.issues[0]).toMatchObject({ params: { code: 'reserved_name' } }),
  );
  it.each(['', 'a b', 'a"', '"', 'a;--', '1', 'x'.repeat(65), 'é'])('%j never becomes an identifier', (name) =>
    expect(() => quote(name)).toThrow('not a generated name'),
  );
});

const column = (name: string, more: object = {}): StoredColumn => ({
  ...Column.parse({ name, type: 'text', ...more }),
  key: `c_${name}`,
});
const table = {
  idType: 'uuid' as const,
  columns: [column('a'), column('b', { type: 'json' }), column('c', { type: 'integer' })],
};

describe('planPage', () => {
  const plan = (query: object) => {
    const planned = planPage(table, RowsQuery.parse(query));
    return 'plan' in planned ? planned.plan : planned.issues.map(({ code, pointer }) => `${code} ${pointer}`);
  };
  it('turns both forms of conditions into one', () => {
    const list = [
      { field: 'a', value: 'x' },
      { field: 'c', op: 'gte', value: 5 },
      { field: 'c', op: 'lt', value: 9 },
    ];
    expect(plan({ where: { a: 'x', c: { gte: 5, lt: 9 } } })).toEqual(plan({ where: list }));
    expect(plan({ where: { c: [1, 2], a: null, b: { isNull: false } } })).toMatchObject({
      where: [
        { key: 'c_c', op: 'in', value: [1, 2] },
        { key: 'c_a', op: 'eq', value: null },
        { key: 'c_b', op: 'isNull', value: 0 },
      ],
    });
  });
  it('turns both forms of an order into one, and always ends it with the id', () => {
    expect(plan({ order: ['-a', 'c'] })).toEqual(plan({ sort: [{ field: 'a', dir: 'desc' }, { field: 'c' }] }));
    expect(plan({ order: ['-id', 'a', 'a'] })).toMatchObject({
      sort: [
        { key: 'id', desc: true },
        { key: 'c_a', desc: false },
      ],
    });
    expect(plan({})).toMatchObject({ sort: [{ key: 'id', desc: false }], limit: 101 });
  });
  it.each<[object, string[]]>([
    [{ where: { d: 1 } }, ['unknown_column #/where/d']],
    [{ where: { c_a: 'x' } }, ['unknown_column #/where/c_a']],
    [{ where: { '"a" is null or 1=1 --': 1 } }, ['unknown_column #/where/"a" is null or 1=1 --']],
    [{ where: JSON.parse('{"__proto__":1}') as object }, ['unknown_column #/where/__proto__']],
    [{ where: { 'a/b~': 1 } }, ['unknown_column #/where/a~1b~0']],
    [{ where: { a: 1, c: 'x' } }, ['invalid_filter #/where/a', 'invalid_filter #/where/c']],
    [{ where: { b: 'x' } }, ['invalid_filter #/where/b']],
    [{ where: { c: { contains: '1' } } }, ['invalid_filter #/where/c']],
    [{ where: { a: { constructor: 1 } } }, ['invalid_filter #/where/a']],
    [{ where: { a: { lt: null } } }, ['invalid_filter #/where/a']],
    [{ where: { a: ['x', null] } }, ['invalid_filter #/where/a']],
    [{ where: { a: { isNull: 'yes' } } }, ['invalid_filter #/where/a']],
    [{ where: [{ field: 'a' }] }, ['invalid_filter #/where/0']],
    [{ where: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`x${i}`, 1])) }, ['too_big #/where']],
    [{ order: ['b'] }, ['invalid_sort #/order/0']],
    [{ order: ['--a'] }, ['unknown_column #/order/0']],
    [{ order: ['a'], sort: [{ field: 'a' }] }, ['invalid #/order']],
    [{ columns: ['a', 'z'] }, ['unknown_column #/columns/1']],
    [{ cursor: 'x' }, ['invalid #/cursor']],
    [{ cursor: writeRowCursor([{ key: 'id', desc: false }], { id: 'x' }), offset: 3 }, ['invalid #/offset']],
  ])('refuses %j', (query, issues) => expect(plan(query)).toEqual(issues));
});

describe('cursors', () => {
  const sort = [
    { key: 'c_a', desc: true },
    { key: 'id', desc: false },
  ];
  it('carry the values of the last row', () =>
    expect(readRowCursor(writeRowCursor(sort, { c_a: '€"\n', id: 5 }), sort)).toEqual(['€"\n', 5]));
  it.each([
    [
      'another order',
      [
        { key: 'c_a', desc: false },
        { key: 'id', desc: false },
      ],
    ],
    ['fewer keys', [{ key: 'c_a', desc: true }]],
  ])('do not go on in %s', (_, other) =>
    expect(readRowCursor(writeRowCursor(sort, { c_a: 'x', id: 5 }), other)).toBeNull(),
  );
  it.each(['', '!', 'W10', btoa('{}'), btoa('["-c_a,id",{},1]'), btoa('["-c_a,id","a\\u0000",1]')])(
    '%j is not a cursor',
    (text) => expect(readRowCursor(text, sort)).toBeNull(),
  );
});

describe('planColumns', () => {
  const plan = (changes: object) => {
    const planned = planColumns(table.columns, { renameColumns: {}, dropColumns: [], addColumns: [], ...changes });
    return 'issues' in planned ? planned.issues.map(({ code, pointer }) => `${code} ${pointer}`) : planned;
  };
  it('renames, then drops, then adds', () =>
    expect(
      plan({
        renameColumns: { a: 'b', b: 'old' },
        dropColumns: ['old'],
        addColumns: [Column.parse({ name: 'old', type: 'text' })],
      }),
    ).toMatchObject({
      kept: [{ name: 'b', key: 'c_a' }, { name: 'c' }],
      dropped: [{ key: 'c_b' }],
      added: [{ name: 'old' }],
    }));
  it.each<[object, string[]]>([
    [{ renameColumns: { z: 'y' } }, ['unknown_column #/renameColumns/z']],
    [{ renameColumns: { a: 'b' } }, ['name_taken #/renameColumns']],
    [{ dropColumns: ['z'] }, ['unknown_column #/dropColumns/0']],
    [{ addColumns: [Column.parse({ name: 'a', type: 'text' })] }, ['name_taken #/addColumns/0/name']],
    [{ addColumns: [Column.parse({ name: 'z', type: 'text', required: true })] }, ['required #/addColumns/0/default']],
    [
      { addColumns: Array.from({ length: 88 }, (_, i) => Column.parse({ name: `n${i}`, type: 'text' })) },
      ['too_big #/addColumns'],
    ],
  ])('refuses %#', (changes, issues) => expect(plan(changes)).toEqual(issues));
});

describe('ids', () => {
  it.each<['uuid' | 'integer', unknown, unknown]>([
    ['integer', 5, 5],
    ['integer', '5', 5],
    ['integer', '5 or 1=1', null],
    ['integer', 0, null],
    ['integer', -1, null],
    ['integer', 1.5, null],
    ['integer', '99999999999999999', null],
    ['uuid', '0198A9D0-0000-7000-8000-000000000000', '0198a9d0-0000-7000-8000-000000000000'],
    ['uuid', 5, null],
    ['uuid', "' or ''='", null],
  ])('%s %o: %o', (type, id, expected) => expect(toId(type, id)).toBe(expected));

  it('ascend, also past 4,096 in a millisecond, and contain the time', () => {
    const ids = uuid7s(Date.UTC(2026, 0, 1), 10_000);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    );
    expect(parseInt(ids[0]!.replace('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 0, 1));
  });
});

import { expect, test } from 'vitest';
import { postJson, publish } from '../support/publish';

const MIB = 1_048_576;

/** Does what it is told with its storage, and answers what came of it and how much is stored. */
const SOURCE = `
export default async ({ what }, { storage }) => {
  const { sql, kv } = storage;
  const rows = (count) => 'insert into t select zeroblob(${MIB}) from (with recursive c(n) as (select 1 union all select n + 1 from c where n < ' + count + ') select n from c)';
  const does = {
    fill: () => { sql.exec('create table if not exists t (a)'); sql.exec(rows(90)); return 'ok' },
    more: () => { sql.exec(rows(20)); return 'ok' },
    insert: () => { sql.exec('insert into t values (1)'); return 'ok' },
    upsert: () => sql.exec('select 1; replace into t values (?)', 1).toArray(),
    returning: () => sql.exec('INSERT INTO t VALUES (?) RETURNING a', 5).toArray(),
    kvPut: () => { kv.put('a', 1); return kv.get('a') },
    put: async () => { await storage.put('b', 2); return storage.get('b') },
    putMany: async () => { await storage.put({ c: 3, d: 4 }); return [...(await storage.list())].length },
    putInTransaction: () => storage.transaction(async (txn) => { await txn.put('e', 5); return txn.get('e') }),
    insertInTransaction: () => storage.transactionSync(() => { sql.exec('insert into t values (2)'); return 'ok' }),
    count: () => sql.exec('select count(*) as n from t').one().n,
    list: () => [...kv.list()].map(([key]) => key),
    delete: () => { sql.exec('delete from t where rowid > 5'); return 'ok' },
    drop: async () => { await storage.deleteAll(); return 'ok' },
    turned: () => { let at = 0; sql.exec({ toString: () => at++ ? 'insert into t values (3)' : 'select 1' }); return at },
    tampered: async () => {
      const { bind, call } = Function.prototype, { test, exec } = RegExp.prototype, { get } = Reflect;
      const found = [];
      const note = (real) => function (...args) { found.push(this, ...args); return real.apply(this, args) };
      Function.prototype.bind = note(bind); Function.prototype.call = note(call); Reflect.get = note(get);
      RegExp.prototype.test = () => false; RegExp.prototype.exec = () => null;
      for (const each of [storage, sql, kv]) {
        found.push(Object.getPrototypeOf(each));
        Object.defineProperty(Object.getPrototypeOf(each), 'self', { get() { found.push(this) }, configurable: true });
        each.self;
        delete Object.getPrototypeOf(each).self;
      }
      try { sql.exec('insert into t values (4)'); found.push('written') } catch (error) { found.push(error.message) }
      await storage.list();
      Function.prototype.bind = bind; Function.prototype.call = call; Reflect.get = get;
      RegExp.prototype.test = test; RegExp.prototype.exec = exec;
      const classes = found.map((each) => Object.prototype.toString.call(each));
      return [found.at(-1), classes.filter((name) => /Storage/.test(name))];
    },
  };
  try { return [await does[what](), sql.databaseSize] } catch (error) { return [error.message, sql.databaseSize] }
}`;

const FULL = 'ctx.storage is full: it has more than 104857600 bytes. Delete something first.';

test('a shared instance stores a hundred mebibytes, and can be emptied when it is full', async () => {
  const { endpoint } = await publish(SOURCE, { instance: 'shared', limits: { timeoutMs: 60_000 } });
  const tell = async (what: string): Promise<[unknown, number]> =>
    (await postJson(`/u/${endpoint.path}`, { what })).json();
  const told = async (what: string): Promise<unknown> => (await tell(what))[0];
  const writes = [
    'insert',
    'upsert',
    'returning',
    'kvPut',
    'put',
    'putMany',
    'putInTransaction',
    'insertInTransaction',
  ];

  expect((await tell('fill'))[1]).toBeGreaterThan(90 * MIB);
  for (const what of writes) expect(await told(what), what).not.toBe(FULL);
  expect(await told('returning')).toEqual([{ a: 5 }]);
  const [more, size] = await tell('more');
  expect([more, size > 100 * MIB]).toEqual(['ok', true]);

  for (const what of [...writes, 'more']) expect(await told(what), what).toBe(FULL);
  expect([await told('turned'), await told('tampered')]).toEqual([1, [FULL, []]]);
  expect([await told('count'), await told('list')]).toEqual([115, ['a', 'b', 'c', 'd', 'e']]);
  expect((await tell('insert'))[1]).toBe(size);

  expect(await told('delete')).toBe('ok');
  for (const what of writes) expect(await told(what), what).not.toBe(FULL);
  expect(await told('drop')).toBe('ok');
  expect((await tell('fill'))[0]).toBe('ok');
});

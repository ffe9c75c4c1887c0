/** Bytes that one shared instance may store. A single statement or value may exceed it; the next one is refused. */
const STORAGE_BYTES = 104_857_600;

/** The part of the platform's storage that this file reads; all of it is passed on. */
interface Storage {
  sql: { databaseSize: number };
  kv: object;
}

/** Statements that make a database grow, anywhere in a text of several statements. */
const GROWS = /\b(insert|replace|update|create|alter|reindex|vacuum)\b/i;

/**
 * Returns the storage of a shared instance for its code: writes are refused while it holds more than STORAGE_BYTES. Reads and deletes stay
 * possible, and deletes free space.
 */
export function limitStorage(storage: Storage): object {
  const { sql } = storage;
  const assertRoom = (): void => {
    if (sql.databaseSize > STORAGE_BYTES)
      throw new Error(`ctx.storage is full: it has more than ${STORAGE_BYTES} bytes. Delete something first.`);
  };
  const put =
    (target: object) =>
    async (...args: unknown[]): Promise<unknown> => {
      assertRoom();
      return call(target, 'put', args);
    };
  const limitedSql = instead(sql, {
    exec: (query: unknown, ...bindings: unknown[]): unknown => {
      if (GROWS.test(String(query))) assertRoom();
      return call(sql, 'exec', [query, ...bindings]);
    },
  });
  const limitedKv = instead(storage.kv, {
    put: (...args: unknown[]): unknown => {
      assertRoom();
      return call(storage.kv, 'put', args);
    },
  });
  return instead(storage, {
    sql: limitedSql,
    kv: limitedKv,
    put: put(storage),
    transaction: (work: (transaction: object) => unknown): unknown =>
      call(storage, 'transaction', [(transaction: object) => work(instead(transaction, { put: put(transaction) }))]),
  });
}

const call = (target: object, method: string, args: unknown[]): unknown =>
  (target as Record<string, (...args: unknown[]) => unknown>)[method]!(...args);

/** Returns a platform object with some members replaced. Its own methods need the original as `this`, not the replacement. */
function instead<T extends object>(target: T, members: Record<string, unknown>): T {
  return new Proxy(target, {
    get: (_, name) => {
      if (typeof name === 'string' && Object.hasOwn(members, name)) return members[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

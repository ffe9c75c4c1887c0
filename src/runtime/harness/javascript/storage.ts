/** Bytes that one shared instance may store. A single statement or value may exceed it; the next one is refused. */
const STORAGE_BYTES = 104_857_600;

/** The part of the platform's storage that this file reads; all of it is passed on. */
interface Storage {
  sql: object;
  kv: object;
}

/** Statements that make a database grow, anywhere in a text of several statements. */
const GROWS = /\b(insert|replace|update|create|alter|reindex|vacuum)\b/i;

/* Captured before any user code runs: code that replaces one of these gets no further. */
const { apply, getPrototypeOf, ownKeys } = Reflect;
const { defineProperty, getOwnPropertyDescriptor, hasOwn } = Object;
const { exec } = RegExp.prototype;

type Method = (...args: unknown[]) => unknown;

/**
 * Returns the storage of a shared instance for its code: writes are refused while it holds more than STORAGE_BYTES. Reads and deletes stay
 * possible, and deletes free space. Nothing in it leads to the platform's objects or their classes, which know no limit.
 */
export function limitStorage(storage: Storage): object {
  const { sql, kv } = storage;
  const { get: size } = getOwnPropertyDescriptor(getPrototypeOf(sql)!, 'databaseSize')!;
  const assertRoom = (): void => {
    if ((apply(size!, sql, []) as number) > STORAGE_BYTES)
      throw new Error(`ctx.storage is full: it has more than ${STORAGE_BYTES} bytes. Delete something first.`);
  };
  const whenRoom =
    (method: Method): Method =>
    (...args) => {
      assertRoom();
      return method(...args);
    };
  const soon =
    (method: Method): Method =>
    async (...args) =>
      whenRoom(method)(...args);
  const execute =
    (method: Method): Method =>
    (query, ...bindings) => {
      // Converted once: the next conversion may give another text.
      const text = `${query as string}`;
      if (apply(exec, GROWS, [text]) !== null) assertRoom();
      return method(text, ...bindings);
    };
  const transact =
    (method: Method): Method =>
    (work) =>
      method((transaction: object) => (work as Method)(facadeOf(transaction, { put: soon })));
  const facade = facadeOf(storage, { put: soon, transaction: transact });
  defineProperty(facade, 'sql', { value: facadeOf(sql, { exec: execute }) });
  return defineProperty(facade, 'kv', { value: facadeOf(kv, { put: whenRoom }) });
}

/** Returns an object with the members of the class of `target`, some of them replaced. */
function facadeOf(target: object, replaced: Record<string, (method: Method) => Method>): object {
  const facade = {};
  const members = getPrototypeOf(target)!;
  for (const name of ownKeys(members)) {
    if (typeof name === 'symbol' || name === 'constructor') continue;
    const { get, value } = getOwnPropertyDescriptor(members, name)!;
    const method: Method = (...args) => apply(value as Method, target, args);
    if (get !== undefined) defineProperty(facade, name, { get: () => apply(get, target, []) as unknown });
    else defineProperty(facade, name, { value: hasOwn(replaced, name) ? replaced[name]!(method) : method });
  }
  return facade;
}

import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { count, hold, note } from './ledger';
import { meter } from './meter';
import { sizeOf } from './size-of';

/* Meters values that go to the bindings of stores, and to the storage of Durable Objects. */

const bytesOf = (value: unknown): number =>
  typeof value === 'string' ? new TextEncoder().encode(value).length : sizeOf(value);

const subrequest = (): void => count('subrequests');
const query = (): void => {
  subrequest();
  count('queries');
};

/** Checks the values of a statement: those of an insertion of one row are the row. */
function holdValues(sql: string, values: readonly unknown[]): void {
  hold('parameters', values.length);
  const sizes = values.map(bytesOf);
  const isRow = /^\s*(insert|replace)\b/i.test(sql) && !/\)\s*,\s*\(/.test(sql);
  hold('rowBytes', isRow ? sizes.reduce((sum, size) => sum + size, 0) : Math.max(0, ...sizes));
}

function meterDatabase(): void {
  const database = Object.getPrototypeOf(env.DB) as object;
  const statement = Object.getPrototypeOf(env.DB.prepare('select 1')) as object;
  meter(database, 'prepare', (_, sql: string) => hold('sqlBytes', bytesOf(sql)));
  meter(database, 'batch', (_, statements: unknown[]) => {
    subrequest();
    count('queries', statements.length);
  });
  meter(statement, 'bind', (self, ...values: unknown[]) =>
    holdValues((self as { statement: string }).statement, values),
  );
  for (const name of ['first', 'run', 'all', 'raw']) meter(statement, name, query);
}

function meterKeys(): void {
  const namespace = Object.getPrototypeOf(env.KEYS) as object;
  meter(namespace, 'get', subrequest);
  meter(namespace, 'delete', subrequest);
  meter(namespace, 'put', (_, key: string, value: unknown) => {
    subrequest();
    hold('keyBytes', bytesOf(key));
    hold('valueBytes', bytesOf(value));
    note(({ keyWrites }) => keyWrites.set(key, (keyWrites.get(key) ?? 0) + 1));
  });
}

function meterFiles(): void {
  const bucket = Object.getPrototypeOf(env.FILES) as object;
  for (const name of ['head', 'get', 'list']) meter(bucket, name, subrequest);
  meter(bucket, 'put', (_, key: string) => {
    subrequest();
    hold('objectKeyBytes', bytesOf(key));
  });
  meter(bucket, 'delete', (_, keys: string | string[]) => {
    subrequest();
    if (Array.isArray(keys)) hold('deletedObjects', keys.length);
  });
}

/** Prototypes of the storage of objects, which all files of a project share. */
interface Storage {
  storage: object;
  kv: object;
  sql: object;
}
const STORAGE = Symbol.for('storage of objects');
const shared = globalThis as typeof globalThis & { [STORAGE]?: Storage };

const findStorage = (): Promise<Storage> =>
  runInDurableObject(env.ANSWER.getByName('meter'), (_, { storage }) => ({
    storage: Object.getPrototypeOf(storage) as object,
    kv: Object.getPrototypeOf(storage.kv) as object,
    sql: Object.getPrototypeOf(storage.sql) as object,
  }));

async function meterStorage(): Promise<void> {
  const { storage, kv, sql } = (shared[STORAGE] ??= await findStorage());
  const put = (_: unknown, key: unknown, value: unknown): void => hold('storedBytes', bytesOf(key) + sizeOf(value));
  meter(storage, 'put', put);
  meter(kv, 'put', put);
  meter(sql, 'exec', (_, text: string, ...values: unknown[]) => {
    hold('sqlBytes', bytesOf(text));
    holdValues(text, values);
  });
}

export async function meterBindings(): Promise<void> {
  meterDatabase();
  meterKeys();
  meterFiles();
  await meterStorage();
  meter(Object.getPrototypeOf(env.ASSETS) as object, 'fetch', subrequest);
  meter(Object.getPrototypeOf(env.GRAPH_RUN) as object, 'create', (_, options: { params?: unknown } = {}) => {
    subrequest();
    hold('eventBytes', bytesOf(JSON.stringify(options.params ?? null)));
  });
}

import { env } from 'cloudflare:workers';
import { afterEach, expect } from 'vitest';

/*
 * Limits that Cloudflare publishes and a local workerd does not enforce. A setup file of all tests in workerd: every statement, key and body
 * that the Worker or one of its Durable Objects hands to a binding is held to them, and a test with one beyond them fails. What one
 * invocation spends is counted where a test asks for it: `spend`.
 */

const PAGE = 'https://developers.cloudflare.com';
const MIB = 1_048_576;
/** As published in November 2026, for the Workers Paid plan. */
export const PUBLISHED = {
  parameters: { max: 100, page: `${PAGE}/d1/platform/limits/`, unit: 'bound parameters of a query' },
  sqlBytes: { max: 100_000, page: `${PAGE}/d1/platform/limits/`, unit: 'bytes of a SQL statement' },
  rowBytes: { max: 2_000_000, page: `${PAGE}/d1/platform/limits/`, unit: 'bytes of a string, BLOB or row' },
  queries: { max: 1000, page: `${PAGE}/d1/platform/limits/`, unit: 'queries of a Worker invocation' },
  keyBytes: { max: 512, page: `${PAGE}/kv/platform/limits/`, unit: 'bytes of a key in KV' },
  valueBytes: { max: 25 * MIB, page: `${PAGE}/kv/platform/limits/`, unit: 'bytes of a value in KV' },
  keyWrites: { max: 1, page: `${PAGE}/kv/platform/limits/`, unit: 'writes of one key in a second' },
  objectKeyBytes: { max: 1024, page: `${PAGE}/r2/platform/limits/`, unit: 'bytes of a key in R2' },
  deletedObjects: { max: 1000, page: `${PAGE}/r2/api/workers/workers-api-reference/`, unit: 'objects of one deletion' },
  eventBytes: { max: MIB, page: `${PAGE}/workflows/reference/limits/`, unit: 'bytes of the event of a Workflow' },
  subrequests: { max: 10_000, page: `${PAGE}/workers/platform/limits/`, unit: 'subrequests of a Worker invocation' },
} as const;
type Limit = keyof typeof PUBLISHED;

/** Requests of an invocation to its bindings. A batch of D1 is one subrequest and as many queries as it has statements. */
export interface Spent {
  subrequests: number;
  queries: number;
  /** Ids of Dynamic Workers that were asked for. */
  isolates: Set<string>;
  /** Number of writes of each key in KV. */
  keyWrites: Map<string, number>;
}

const nothing = (): Spent => ({ subrequests: 0, queries: 0, isolates: new Set(), keyWrites: new Map() });
let spent = nothing();
let beyond: string[] = [];

/** Performs `work`, and returns what the Worker spent during it: nothing else may be at work. */
export async function spend(work: () => Promise<unknown>): Promise<Spent> {
  spent = nothing();
  await work();
  return spent;
}

const hold = (limit: Limit, value: number): void => {
  const { max, unit, page } = PUBLISHED[limit];
  if (value > max) beyond.push(`${value} ${unit} (at most ${max}: ${page})`);
};

/** Clears what was noted, and returns it. */
export function takeBeyond(): string[] {
  const found = beyond;
  beyond = [];
  return found;
}

afterEach(() => expect(takeBeyond()).toEqual([]));

const bytesOf = (value: unknown): number =>
  typeof value === 'string'
    ? new TextEncoder().encode(value).length
    : value instanceof ArrayBuffer || ArrayBuffer.isView(value)
      ? value.byteLength
      : 8;

type Method = (this: unknown, ...args: never[]) => unknown;
const METERED = Symbol.for('metered');

/** Calls `note` with the arguments of each call of a method, before it happens. */
function meter(prototype: object, name: string, note: (...args: never[]) => void): void {
  const method = Reflect.get(prototype, name) as Method & { [METERED]?: Method };
  // All files of a project share the prototypes: the meter of an earlier file is replaced.
  const original = method[METERED] ?? method;
  const metered: Method & { [METERED]?: Method } = function (...args) {
    note(...args);
    return Reflect.apply(original, this, args);
  };
  metered[METERED] = original;
  Reflect.set(prototype, name, metered);
}

const subrequest = (): void => void (spent.subrequests += 1);
const query = (): void => {
  subrequest();
  spent.queries += 1;
};

const database = Object.getPrototypeOf(env.DB) as object;
const statement = Object.getPrototypeOf(env.DB.prepare('select 1')) as object;
meter(database, 'prepare', (sql: string) => hold('sqlBytes', bytesOf(sql)));
meter(database, 'batch', (statements: unknown[]) => {
  subrequest();
  spent.queries += statements.length;
});
meter(statement, 'bind', (...values: unknown[]) => {
  hold('parameters', values.length);
  for (const value of values) hold('rowBytes', bytesOf(value));
});
for (const name of ['first', 'run', 'all', 'raw']) meter(statement, name, query);

const namespace = Object.getPrototypeOf(env.KEYS) as object;
meter(namespace, 'get', subrequest);
meter(namespace, 'delete', subrequest);
meter(namespace, 'put', (key: string, value: unknown) => {
  subrequest();
  hold('keyBytes', bytesOf(key));
  hold('valueBytes', bytesOf(value));
  spent.keyWrites.set(key, (spent.keyWrites.get(key) ?? 0) + 1);
});

const bucket = Object.getPrototypeOf(env.FILES) as object;
for (const name of ['head', 'get', 'list']) meter(bucket, name, subrequest);
meter(bucket, 'put', (key: string) => {
  subrequest();
  hold('objectKeyBytes', bytesOf(key));
});
meter(bucket, 'delete', (keys: string | string[]) => {
  subrequest();
  if (Array.isArray(keys)) hold('deletedObjects', keys.length);
});

// A stub that is asked for is called once.
meter(Object.getPrototypeOf(env.LIMITER) as object, 'getByName', subrequest);
meter(Object.getPrototypeOf(env.ASSETS) as object, 'fetch', subrequest);
meter(Object.getPrototypeOf(env.GRAPH_RUN) as object, 'create', (options: { params?: unknown } = {}) => {
  subrequest();
  hold('eventBytes', bytesOf(JSON.stringify(options.params ?? null)));
});
meter(Object.getPrototypeOf(env.LOADER) as object, 'get', (id: string | null) => void spent.isolates.add(String(id)));

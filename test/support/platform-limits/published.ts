const PAGE = 'https://developers.cloudflare.com';
const MIB = 1_048_576;

/** Limits that Cloudflare publishes for the Workers Paid plan, as of November 2026. `page` is where. */
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
  storedBytes: {
    max: 2_000_000,
    page: `${PAGE}/durable-objects/platform/limits/`,
    unit: 'bytes of a stored value with its key',
  },
  eventBytes: { max: MIB, page: `${PAGE}/workflows/reference/limits/`, unit: 'bytes of the event of a Workflow' },
  stepBytes: { max: MIB, page: `${PAGE}/workflows/reference/limits/`, unit: 'bytes of the result of a step' },
  steps: { max: 10_000, page: `${PAGE}/workflows/reference/limits/`, unit: 'steps of a Workflow' },
  subrequests: { max: 10_000, page: `${PAGE}/workers/platform/limits/`, unit: 'subrequests of a Worker invocation' },
  // Published of calls by service bindings. Portico has none, but calls Dynamic Workers in the same way.
  invocations: {
    max: 32,
    page: `${PAGE}/workers/runtime-apis/bindings/service-bindings/`,
    unit: 'invocations of Workers for one request',
  },
  rpcBytes: {
    max: 32 * MIB,
    page: `${PAGE}/workers/runtime-apis/rpc/`,
    unit: 'bytes of the arguments or the result of a call',
  },
  isolatesAtOnce: {
    max: 4,
    page: `${PAGE}/dynamic-workers/platform/limits/`,
    unit: 'Dynamic Workers at work for one invocation',
  },
  isolateBytes: {
    max: 64 * MIB,
    page: `${PAGE}/workers/platform/limits/`,
    unit: 'bytes of the modules of a Dynamic Worker',
  },
  isolateCpuMs: {
    max: 300_000,
    page: `${PAGE}/workers/platform/limits/`,
    unit: 'milliseconds of CPU of a Dynamic Worker',
  },
  memoryBytes: {
    max: 128_000_000,
    page: `${PAGE}/workers/platform/limits/`,
    unit: 'bytes that one isolate has, or passes on at once',
  },
  startMs: {
    max: 1000,
    page: `${PAGE}/workers/platform/limits/`,
    unit: 'milliseconds of CPU that the Worker starts in',
  },
} as const;
export type Limit = keyof typeof PUBLISHED;

/** Use of its bindings by an invocation. A batch of D1 is one subrequest and as many queries as it has statements. */
export interface Spent {
  subrequests: number;
  queries: number;
  /** Calls of Dynamic Workers, and the request itself. */
  invocations: number;
  /** Steps of a Workflow. */
  steps: number;
  /** Ids of Dynamic Workers that were asked for. */
  isolates: Set<string>;
  /** Number of writes of each key in KV. */
  keyWrites: Map<string, number>;
  /** Bytes of the largest arguments or result of a call of an object or isolate. */
  rpcBytes: number;
  /** Bytes of what was passed to isolates and objects at the same time, at most: modules, arguments and results. */
  memoryBytes: number;
  /** Bytes of the modules that isolates were made from. */
  moduleBytes: number;
}

import type { Filter, Row, RowQuery, Tables } from '../workflow/types';
import { parse, stringify } from './json';

/** Asks Portico for an operation; both ways text (entrypoints/host-api.ts). */
export type Send = (op: string, args: string) => Promise<string>;

/** Conditions that all apply: a list, or values by column (`{price: {gte: 5}}`, a list for `in`, null for no value). */
export type Where = Filter[] | Record<string, unknown>;
export interface Query {
  where?: Where;
  sort?: { field: string; dir?: 'asc' | 'desc' }[];
  /** The short form of `sort`: `-price` for descending. */
  order?: string[];
  columns?: string[];
  /** 1-1,000; 100 when left out. */
  limit?: number;
  offset?: number;
}

/** One table, with the rights of the endpoint's executor. Every method rejects with a TableError. */
export interface Table extends AsyncIterable<Row> {
  /** One page, and where the next one begins; null after the last. */
  list(query?: Query & { cursor?: string | null }): Promise<{ rows: Row[]; nextCursor: string | null }>;
  /** The rows of one page. */
  find(query?: Query): Promise<Row[]>;
  /** The row with this id, or null. */
  get(id: unknown): Promise<Row | null>;
  count(where?: Where): Promise<number>;
  /** Adds a row or a list of rows, all or none, and answers what was stored, in the same form. */
  insert(row: Row): Promise<Row>;
  insert(rows: Row[]): Promise<Row[]>;
  /** The changed row, or null. */
  update(id: unknown, changes: Row): Promise<Row | null>;
  /** True if it was there. */
  delete(id: unknown): Promise<boolean>;
  updateMany(where: Where, changes: Row): Promise<{ count: number }>;
  deleteMany(where: Where): Promise<{ count: number }>;
}

/** What Portico refused: `code` is its word for it, `errors` every offence of a value or condition. */
export class TableError extends Error {
  readonly code: string;
  readonly errors: unknown[];
  constructor(code: string, message: string, errors: unknown[]) {
    super(message);
    this.name = 'TableError';
    this.code = code;
    this.errors = errors;
  }
}

interface Refusal {
  code?: unknown;
  message?: unknown;
  errors?: unknown;
}

async function ask(send: Send, verb: string, args: object): Promise<unknown> {
  const answer = parse(await send(`tables.${verb}`, stringify(args))) as { ok?: unknown; error?: Refusal };
  const { error } = answer;
  if (error === undefined) return answer.ok;
  const errors = Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  throw new TableError(String(error.code), String(error.message), errors);
}

function openTable(send: Send, table: string): Table {
  const to = (verb: string, args: object = {}): Promise<unknown> => ask(send, verb, { ...args, table });
  const list: Table['list'] = async (query = {}) =>
    (await to('list', query)) as { rows: Row[]; nextCursor: string | null };
  return {
    list,
    find: async (query) => (await list(query)).rows,
    get: async (id) => (await to('get', { id })) as Row | null,
    count: async (where) => (await to('count', { where })) as number,
    insert: (async (rows: Row | Row[]) => {
      const stored = (await to('insert', { rows: Array.isArray(rows) ? rows : [rows] })) as Row[];
      return Array.isArray(rows) ? stored : stored[0]!;
    }) as Table['insert'],
    update: async (id, changes) => (await to('update', { id, changes })) as Row | null,
    delete: async (id) => (await to('delete', { id })) as boolean,
    updateMany: async (where, changes) => (await to('updateMany', { where, changes })) as { count: number },
    deleteMany: async (where) => (await to('deleteMany', { where })) as { count: number },
    async *[Symbol.asyncIterator]() {
      let cursor: string | null = null;
      do {
        const page: { rows: Row[]; nextCursor: string | null } = await list({ limit: 1000, cursor });
        yield* page.rows;
        cursor = page.nextCursor;
      } while (cursor !== null);
    },
  };
}

/** Asked of any object by the language itself, so never a table: `ctx.tables['public.then']` is how to reach one of that name. */
const NOT_TABLES = new Set(['then', 'toJSON', 'constructor', 'valueOf', 'toString']);

/** `ctx.tables`: `tables.orders`, or `tables['crm.accounts']` for a table in another schema than `public`. */
export const createTables = (send: Send): Record<string, Table> =>
  new Proxy(Object.create(null) as Record<string, Table>, {
    get: (_, name) => (typeof name === 'string' && !NOT_TABLES.has(name) ? openTable(send, name) : undefined),
    set: () => false,
  });

/** The same operations with the table as an argument: what compiled workflows use. */
export const createFlatTables = (send: Send): Tables => ({
  get: (table, row) => openTable(send, table).get(row),
  find: (table, query: RowQuery) => openTable(send, table).find(query),
  insert: (table, values) => openTable(send, table).insert(values),
  update: (table, row, values) => openTable(send, table).update(row, values),
  updateMany: (table, where, values) => openTable(send, table).updateMany(where, values),
  delete: async (table, row) => ({ count: (await openTable(send, table).delete(row)) ? 1 : 0 }),
  deleteMany: (table, where) => openTable(send, table).deleteMany(where),
});

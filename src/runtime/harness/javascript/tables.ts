import type { Filter, Row, RowQuery, Tables } from '../workflow/types';
import { exactJson, NoJsonForm, showPath, type Path } from './exact-json';
import { parse, stringify } from './json';

/** Sends an operation to Portico; arguments and result are JSON text (core/gateway/host/outlet.ts). */
export type Send = (op: string, args: string) => Promise<string>;

/** Conditions that all apply: a list, or values by column (`{price: {gte: 5}}`, a list for `in`, null for no value). */
export type Where = Filter[] | Record<string, unknown>;
export interface Query {
  where?: Where;
  sort?: { field: string; dir?: 'asc' | 'desc' }[];
  /** The short form of `sort`: `-price` for descending. */
  order?: string[];
  columns?: string[];
  /** 1-1,000; default 100. */
  limit?: number;
  offset?: number;
}
/** `all: true` confirms that every row is meant: a change of many rows without a condition requires it. */
export interface Many {
  all?: boolean;
}

/**
 * One table, with the rights of the endpoint's executor. Every method rejects with a TableError; for an argument that JSON cannot represent
 * (undefined, NaN, a Map) before anything is sent, since a condition without it would mean every row.
 */
export interface Table extends AsyncIterable<Row> {
  /** One page, and the cursor of the next one; null after the last. */
  list(query?: Query & { cursor?: string | null }): Promise<{ rows: Row[]; nextCursor: string | null }>;
  /** The rows of one page. */
  find(query?: Query): Promise<Row[]>;
  /** The row with this id, or null. */
  get(id: unknown): Promise<Row | null>;
  count(where?: Where): Promise<number>;
  /** Adds a row or a list of rows, all or none. Resolves to the stored rows, in the same form. */
  insert(row: Row): Promise<Row>;
  insert(rows: Row[]): Promise<Row[]>;
  /** The changed row, or null. */
  update(id: unknown, changes: Row): Promise<Row | null>;
  /** True if the row existed. */
  delete(id: unknown): Promise<boolean>;
  updateMany(where: Where, changes: Row, options?: Many): Promise<{ count: number }>;
  deleteMany(where: Where, options?: Many): Promise<{ count: number }>;
}

/** Portico's refusal: `code` is its error code, `errors` has every issue of a value or condition. */
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

interface HostError {
  code?: unknown;
  message?: unknown;
  errors?: unknown;
}

/** Sends `verb` with `members`, its arguments as members of a JSON object. The table comes last, so that no option can replace it. */
async function ask(send: Send, verb: string, table: string, members: string[]): Promise<unknown> {
  const args = `{${[...members, `"table":${stringify(table)}`].join(',')}}`;
  const answer = parse(await send(`tables.${verb}`, args)) as { ok?: unknown; error?: HostError };
  const { error } = answer;
  if (error === undefined) return answer.ok;
  const errors = Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  throw new TableError(String(error.code), String(error.message), errors);
}

/** Converts the arguments of one method to members of a JSON object. Throws a TableError with the table and the path for a value without JSON. */
function argumentsOf(table: string, method: string) {
  const refuse = (path: Path, what: string, about = ''): never => {
    const names = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 64)}`);
    throw new TableError('invalid_input', `${table}.${method}: ${showPath(path) || 'the argument'}${about} ${what}.`, [
      { pointer: `#${names.join('')}`, code: 'no_json_form', message: what },
    ]);
  };
  const exact = (value: unknown, path: Path): string => {
    try {
      return exactJson(value, path);
    } catch (error) {
      if (!(error instanceof NoJsonForm)) throw error;
      const instead = error.instead ?? insteadOfUndefined(error.path, method);
      return refuse(error.path, `${error.what}; ${instead}`, aboutColumn(value, path, error.path));
    }
  };
  return {
    one: (name: string, value: unknown): string => `${stringify(name)}:${exact(value, [name])}`,
    row: (value: unknown): string => `"rows":[${exact(value, ['rows', 0])}]`,
    id: (value: unknown): string => {
      const text = exact(value, ['id']);
      if (typeof value !== 'string' && typeof value !== 'number') refuse(['id'], 'must be a string or a number');
      return `"id":${text}`;
    },
    /** Serializes the fields of an options object, such as `limit`. */
    options: (value: unknown): string => {
      const text = exact(value, []);
      return text.startsWith('{') ? text.slice(1, -1) : refuse([], 'must be an object of options');
    },
  };
}

function insteadOfUndefined([argument, ...rest]: Path, method: string): string {
  if (argument === 'where' && rest.length > 0) return 'give it a value, or null to ask for rows without one';
  const every = method.endsWith('Many') ? 'write {} and { all: true }' : 'leave it out';
  if (argument === 'where') return `give conditions, or ${every} to mean every row`;
  if (argument === 'id') return 'give the id of a row';
  // Column names follow the argument, and in a list of rows its index.
  const names = argument === 'rows' ? rest.length - 1 : argument === 'changes' ? rest.length : 0;
  if (names === 1) return 'leave the column out, or write null for no value';
  if (names > 1) return 'leave it out, or write null';
  return argument === 'rows' || argument === 'changes' ? 'give an object of columns' : 'leave it out';
}

/** For the list form of conditions, adds the column to the message: an index alone is of little help. */
function aboutColumn(value: unknown, start: Path, path: Path): string {
  const [argument, position] = path;
  if (argument !== 'where' || typeof position !== 'number') return '';
  const where: unknown = start.length > 0 ? value : (value as { where?: unknown }).where;
  const filter: unknown = Array.isArray(where) ? where[position] : undefined;
  const field: unknown = typeof filter === 'object' && filter !== null ? (filter as Partial<Filter>).field : undefined;
  return typeof field === 'string' ? ` (on ${field.slice(0, 64)})` : '';
}

function openTable(send: Send, table: string): Table {
  const to = (verb: string, ...members: string[]): Promise<unknown> =>
    ask(
      send,
      verb,
      table,
      members.filter((member) => member !== ''),
    );
  const from = (method: string) => argumentsOf(table, method);
  const page = async (method: string, query: unknown[]): Promise<{ rows: Row[]; nextCursor: string | null }> =>
    (await to('list', ...query.slice(0, 1).map(from(method).options))) as { rows: Row[]; nextCursor: string | null };
  // A value that is given counts even when it is undefined: it was meant to select rows.
  return {
    list: async (...query) => page('list', query),
    find: async (...query) => (await page('find', query)).rows,
    get: async (id) => (await to('get', from('get').id(id))) as Row | null,
    count: async (...where) =>
      (await to('count', ...where.slice(0, 1).map((one) => from('count').one('where', one)))) as number,
    insert: (async (rows: Row | Row[]) => {
      const several = Array.isArray(rows);
      const { one, row } = from('insert');
      const stored = (await to('insert', several ? one('rows', rows) : row(rows))) as Row[];
      return several ? stored : stored[0]!;
    }) as Table['insert'],
    update: async (id, changes) => {
      const { one, id: toId } = from('update');
      return (await to('update', toId(id), one('changes', changes))) as Row | null;
    },
    delete: async (id) => (await to('delete', from('delete').id(id))) as boolean,
    updateMany: async (where, changes, ...many) => {
      const { one, options } = from('updateMany');
      const members = [...many.slice(0, 1).map(options), one('where', where), one('changes', changes)];
      return (await to('updateMany', ...members)) as { count: number };
    },
    deleteMany: async (where, ...many) => {
      const { one, options } = from('deleteMany');
      return (await to('deleteMany', ...many.slice(0, 1).map(options), one('where', where))) as { count: number };
    },
    async *[Symbol.asyncIterator]() {
      let cursor: string | null = null;
      do {
        const query: unknown = { limit: 1000, cursor };
        const { rows, nextCursor }: { rows: Row[]; nextCursor: string | null } = await page('list', [query]);
        yield* rows;
        cursor = nextCursor;
      } while (cursor !== null);
    },
  };
}

/** The language itself reads these of any object, so they are never tables: `ctx.tables['public.then']` reaches one of that name. */
const NOT_TABLES = new Set(['then', 'toJSON', 'constructor', 'valueOf', 'toString']);

/** `ctx.tables`: `tables.orders`, or `tables['crm.accounts']` for a table in another schema than `public`. */
export const createTables = (send: Send): Record<string, Table> =>
  new Proxy(Object.create(null) as Record<string, Table>, {
    get: (_, name) => (typeof name === 'string' && !NOT_TABLES.has(name) ? openTable(send, name) : undefined),
    set: () => false,
  });

/** The same operations with the table as an argument, for compiled workflows. */
export const createFlatTables = (send: Send): Tables => ({
  get: (table, row) => openTable(send, table).get(row),
  find: (table, query: RowQuery) => openTable(send, table).find(query),
  insert: (table, values) => openTable(send, table).insert(values),
  update: (table, row, values) => openTable(send, table).update(row, values),
  updateMany: (table, ...rest) => openTable(send, table).updateMany(...rest),
  delete: async (table, row) => ({ count: (await openTable(send, table).delete(row)) ? 1 : 0 }),
  deleteMany: (table, ...rest) => openTable(send, table).deleteMany(...rest),
});

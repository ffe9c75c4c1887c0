type Document = Record<string, unknown>;

/** An object of a project in normal form. */
export interface NormalObject {
  kind: string;
  identity: string;
  document: Document;
}

interface Parameter {
  name: string;
  type?: string;
  required?: boolean;
  default?: unknown;
  values?: string[];
}
interface Column {
  name: string;
  type: string;
  required?: boolean;
  default?: unknown;
}

const PARAMETER_TYPES: Record<string, string> = {
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  json: 'unknown',
  object: 'Record<string, unknown>',
  array: 'unknown[]',
  file: 'File',
};
const COLUMN_TYPES: Record<string, string> = {
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  json: 'unknown',
};

const quote = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const block = (lines: readonly string[]): string => (lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n  }`);
const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/**
 * Renders `portico.d.ts`: the namespace `Portico` with the parameters of each endpoint, rows of each table, names of secrets, and the
 * context of handlers. Equal objects give equal text, in any order.
 */
export function renderTypes(objects: readonly NormalObject[]): string {
  const of = (kind: string): NormalObject[] =>
    objects.filter((one) => one.kind === kind).toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
  const endpoints = of('endpoint').map(
    ({ identity, document }) =>
      `    ${JSON.stringify(identity)}: ${parametersOf((document.parameters ?? []) as Parameter[])};`,
  );
  const tables = of('table').map(
    ({ identity, document }) => `    ${quote(tableName(identity))}: Table<${rowOf(document)}, ${insertOf(document)}>;`,
  );
  const secrets = of('secret').map(({ identity }) => `    ${quote(identity)}: string;`);
  const shared = of('endpoint').filter(({ document }) => document.instance === 'shared');
  return `${HEAD}
  /** Checked parameters, by endpoint. */
  interface Parameters ${block(endpoints)}
  /** Tables of the project. */
  interface Tables ${block(tables)}
  /** Secrets of the project. A handler has those that its endpoint lists. */
  interface Secrets ${block(secrets)}
  /** Endpoints with a shared instance. */
  type Shared = ${shared.map(({ identity }) => JSON.stringify(identity)).join(' | ') || 'never'};
${CONTEXT}}
`;
}

/** A table of the schema `public` has its name alone. */
const tableName = (identity: string): string => identity.replace(/^public\./, '');

function parametersOf(parameters: readonly Parameter[]): string {
  const fields = parameters.map((parameter) => {
    const { name, required = false, default: value = null } = parameter;
    const type =
      parameter.type === 'enum'
        ? unionOf(parameter.values ?? [])
        : (PARAMETER_TYPES[parameter.type ?? 'text'] ?? 'string');
    return `${quote(name)}: ${required || value !== null ? type : `${type} | null`}`;
  });
  return fields.length === 0 ? 'Record<string, never>' : `{ ${fields.join('; ')} }`;
}

const unionOf = (values: readonly string[]): string =>
  values.map((value) => JSON.stringify(value)).join(' | ') || 'string';

const columnType = ({ type, required = false }: Column): string => {
  const plain = COLUMN_TYPES[type] ?? 'string';
  return required || plain === 'unknown' ? plain : `${plain} | null`;
};
const columnsOf = ({ columns = [] }: Document): Column[] => (columns as Column[]).toSorted(byName);

function rowOf(document: Document): string {
  const id = document.idType === 'integer' ? 'number' : 'string';
  const fields = columnsOf(document).map((column) => `${quote(column.name)}: ${columnType(column)}`);
  return `{ ${[`id: ${id}`, 'created_at: string', 'updated_at: string', ...fields].join('; ')} }`;
}

function insertOf(document: Document): string {
  const fields = columnsOf(document).map((column) => {
    const isOptional = column.required !== true || (column.default ?? null) !== null;
    return `${quote(column.name)}${isOptional ? '?' : ''}: ${columnType(column)}${COLUMN_TYPES[column.type] === undefined ? ' | Date' : ''}`;
  });
  return fields.length === 0 ? 'Record<string, never>' : `{ ${fields.join('; ')} }`;
}

const HEAD = `// Written by portico types. Do not edit: it is written again.

// Without types, unless @types/node is installed and named in tsconfig.json.
declare module 'node:*';

declare namespace Portico {`;

const CONTEXT = `
  /** Conditions that all apply: values by column, \`{ price: { gte: 5 } }\`, a list for "one of", null for no value; or a list of conditions. */
  type Where<Row> = { [Column in keyof Row]?: unknown } | { field: keyof Row; op?: string; value?: unknown }[];
  interface Query<Row> {
    where?: Where<Row>;
    sort?: { field: keyof Row; dir?: 'asc' | 'desc' }[];
    /** The short form of \`sort\`: \`-price\` for descending. */
    order?: ((keyof Row & string) | \`-\${keyof Row & string}\`)[];
    columns?: (keyof Row)[];
    /** 1 to 1,000; default 100. */
    limit?: number;
    offset?: number;
  }
  interface Table<Row extends { id: string | number }, Insert> extends AsyncIterable<Row> {
    list(query?: Query<Row> & { cursor?: string | null }): Promise<{ rows: Row[]; nextCursor: string | null }>;
    find(query?: Query<Row>): Promise<Row[]>;
    get(id: Row['id']): Promise<Row | null>;
    count(where?: Where<Row>): Promise<number>;
    insert(row: Insert): Promise<Row>;
    insert(rows: Insert[]): Promise<Row[]>;
    update(id: Row['id'], changes: Partial<Insert>): Promise<Row | null>;
    delete(id: Row['id']): Promise<boolean>;
    updateMany(where: Where<Row>, changes: Partial<Insert>, options?: { all?: boolean }): Promise<{ count: number }>;
    deleteMany(where: Where<Row>, options?: { all?: boolean }): Promise<{ count: number }>;
  }

  interface Person {
    id: string;
    name: string;
    roles: string[];
  }
  interface Caller {
    kind: 'anonymous' | 'external' | 'key' | 'schedule' | 'token' | 'user';
    id: string | null;
    name: string | null;
    roles: string[];
    /** Of a schedule: its time, and the number of earlier times that this run makes up for. */
    due?: string;
    missed?: number;
    /** Of a retry of a schedule, from 2. */
    attempt?: number;
  }
  /** The main members of Cloudflare's SQLite storage of Durable Objects; the others are there, too. */
  interface Storage {
    kv: {
      get<Value = unknown>(key: string): Value | undefined;
      put(key: string, value: unknown): void;
      delete(key: string): boolean;
      list<Value = unknown>(options?: { start?: string; end?: string; prefix?: string; reverse?: boolean; limit?: number }): Iterable<[string, Value]>;
    };
    sql: {
      exec<Row = Record<string, ArrayBuffer | string | number | null>>(query: string, ...values: unknown[]): Iterable<Row> & { toArray(): Row[]; one(): Row };
      readonly databaseSize: number;
    };
    transactionSync<Result>(work: () => Result): Result;
  }
  /** The context of a handler. \`Context<'GET hello'>\` has the parameters of that endpoint. */
  interface Context<Endpoint extends keyof Parameters = never> {
    params: [Endpoint] extends [never] ? Record<string, unknown> : Parameters[Endpoint];
    env: Secrets;
    tables: Tables;
    caller: Caller;
    executor: Person;
    run: { id: string };
    endpoint: { path: string; url: string };
    waitUntil(work: Promise<unknown>): void;
    /** The SQLite of a shared instance. */
    storage: [Endpoint] extends [never] ? Storage | undefined : Endpoint extends Shared ? Storage : undefined;
  }
`;

import type { IdType } from '../core/tables/catalogue/column.schema';
import type { Scalar } from '../core/tables/catalogue/value.rules';

/** A table of DATA, as described by its catalogue row. */
export interface Shape {
  id: string;
  idType: IdType;
  columns: { key: string; type: string; unique: boolean }[];
}
export interface Statement {
  sql: string;
  params: Scalar[];
}

type Operator = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'in' | 'contains' | 'startsWith' | 'isNull';
/** One condition on a column. `value` is a list for `in`, and 0 for an `isNull` that means "is not null". */
export interface Condition {
  key: string;
  op: Operator;
  value: Scalar | Scalar[];
}
export interface SortKey {
  key: string;
  desc: boolean;
}
/** A page: `after` holds the sort values of the row before it, or null for the first page. The last sort key is unique. */
export interface PagePlan {
  keys: string[];
  where: Condition[];
  sort: SortKey[];
  after: Scalar[] | null;
  offset: number;
  limit: number;
  /** Bytes of text at which a page ends early. */
  maxBytes: number;
}

const STRICT_TYPES: Record<string, string> = { integer: 'integer', boolean: 'integer', number: 'real' };
const isText = (type: string): boolean => !Object.hasOwn(STRICT_TYPES, type);

/**
 * Quotes an identifier. Accepts only names that Portico generates: names of tables and columns chosen by users never get here. In brackets:
 * SQLite takes `"c_1"` for a text when no such column exists, and a condition on a dropped column would be true for every row.
 */
export function quote(name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) throw new Error('not a generated name of a table or column');
  return `[${name}]`;
}

/** Name of the SQL table of a catalogue id. */
const tableName = (id: string): string => quote(id);
const indexName = (key: string): string => quote(`u_${key}`);

type Column = Shape['columns'][number];
const columnDdl = ({ key, type }: Column): string => `${quote(key)} ${STRICT_TYPES[type] ?? 'text'}`;
export const uniqueDdl = (id: string, { key }: Pick<Column, 'key'>): string =>
  `create unique index ${indexName(key)} on ${tableName(id)} (${quote(key)})`;

/** STRICT: SQLite itself refuses a value of another type. The caller checks `required`, since SQLite cannot change it later. */
export function createTableSql({ id, idType, columns }: Shape): string[] {
  const key = idType === 'integer' ? '"id" integer primary key autoincrement' : '"id" text primary key not null';
  const own = [key, '"created_at" integer not null', '"updated_at" integer not null'];
  return [
    `create table ${tableName(id)} (${[...own, ...columns.map(columnDdl)].join(', ')}) strict`,
    ...columns.filter(({ unique }) => unique).map((column) => uniqueDdl(id, column)),
  ];
}

/** Adds a column; existing rows get `value` before it becomes unique. */
export const addColumnSql = (id: string, column: Column, value: Scalar): Statement[] => [
  { sql: `alter table ${tableName(id)} add column ${columnDdl(column)}`, params: [] },
  ...(value === null
    ? []
    : [{ sql: `update ${tableName(id)} set ${quote(column.key)} = ?1`, params: [value] } satisfies Statement]),
  ...(column.unique ? [{ sql: uniqueDdl(id, column), params: [] }] : []),
];

/** SQLite does not drop a column that has an index. */
export const dropColumnSql = (id: string, { key }: Pick<Column, 'key'>): string[] => [
  `drop index if exists ${indexName(key)}`,
  `alter table ${tableName(id)} drop column ${quote(key)}`,
];

/** After the name ?1 and before ?2. A name is `tbl_` and 20 characters of base62 (kernel/ids.ts). */
export const TABLE_NAMES_SQL = `select name from sqlite_master where type = 'table' and name > ?1 and name < ?2
  and name glob 'tbl_*' and length(name) = 24 and substr(name, 5) not glob '*[^0-9A-Za-z]*' order by name limit ?3`;
export const isEmptySql = (id: string): string => `select 1 from ${tableName(id)} limit 1`;
export const dropTableSql = (id: string): string => `drop table if exists ${tableName(id)}`;

/**
 * Inserts rows from one JSON parameter, since D1 binds at most 100: each row is a list of `id`, time and the values in the order of `keys`.
 * Ordered, so that counted ids are assigned in the order of the list.
 */
export function insertSql({ id }: Shape, keys: string[], rows: Scalar[][]): Statement {
  const columns = ['id', 'created_at', 'updated_at', ...keys];
  const values = columns.map((_, i) => `"value"->>'$[${i < 2 ? i : i - 1}]'`);
  return {
    sql: `insert into ${tableName(id)} (${columns.map(quote).join(', ')}) select ${values.join(', ')} from json_each(?1) order by "key" returning "id"`,
    params: [JSON.stringify(rows)],
  };
}

/** Updates the rows that `where` selects; the new values are one JSON list in the order of `keys`. */
export function updateSql(
  { id }: Shape,
  keys: string[],
  values: Scalar[],
  now: number,
  where: Condition[],
  returning: string[] | null,
): Statement {
  const params: Scalar[] = [JSON.stringify(values), now];
  const set = ['"updated_at" = ?2', ...keys.map((key, i) => `${quote(key)} = ?1->>'$[${i}]'`)];
  const answer = returning === null ? '' : ` returning ${returning.map(quote).join(', ')}`;
  return { sql: `update ${tableName(id)} set ${set.join(', ')}${whereSql(where, params)}${answer}`, params };
}

export function deleteSql({ id }: Shape, where: Condition[]): Statement {
  const params: Scalar[] = [];
  return { sql: `delete from ${tableName(id)}${whereSql(where, params)}`, params };
}

export function countSql({ id }: Shape, where: Condition[]): Statement {
  const params: Scalar[] = [];
  return { sql: `select count(*) as "found" from ${tableName(id)}${whereSql(where, params)}`, params };
}

/**
 * Selects one page. The inner query has at most `limit` rows with the bytes of each; the outer one sums the bytes before each row, so that
 * rows of the largest size do not make a page that fits nowhere. `found` is the number of rows before that cut.
 */
export function pageSql(shape: Shape, plan: PagePlan): Statement {
  const params: Scalar[] = [];
  const { after } = plan;
  const position = after === null ? [] : [afterSql(plan.sort, after, params)];
  const where = whereSql(plan.where, params, position);
  const order = plan.sort.map(({ key, desc }) => `${quote(key)} ${desc ? 'desc' : 'asc'}`).join(', ');
  const keys = [...new Set([...plan.keys, ...plan.sort.map(({ key }) => key)])];
  const list = keys.map(quote).join(', ');
  const wide = shape.columns.filter(({ key, type }) => isText(type) && keys.includes(key));
  const size = sumSql(wide.map(({ key }) => `coalesce(octet_length(${quote(key)}), 0)`));
  const inner = `select ${list}, ${size} as "size" from ${tableName(shape.id)}${where} order by ${order} limit ${bind(params, plan.limit)} offset ${bind(params, plan.offset)}`;
  const before = `sum("size") over (order by ${order} rows unbounded preceding) - "size"`;
  return {
    sql: `select * from (select ${list}, ${before} as "before", count(*) over () as "found" from (${inner})) where "before" < ${bind(params, plan.maxBytes)} order by ${order}`,
    params,
  };
}

/** Selects those of `values`, a JSON list of lists of one, that exist in a column. */
export const existingSql = (id: string, key: string, values: Scalar[][]): Statement => ({
  sql: `select ${quote(key)} as "value" from ${tableName(id)} where ${quote(key)} in (select "value"->>'$[0]' from json_each(?1))`,
  params: [JSON.stringify(values)],
});

/** SQLite's own counter of AUTOINCREMENT; no row for a table without any insert. */
export const lastCountedSql = (id: string): Statement => ({
  sql: `select "seq" as "last" from "sqlite_sequence" where "name" = ?1`,
  params: [id],
});

const bind = (params: Scalar[], value: Scalar): string => `?${params.push(value)}`;

/** Builds a balanced tree: SQLite refuses expressions more than 100 levels deep. */
export function sumSql(terms: string[]): string {
  if (terms.length <= 1) return terms[0] ?? '0';
  const half = terms.length >> 1;
  return `(${sumSql(terms.slice(0, half))} + ${sumSql(terms.slice(half))})`;
}

function whereSql(conditions: Condition[], params: Scalar[], more: string[] = []): string {
  const all = [...conditions.map((condition) => conditionSql(condition, params)), ...more];
  return all.length === 0 ? '' : ` where ${all.join(' and ')}`;
}

const COMPARE = { eq: 'is', ne: 'is not', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function conditionSql({ key, op, value }: Condition, params: Scalar[]): string {
  const column = quote(key);
  if (op === 'isNull') return `${column} ${value === 0 ? 'is not' : 'is'} null`;
  if (op === 'in') return `${column} in (select "value" from json_each(${bind(params, JSON.stringify(value))}))`;
  const at = bind(params, value as Scalar);
  // Not LIKE: its wildcards would need escaping, it ignores case, and D1 caps its pattern at 50 bytes.
  if (op === 'contains') return `instr(${column}, ${at}) > 0`;
  if (op === 'startsWith') return `substr(${column}, 1, length(${at})) = ${at}`;
  return `${column} ${COMPARE[op]} ${at}`;
}

/** Selects rows after the one with these values: equal in the first keys and later in the next. SQLite sorts null first. */
function afterSql(sort: SortKey[], values: Scalar[], params: Scalar[]): string {
  const same: string[] = [];
  const ways: string[] = [];
  sort.forEach(({ key, desc }, i) => {
    const column = quote(key);
    const value = values[i] ?? null;
    if (value === null) {
      if (!desc) ways.push([...same, `${column} is not null`].join(' and '));
      same.push(`${column} is null`);
      return;
    }
    const at = bind(params, value);
    ways.push([...same, desc ? `(${column} < ${at} or ${column} is null)` : `${column} > ${at}`].join(' and '));
    same.push(`${column} = ${at}`);
  });
  return `(${ways.map((way) => `(${way})`).join(' or ') || '0'})`;
}

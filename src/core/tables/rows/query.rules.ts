import type { Condition, PagePlan, SortKey } from '../../../storage/row-sql';
import type { TableRow } from '../../../storage/tables';
import { MAX_ISSUES, type Issue } from '../../../kernel/errors';
import { LARGE_TYPES } from '../catalogue/column.schema';
import { readRowCursor } from './cursor.rules';
import { MAX_ROWS, type FilterOperator, type ManyRows, type RowsQuery } from '../catalogue/row.schema';
import type { Planned } from '../catalogue/rows-result';
import { fieldsOf, type Field } from '../catalogue/shape.rules';
import { toStoredValue, type Scalar } from '../catalogue/value.rules';
import { readWhere, type ReadCondition, type Refuse } from './where.rules';

type Shape = Pick<TableRow, 'idType' | 'columns'>;

/** Bytes of text in one page; the next page has the rest. */
const PAGE_BYTES = 4_000_000;

/** Characters of the values of all conditions of a query, as JSON. */
const MAX_WHERE = 500_000;

const SEARCHABLE: readonly string[] = ['text', 'longtext', 'email', 'url', 'uuid', 'date', 'datetime'];

/** Plans a page of rows: checks every column and every value against the table. */
export function planPage(table: Shape, query: RowsQuery): Planned<PagePlan & { fields: Field[] }> {
  const fields = fieldsOf(table);
  const issues: Issue[] = [];
  const refuse = refuseInto(issues);
  const where = conditions(fields, query.where, refuse);
  const sort = sortKeys(fields, query, refuse);
  const shown = chosen(fields, query.columns, refuse);
  const after = query.cursor ? readRowCursor(query.cursor, sort) : null;
  if (query.cursor && after === null)
    refuse('#/cursor', 'invalid', 'must be a nextCursor of an earlier page of the same order, unchanged');
  if (query.cursor && query.offset) refuse('#/offset', 'invalid', 'must not be combined with cursor');
  if (issues.length > 0) return { issues };
  const { limit, offset = 0 } = query;
  const keys = shown.map(({ key }) => key);
  return { plan: { fields: shown, keys, where, sort, after, offset, limit: limit + 1, maxBytes: PAGE_BYTES } };
}

/** Plans the conditions of a count. */
export function planWhere(table: Shape, where: unknown): Planned<Condition[]> {
  const issues: Issue[] = [];
  const plan = conditions(fieldsOf(table), where, refuseInto(issues));
  return issues.length > 0 ? { issues } : { plan };
}

/** Plans the conditions of a bulk change. A change of every row requires `all`. */
export function planMany(table: Shape, { where, all }: ManyRows): Planned<Condition[]> {
  const planned = planWhere(table, where);
  if ('issues' in planned || all === true || planned.plan.some(excludesRows)) return planned;
  const message = 'no condition excludes any row; add all: true (in Python all=True) to select every row';
  return { issues: [{ pointer: '#/where', code: 'no_condition', message }] };
}

/** Returns whether a condition excludes rows. Every text contains the empty text, which usually comes from a missing input. */
const excludesRows = ({ op, value }: Condition): boolean =>
  !((op === 'contains' || op === 'startsWith') && value === '');

/** Collects issues up to the number that a response lists. */
const refuseInto =
  (issues: Issue[]): Refuse =>
  (pointer, code, message) => {
    if (issues.length < MAX_ISSUES) issues.push({ pointer, code, message });
  };

function conditions(fields: Field[], where: unknown, refuse: Refuse): Condition[] {
  const plan = readWhere(where, refuse).flatMap((read) => condition(fields, read, refuse));
  // At most three bytes for each character: D1 binds 2 MB.
  if (JSON.stringify(plan.map(({ value }) => value)).length <= MAX_WHERE) return plan;
  refuse('#/where', 'too_big', `all conditions together must have at most ${MAX_WHERE} characters`);
  return [];
}

function condition(fields: Field[], { pointer, field: name, op, value }: ReadCondition, refuse: Refuse): Condition[] {
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) {
    refuse(pointer, 'unknown_column', `unknown column ${name}`);
    return [];
  }
  const read = operand(field, op, value);
  if ('issue' in read) {
    refuse(pointer, 'invalid_filter', `${name}: ${read.issue}`);
    return [];
  }
  return [{ key: field.key, op: read.op ?? op, value: read.value }];
}

/** Checks the right side of a condition. null equals null only, and is neither less nor greater than a value. */
function operand(
  { type }: Field,
  op: FilterOperator,
  value: unknown,
): { value: Scalar | Scalar[]; op?: FilterOperator } | { issue: string } {
  if (op === 'isNull') {
    if (value !== undefined && typeof value !== 'boolean')
      return { issue: 'isNull must have the value true or false, or none' };
    return { value: value === false ? 0 : 1 };
  }
  if (type === 'json') return { issue: 'a json column supports isNull only' };
  if (value === undefined) return { issue: `${op} requires a value` };
  if (op === 'in') return list(type, value);
  const search = op === 'contains' || op === 'startsWith';
  if (search && !SEARCHABLE.includes(type)) return { issue: `${op} does not apply to the type ${type}` };
  if (value === null && op !== 'eq' && op !== 'ne') return { issue: `${op} requires a value that is not null` };
  // A part of a date or an address is only text. Not longtext: SQLite compares it at every position of every row.
  return toStoredValue(search ? 'text' : type, value);
}

function list(type: Field['type'], value: unknown): { value: Scalar[] } | { issue: string } {
  if (!Array.isArray(value) || value.length > MAX_ROWS)
    return { issue: `in requires a list of at most ${MAX_ROWS} values` };
  const values: Scalar[] = [];
  for (const item of value) {
    const checked = item === null ? { issue: 'a list must not contain null; use isNull' } : toStoredValue(type, item);
    if ('issue' in checked) return checked;
    values.push(checked.value);
  }
  return { value: values };
}

function sortKeys(fields: Field[], query: RowsQuery, refuse: Refuse): SortKey[] {
  const short = (query.order ?? []).map((text) =>
    text.startsWith('-') ? { field: text.slice(1), dir: 'desc' } : { field: text, dir: 'asc' },
  );
  if (query.order && query.sort) refuse('#/order', 'invalid', 'must not be combined with sort');
  const at = query.sort ? 'sort' : 'order';
  const keys: SortKey[] = [];
  (query.sort ?? short).forEach(({ field: name, dir }, i) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) refuse(`#/${at}/${i}`, 'unknown_column', `unknown column ${name}`);
    else if (LARGE_TYPES.includes(field.type))
      refuse(`#/${at}/${i}`, 'invalid_sort', `rows cannot be sorted by a ${field.type} column`);
    else if (!keys.some(({ key }) => key === field.key)) keys.push({ key: field.key, desc: dir === 'desc' });
  });
  // The id as last key makes the order total; else a page could begin in the middle of equal rows.
  return keys.some(({ key }) => key === 'id') ? keys : [...keys, { key: 'id', desc: false }];
}

function chosen(fields: Field[], columns: string[] | undefined, refuse: Refuse): Field[] {
  if (columns === undefined) return fields;
  columns.forEach((name, i) => {
    if (!fields.some((field) => field.name === name))
      refuse(`#/columns/${i}`, 'unknown_column', `unknown column ${name}`);
  });
  return fields.filter(({ name }) => name === 'id' || columns.includes(name));
}

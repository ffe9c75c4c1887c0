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

/** Bytes of text in one page; the rest comes with the next one. */
const PAGE_BYTES = 4_000_000;

/** Characters of the values of all conditions of a query, as JSON. */
const MAX_WHERE = 500_000;

const SEARCHABLE: readonly string[] = ['text', 'longtext', 'email', 'url', 'uuid', 'date', 'datetime'];

/** A page of rows, checked: every column is one of the table's, every value of its column's type. */
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
  if (query.cursor && query.offset) refuse('#/offset', 'invalid', 'a cursor says already where the page begins');
  if (issues.length > 0) return { issues };
  const { limit, offset = 0 } = query;
  const keys = shown.map(({ key }) => key);
  return { plan: { fields: shown, keys, where, sort, after, offset, limit: limit + 1, maxBytes: PAGE_BYTES } };
}

/** The conditions of a count. */
export function planWhere(table: Shape, where: unknown): Planned<Condition[]> {
  const issues: Issue[] = [];
  const plan = conditions(fieldsOf(table), where, refuseInto(issues));
  return issues.length > 0 ? { issues } : { plan };
}

/** The conditions of a change of many rows: what would change every row has to say that it means `all`. */
export function planMany(table: Shape, { where, all }: ManyRows): Planned<Condition[]> {
  const planned = planWhere(table, where);
  if ('issues' in planned || all === true || planned.plan.some(leavesOut)) return planned;
  const message = 'there is no condition that leaves any row out; say all: true (in Python all=True) to mean every row';
  return { issues: [{ pointer: '#/where', code: 'no_condition', message }] };
}

/** Every text contains the empty one: a search for it comes from an input that was not there. */
const leavesOut = ({ op, value }: Condition): boolean => !((op === 'contains' || op === 'startsWith') && value === '');

/** Collects issues, as many as an answer lists. */
const refuseInto =
  (issues: Issue[]): Refuse =>
  (pointer, code, message) => {
    if (issues.length < MAX_ISSUES) issues.push({ pointer, code, message });
  };

function conditions(fields: Field[], where: unknown, refuse: Refuse): Condition[] {
  const plan = readWhere(where, refuse).flatMap((read) => condition(fields, read, refuse));
  // In the worst case three bytes for each: D1 binds 2 MB.
  if (JSON.stringify(plan.map(({ value }) => value)).length <= MAX_WHERE) return plan;
  refuse('#/where', 'too_big', `conditions have at most ${MAX_WHERE} characters together`);
  return [];
}

function condition(fields: Field[], { pointer, field: name, op, value }: ReadCondition, refuse: Refuse): Condition[] {
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) {
    refuse(pointer, 'unknown_column', `there is no column ${name}`);
    return [];
  }
  const read = operand(field, op, value);
  if ('issue' in read) {
    refuse(pointer, 'invalid_filter', `${name}: ${read.issue}`);
    return [];
  }
  return [{ key: field.key, op: read.op ?? op, value: read.value }];
}

/** The right side of a condition. null is equal to no value, and neither before nor behind one. */
function operand(
  { type }: Field,
  op: FilterOperator,
  value: unknown,
): { value: Scalar | Scalar[]; op?: FilterOperator } | { issue: string } {
  if (op === 'isNull') {
    if (value !== undefined && typeof value !== 'boolean') return { issue: 'isNull takes true, false or nothing' };
    return { value: value === false ? 0 : 1 };
  }
  if (type === 'json') return { issue: 'a json column can only be asked for isNull' };
  if (value === undefined) return { issue: `${op} needs a value` };
  if (op === 'in') return list(type, value);
  const search = op === 'contains' || op === 'startsWith';
  if (search && !SEARCHABLE.includes(type)) return { issue: `${op} is for text, not for ${type}` };
  if (value === null && op !== 'eq' && op !== 'ne') return { issue: `${op} needs a value that is not null` };
  // A part of a date or an address is text, not a date or an address. Not a long one: SQLite compares it at every place of every row.
  return toStoredValue(search ? 'text' : type, value);
}

function list(type: Field['type'], value: unknown): { value: Scalar[] } | { issue: string } {
  if (!Array.isArray(value) || value.length > MAX_ROWS)
    return { issue: `in needs a list of at most ${MAX_ROWS} values` };
  const values: Scalar[] = [];
  for (const item of value) {
    const checked = item === null ? { issue: 'a list has no null; ask for isNull' } : toStoredValue(type, item);
    if ('issue' in checked) return checked;
    values.push(checked.value);
  }
  return { value: values };
}

function sortKeys(fields: Field[], query: RowsQuery, refuse: Refuse): SortKey[] {
  const short = (query.order ?? []).map((text) =>
    text.startsWith('-') ? { field: text.slice(1), dir: 'desc' } : { field: text, dir: 'asc' },
  );
  if (query.order && query.sort) refuse('#/order', 'invalid', 'give either order or sort');
  const at = query.sort ? 'sort' : 'order';
  const keys: SortKey[] = [];
  (query.sort ?? short).forEach(({ field: name, dir }, i) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) refuse(`#/${at}/${i}`, 'unknown_column', `there is no column ${name}`);
    else if (LARGE_TYPES.includes(field.type))
      refuse(`#/${at}/${i}`, 'invalid_sort', `a ${field.type} column cannot be sorted by`);
    else if (!keys.some(({ key }) => key === field.key)) keys.push({ key: field.key, desc: dir === 'desc' });
  });
  // Without a last word that tells all rows apart, a page could begin in the middle of equal ones.
  return keys.some(({ key }) => key === 'id') ? keys : [...keys, { key: 'id', desc: false }];
}

function chosen(fields: Field[], columns: string[] | undefined, refuse: Refuse): Field[] {
  if (columns === undefined) return fields;
  columns.forEach((name, i) => {
    if (!fields.some((field) => field.name === name))
      refuse(`#/columns/${i}`, 'unknown_column', `there is no column ${name}`);
  });
  return fields.filter(({ name }) => name === 'id' || columns.includes(name));
}

import type { Condition, PagePlan, SortKey } from '../../storage/row-sql';
import type { TableRow } from '../../storage/tables';
import type { Offence } from '../errors';
import { LARGE_TYPES } from './column.schema';
import { readRowCursor } from './cursor.rules';
import { MAX_FILTERS, MAX_ROWS, OPERATORS, type Filter, type FilterOperator, type RowsQuery } from './row.schema';
import { fieldsOf, type Field } from './shape.rules';
import { toStored, type Scalar } from './value.rules';

type Shape = Pick<TableRow, 'idType' | 'columns'>;
export type Planned<T> = { plan: T } | { offences: Offence[] };

/** Bytes of text in one page; the rest comes with the next one. */
const PAGE_BYTES = 4_000_000;

const SEARCHABLE: readonly string[] = ['text', 'longtext', 'email', 'url', 'uuid', 'date', 'datetime'];

/** A page of rows, checked: every column is one of the table's, every value of its column's type. */
export function planPage(table: Shape, query: RowsQuery): Planned<PagePlan & { fields: Field[] }> {
  const fields = fieldsOf(table);
  const offences: Offence[] = [];
  const refuse = (pointer: string, code: string, message: string): void =>
    void offences.push({ pointer, code, message });
  const where = conditions(fields, query.where, refuse);
  const sort = sortKeys(fields, query, refuse);
  const shown = chosen(fields, query.columns, refuse);
  const after = query.cursor ? readRowCursor(query.cursor, sort) : null;
  if (query.cursor && after === null)
    refuse('#/cursor', 'invalid', 'must be a nextCursor of an earlier page of the same order, unchanged');
  if (query.cursor && query.offset) refuse('#/offset', 'invalid', 'a cursor says already where the page begins');
  if (offences.length > 0) return { offences };
  const { limit, offset = 0 } = query;
  const keys = shown.map(({ key }) => key);
  return { plan: { fields: shown, keys, where, sort, after, offset, limit: limit + 1, maxBytes: PAGE_BYTES } };
}

/** The conditions of a count or of a change of many rows. */
export function planWhere(table: Shape, where: unknown): Planned<Condition[]> {
  const offences: Offence[] = [];
  const plan = conditions(fieldsOf(table), where, (pointer, code, message) =>
    offences.push({ pointer, code, message }),
  );
  return offences.length > 0 ? { offences } : { plan };
}

type Refuse = (pointer: string, code: string, message: string) => void;

function conditions(fields: Field[], where: unknown, refuse: Refuse): Condition[] {
  const filters = readWhere(where, refuse);
  if (filters.length > MAX_FILTERS) {
    refuse('#/where', 'too_big', `at most ${MAX_FILTERS} conditions`);
    return [];
  }
  return filters.flatMap(({ pointer, field: name, op, value }) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) {
      refuse(pointer, 'unknown_column', `there is no column ${name}`);
      return [];
    }
    const read = operand(field, op, value);
    if ('fault' in read) {
      refuse(pointer, 'invalid_filter', `${name}: ${read.fault}`);
      return [];
    }
    return [{ key: field.key, op: read.op ?? op, value: read.value }];
  });
}

type Read = Required<Pick<Filter, 'field' | 'op'>> & { value?: unknown; pointer: string };

/** Both forms of `where` as one list. */
function readWhere(where: unknown, refuse: Refuse): Read[] {
  if (where === undefined || where === null) return [];
  if (Array.isArray(where)) return (where as Filter[]).map((filter, i) => ({ ...filter, pointer: `#/where/${i}` }));
  return Object.entries(where as Record<string, unknown>).flatMap(([field, value]): Read[] => {
    const pointer = `#/where/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (Array.isArray(value)) return [{ field, op: 'in', value, pointer }];
    if (typeof value !== 'object' || value === null) return [{ field, op: 'eq', value, pointer }];
    return Object.entries(value).flatMap(([op, operandValue]): Read[] => {
      if (isOperator(op)) return [{ field, op, value: operandValue as unknown, pointer }];
      refuse(pointer, 'invalid_filter', `there is no operator ${op.slice(0, 64)}`);
      return [];
    });
  });
}

const isOperator = (op: string): op is FilterOperator => OPERATORS.some((known) => known === op);

/** The right side of a condition. null is equal to no value, and neither before nor behind one. */
function operand(
  { type }: Field,
  op: FilterOperator,
  value: unknown,
): { value: Scalar | Scalar[]; op?: FilterOperator } | { fault: string } {
  if (op === 'isNull') {
    if (value !== undefined && typeof value !== 'boolean') return { fault: 'isNull takes true, false or nothing' };
    return { value: value === false ? 0 : 1 };
  }
  if (type === 'json') return { fault: 'a json column can only be asked for isNull' };
  if (value === undefined) return { fault: `${op} needs a value` };
  if (op === 'in') return list(type, value);
  const search = op === 'contains' || op === 'startsWith';
  if (search && !SEARCHABLE.includes(type)) return { fault: `${op} is for text, not for ${type}` };
  if (value === null && op !== 'eq' && op !== 'ne') return { fault: `${op} needs a value that is not null` };
  // A part of a date or an address is text, not a date or an address.
  return toStored(search ? 'longtext' : type, value);
}

function list(type: Field['type'], value: unknown): { value: Scalar[] } | { fault: string } {
  if (!Array.isArray(value) || value.length > MAX_ROWS)
    return { fault: `in needs a list of at most ${MAX_ROWS} values` };
  const values: Scalar[] = [];
  for (const item of value) {
    const checked = item === null ? { fault: 'a list has no null; ask for isNull' } : toStored(type, item);
    if ('fault' in checked) return checked;
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

import type { Filter } from '../../../../../src/core/tables/catalogue/row.schema';
import { readCell } from './cell.rules';

export const OPERATORS = [
  { value: 'eq', label: 'is' },
  { value: 'ne', label: 'is not' },
  { value: 'lt', label: '<' },
  { value: 'lte', label: '≤' },
  { value: 'gt', label: '>' },
  { value: 'gte', label: '≥' },
  { value: 'contains', label: 'contains' },
  { value: 'startsWith', label: 'starts with' },
  { value: 'isNull', label: 'has no value' },
] as const;
export type Operator = (typeof OPERATORS)[number]['value'];

/** One condition of `where`. */
export type Condition = Filter;

/** Reads the conditions of an address; null for a text that is none, which the service then refuses with the reason. */
export function parseWhere(text: string | undefined): Condition[] | null {
  if (text === undefined) return [];
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) && read.every(isCondition) ? read : null;
  } catch {
    return null;
  }
}

const isCondition = (value: unknown): value is Condition =>
  typeof value === 'object' && value !== null && 'field' in value && typeof value.field === 'string' && 'op' in value;

/** Returns the conditions as an address has them; undefined without one. */
export const printWhere = (conditions: readonly Condition[]): string | undefined =>
  conditions.length === 0 ? undefined : JSON.stringify(conditions);

/** Builds a condition from what the user typed. A part of a number or a date is searched as text. */
export function toCondition(field: string, type: string, op: Operator, text: string): Condition {
  if (op === 'isNull') return { field, op };
  if (op === 'contains' || op === 'startsWith') return { field, op, value: text };
  const read = readCell(type, text);
  return { field, op, value: 'value' in read ? read.value : text };
}

/** Returns a condition in words: `price > 5`. */
export function conditionText({ field, op, value }: Condition): string {
  const word = OPERATORS.find((one) => one.value === op)?.label ?? op;
  if (op === 'isNull') return value === false ? `${field} has a value` : `${field} ${word}`;
  return `${field} ${word} ${value === null ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)}`;
}

/** Returns the order after a press on a column: ascending, descending, none. Other columns give way. */
export function nextOrder(order: string | undefined, column: string): string | undefined {
  if (order === column) return `-${column}`;
  return order === `-${column}` ? undefined : column;
}

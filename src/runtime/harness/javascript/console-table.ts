import { inspect } from './inspect';

/** Maximum of rows, columns and characters of a cell. */
const ROWS = 100;
const COLUMNS = 20;
const CELL_CHARS = 100;

/** Formats `console.table(data, columns)`: a row for each item of a list, Map, Set or object; null for data without rows. */
export function toTable(data: unknown, only: unknown): string | null {
  if (typeof data !== 'object' || data === null) return null;
  const rows = rowsOf(data);
  const names = new Set<string>();
  for (const [, item] of rows) for (const name of fieldsOf(item)) if (names.size < COLUMNS) names.add(name);
  const columns = Array.isArray(only) ? only.map(String).slice(0, COLUMNS) : [...names];
  const hasValues = rows.some(([, item]) => typeof item !== 'object' || item === null);
  const header = ['(index)', ...columns, ...(hasValues ? ['Values'] : [])];
  const lines = rows.map(([index, item]) => [
    index,
    ...columns.map((name) => fieldOf(item, name)),
    ...(hasValues ? [typeof item === 'object' && item !== null ? '' : cell(item)] : []),
  ]);
  const widths = header.map((name, at) => Math.max(name.length, ...lines.map((line) => line[at]!.length)));
  const toLine = (cells: string[]): string =>
    cells
      .map((text, at) => text.padEnd(widths[at]!))
      .join(' | ')
      .trimEnd();
  return [toLine(header), ...lines.map(toLine)].join('\n');
}

function rowsOf(data: object): [string, unknown][] {
  if (data instanceof Map) return first(data, ([name, item]) => [cell(name), item]);
  if (data instanceof Set || Array.isArray(data))
    return first(data as Iterable<unknown>, (item, at) => [String(at), item]);
  return Object.keys(data)
    .slice(0, ROWS)
    .map((name) => [name, (data as Record<string, unknown>)[name]]);
}

function first<T>(items: Iterable<T>, toRow: (item: T, at: number) => [string, unknown]): [string, unknown][] {
  const rows: [string, unknown][] = [];
  for (const item of items) {
    if (rows.length === ROWS) break;
    rows.push(toRow(item, rows.length));
  }
  return rows;
}

const fieldsOf = (item: unknown): string[] =>
  typeof item === 'object' && item !== null ? Object.keys(item).slice(0, COLUMNS) : [];
/** Shows one field of an item. Runs no getter. */
function fieldOf(item: unknown, name: string): string {
  const property = typeof item === 'object' && item !== null ? Object.getOwnPropertyDescriptor(item, name) : undefined;
  if (property?.enumerable !== true) return '';
  return 'value' in property ? cell(property.value) : '[Getter]';
}
const cell = (value: unknown): string => inspect(value, CELL_CHARS);

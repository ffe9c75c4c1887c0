import { SEPARATORS, type Cell } from '../../../kernel/csv.rules';
import type { Issue } from '../../../kernel/errors';
import { MAX_COLUMNS, SYSTEM_COLUMNS } from '../catalogue/column.schema';
import type { Field } from '../catalogue/shape.rules';

/** Columns of a table, at most. */
const MAX_CELLS = MAX_COLUMNS + SYSTEM_COLUMNS.length;
const MAX_NAMES = 20;

/** An issue of the header as a whole. */
type HeaderIssue = Pick<Issue, 'code' | 'message'>;

/** Returns the columns that a header names, or its issues with their most likely cause. */
export function readHeader(cells: Cell[], fields: Field[]): { columns: Field[] } | { issues: HeaderIssue[] } {
  const broken = wholeHeaderIssue(cells, fields);
  if (broken !== null) return { issues: [broken] };
  const names = cells as string[];
  const columns: Field[] = [];
  const issues: HeaderIssue[] = [];
  names.forEach((name, i) => {
    const field = fields.find((one) => one.name === name);
    if (field === undefined)
      issues.push({ code: 'unknown_column', message: `unknown column ${shown(name)}${hint(name, fields)}` });
    else if (names.indexOf(name) < i)
      issues.push({ code: 'duplicate_column', message: `the column ${name} occurs twice` });
    else columns.push(field);
  });
  return issues.length > 0 ? { issues } : { columns };
}

/** Returns an issue that makes the names of the header meaningless, or null. */
function wholeHeaderIssue(cells: Cell[], fields: Field[]): HeaderIssue | null {
  const text = cells.join();
  if (text.includes('\0')) return { code: 'invalid_csv', message: 'the file seems to be UTF-16; save it as UTF-8' };
  if (!cells.some((cell) => fields.some(({ name }) => name === cell))) {
    const other = Object.keys(SEPARATORS).find((one) => text.includes(one));
    if (other !== undefined)
      return {
        code: 'wrong_separator',
        message: `cells are separated by ${SEPARATORS[other]}; use commas instead`,
      };
  }
  if (cells.length > MAX_CELLS)
    return {
      code: 'too_many_columns',
      message: `the header must have at most ${MAX_CELLS} cells, has ${cells.length}`,
    };
  const empty = cells.flatMap((cell, i) => ((cell ?? '').trim() === '' ? [i + 1] : []));
  if (empty.length === 0) return null;
  const which =
    empty.length === 1
      ? `cell ${empty[0]} of the header is empty`
      : `cells ${empty.join(', ')} of the header are empty`;
  const atEnd =
    empty[0]! > cells.length - empty.length
      ? '; check for a comma at the end of lines'
      : '; every column must have a name';
  return { code: 'empty_column', message: `${which}${atEnd}` };
}

const shown = (name: string): string => (name.trim() === name ? name : JSON.stringify(name)).slice(0, 64);

/** Returns the column that was probably meant, or the existing ones. */
function hint(name: string, fields: Field[]): string {
  const meant = fields.find((field) => field.name === name.trim().toLowerCase());
  if (meant !== undefined) return `; use ${meant.name}`;
  const names = fields.map((field) => field.name);
  return `; the first line must name columns of the table: ${names.slice(0, MAX_NAMES).join(', ')}${names.length > MAX_NAMES ? ' …' : ''}`;
}

import { isObject } from '../../../kernel/json.rules';
import { readLossless } from '../../../kernel/json-loss.rules';
import { csvRecords, type Cell, type CsvRecord } from '../../../kernel/csv.rules';
import { readHeader } from './csv-header.rules';
import type { LineIssues } from './line-issues';
import type { Field } from '../catalogue/shape.rules';
import { fromText } from '../catalogue/value.rules';

export const FORMATS = ['csv', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** One row of a file: the line that it begins on, counted from 1, and its values by column. */
export interface FileLine {
  line: number;
  values: Record<string, unknown>;
}

/** Portico sets these itself: a file that was exported has them, so they are passed over. */
const PASSED_OVER = new Set(['created_at', 'updated_at']);
/** Types with a text without characters among their values. For others `""` is what it is in files whose every cell has quotes: nothing. */
const HAS_EMPTY_TEXT = new Set(['text', 'longtext']);

/** The rows of a file, one by one; lines that cannot be read go into `issues`. */
export const readLines = (
  format: Format,
  text: string,
  fields: Field[],
  issues: LineIssues,
): Generator<FileLine, void> =>
  format === 'csv' ? readCsv(text.replace(/^\ufeff+/, ''), fields, issues) : readNdjson(text, issues);

/**
 * CSV with a header of column names. An empty cell is no value, so the column's default; `""` is a text without characters, where the
 * column can have one. JSON columns have JSON in their cells.
 */
function* readCsv(text: string, fields: Field[], issues: LineIssues): Generator<FileLine, void> {
  // Excel's own way to tell the separator: its first line, and no row.
  const hint = /^"?sep=([^\r\n]?)"?(?=\r|\n|$)/i.exec(text);
  if (hint !== null && hint[1] !== ',')
    return issues.add(
      1,
      'wrong_separator',
      'the line sep= names another separator; separate cells by commas and leave it out',
    );
  const records = csvRecords(hint === null ? text : text.slice(hint[0].length));
  const first = records.next();
  if (first.done) return issues.add(1, 'no_header', 'the first line must name the columns');
  const columns = headerOf(first.value, fields, issues);
  if (columns === null) return;
  for (const record of records) {
    const { line } = record;
    if ('issue' in record) issues.add(line, 'invalid_csv', record.issue);
    else if (record.cells.length !== columns.length)
      issues.add(line, 'wrong_length', wrongLength(record.cells, columns.length));
    else yield { line, values: valuesOf(record.cells, columns, line, issues) };
  }
}

function headerOf(record: CsvRecord, fields: Field[], issues: LineIssues): Field[] | null {
  if ('issue' in record) {
    issues.add(record.line, 'invalid_csv', record.issue);
    return null;
  }
  const header = readHeader(record.cells, fields);
  if ('columns' in header) return header.columns;
  for (const { code, message } of header.issues) issues.add(record.line, code, message);
  return null;
}

function valuesOf(cells: Cell[], columns: Field[], line: number, issues: LineIssues): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [i, { name, type }] of columns.entries()) {
    const cell = cells[i] ?? null;
    if (cell === null || PASSED_OVER.has(name) || (cell === '' && !HAS_EMPTY_TEXT.has(type))) continue;
    if (type !== 'json') values[name] = fromText(type, cell);
    else {
      const read = readLossless(cell);
      if ('value' in read) values[name] = read.value;
      else issues.add(line, read.code, read.message, `#/${name}${read.pointer.slice(1)}`);
    }
  }
  return values;
}

function wrongLength(cells: Cell[], expected: number): string {
  const has = `has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${expected}`;
  if (cells.length < expected)
    return cells.some((cell) => /[;\t|]/.test(cell ?? '')) ? `${has}; commas separate cells` : has;
  const isEmpty = cells.slice(expected).every((cell) => cell === null || cell === '');
  return `${has}; ${isEmpty ? 'it ends with a comma' : 'a cell with a comma in it needs quotes around it'}`;
}

/** One JSON object a line; CRLF, LF and CR end a line, and empty lines are passed over. */
function* readNdjson(text: string, issues: LineIssues): Generator<FileLine, void> {
  const lines = /([^\r\n]*)(?:\r\n|\r|\n|$)/y;
  for (let line = 1; lines.lastIndex < text.length; line++) {
    const json = lines.exec(text)![1]!.trim();
    if (json === '') continue;
    const read = readLossless(json);
    if ('code' in read)
      issues.add(
        line,
        read.code,
        `${read.message}${read.code === 'invalid_json' ? '; every line is one whole object' : ''}`,
        read.pointer,
      );
    else if (!isObject(read.value))
      issues.add(line, 'invalid_json', 'must be a JSON object; every line is one whole object');
    else
      yield { line, values: Object.fromEntries(Object.entries(read.value).filter(([name]) => !PASSED_OVER.has(name))) };
  }
}

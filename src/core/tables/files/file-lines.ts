import { isObject } from '../../../kernel/json.rules';
import { readLossless } from '../../../kernel/json-loss.rules';
import { csvRecords, type Cell, type CsvRecord } from '../../../kernel/csv.rules';
import { readHeader } from './csv-header.rules';
import type { LineIssues } from './line-issues';
import type { Field } from '../catalogue/shape.rules';
import { fromText } from '../catalogue/value.rules';

export const FORMATS = ['csv', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** One row of a file: its first line, from 1, and its values by column. */
export interface FileLine {
  line: number;
  values: Record<string, unknown>;
}

/** Columns that Portico sets itself. Exported files have them, so import ignores them. */
const IGNORED_COLUMNS = new Set(['created_at', 'updated_at']);
/** Types that have the empty text as a value. For others `""` is a missing value, as in files that quote every cell. */
const HAS_EMPTY_TEXT = new Set(['text', 'longtext']);

/** Yields the rows of a file; adds lines that cannot be parsed to `issues`. */
export const readLines = (
  format: Format,
  text: string,
  fields: Field[],
  issues: LineIssues,
): Generator<FileLine, void> =>
  format === 'csv' ? readCsv(text.replace(/^\ufeff+/, ''), fields, issues) : readNdjson(text, issues);

/**
 * Parses CSV with a header of column names. An empty cell is a missing value, so the column's default; `""` is the empty text, if the type
 * of the column has it. Cells of JSON columns contain JSON.
 */
function* readCsv(text: string, fields: Field[], issues: LineIssues): Generator<FileLine, void> {
  // Excel's way to declare the separator: the first line, which is not a row.
  const hint = /^"?sep=([^\r\n]?)"?(?=\r|\n|$)/i.exec(text);
  if (hint !== null && hint[1] !== ',')
    return issues.add(1, 'wrong_separator', 'the line sep= names another separator; use commas and remove the line');
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
    if (cell === null || IGNORED_COLUMNS.has(name) || (cell === '' && !HAS_EMPTY_TEXT.has(type))) continue;
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
    return cells.some((cell) => /[;\t|]/.test(cell ?? '')) ? `${has}; separate cells by commas` : has;
  const isEmpty = cells.slice(expected).every((cell) => cell === null || cell === '');
  return `${has}; ${isEmpty ? 'it ends with a comma' : 'quote cells that contain a comma'}`;
}

/** Parses one JSON object per line. CRLF, LF and CR end a line; empty lines are skipped. */
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
        `${read.message}${read.code === 'invalid_json' ? '; each line must be one object' : ''}`,
        read.pointer,
      );
    else if (!isObject(read.value))
      issues.add(line, 'invalid_json', 'must be a JSON object; each line must be one object');
    else
      yield {
        line,
        values: Object.fromEntries(Object.entries(read.value).filter(([name]) => !IGNORED_COLUMNS.has(name))),
      };
  }
}

import { parse, type CsvError } from 'csv-parse/browser/esm/sync';
import type { Offence } from '../errors';
import { isTooDeep, MAX_JSON_DEPTH } from '../json.rules';
import { fromText } from './value.rules';
import type { Field } from './shape.rules';

export const FORMATS = ['csv', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** One row of a file: the line that it begins on, counted from 1, and its values by column. */
export interface FileLine {
  line: number;
  values: Record<string, unknown>;
}
type Read = { lines: FileLine[]; offences: Offence[] };

/** Portico sets these itself: a file that was exported has them, so they are passed over. */
const PASSED_OVER = new Set(['created_at', 'updated_at']);

const offence = (line: number, code: string, message: string): Offence => ({ pointer: '#', code, message, line });

/** The rows of a file, and every line that cannot be read. */
export const readLines = (format: Format, text: string, fields: Field[]): Read =>
  format === 'csv' ? readCsv(text, fields) : readNdjson(text);

/**
 * RFC 4180, with a header of column names. An empty cell is no value, so the column's default; `""` is a text without characters. JSON
 * columns have JSON in their cells.
 */
function readCsv(text: string, fields: Field[]): Read {
  const offences: Offence[] = [];
  const records = csvRecords(text, offences);
  const header = records.shift();
  if (header === undefined) {
    if (offences.length === 0) offences.push(offence(1, 'no_header', 'the first line must name the columns'));
    return { lines: [], offences };
  }
  const columns = header.cells.map((cell) => fields.find(({ name }) => name === cell));
  header.cells.forEach((cell, i) => {
    if (columns[i] === undefined)
      offences.push(offence(header.line, 'unknown_column', `there is no column ${String(cell).slice(0, 64)}`));
    else if (header.cells.indexOf(cell) < i)
      offences.push(offence(header.line, 'duplicate_column', `the column ${cell} is there twice`));
  });
  if (offences.some(({ line }) => line === header.line)) return { lines: [], offences };
  const lines = records.flatMap(({ cells, line }): FileLine[] => {
    if (cells.length !== columns.length) {
      offences.push(offence(line, 'wrong_length', `has ${cells.length} cells where the header has ${columns.length}`));
      return [];
    }
    const values: Record<string, unknown> = {};
    for (const [i, cell] of cells.entries()) {
      const field = columns[i]!;
      if (cell !== null && !PASSED_OVER.has(field.name)) {
        const value = readCell(field, cell);
        if (value === undefined) offences.push(offence(line, 'invalid_value', `${field.name}: must be JSON`));
        else values[field.name] = value;
      }
    }
    return [{ line, values }];
  });
  return { lines, offences };
}

function readCell(field: Field, cell: string): unknown {
  if (field.type !== 'json') return fromText(field.type, cell);
  try {
    return isTooDeep(cell) ? undefined : (JSON.parse(cell) as unknown);
  } catch {
    return undefined;
  }
}

function csvRecords(text: string, offences: Offence[]): { cells: (string | null)[]; line: number }[] {
  const broken = (error: CsvError): void =>
    void offences.push(offence(Number(error.lines ?? 1), 'invalid_csv', error.message.slice(0, 200)));
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        if (error) broken(error);
      },
      cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
    });
    // The parser tells the line that a record ends on.
    return records.map(({ record, info }) => ({ cells: record, line: info.lines - lineBreaks(record) }));
  } catch (error) {
    broken(error as CsvError);
    return [];
  }
}

const lineBreaks = (cells: (string | null)[]): number =>
  cells.reduce((sum, cell) => sum + (cell?.match(/\r\n|\r|\n/g)?.length ?? 0), 0);

/** One JSON object a line; empty lines are passed over. */
function readNdjson(text: string): Read {
  const offences: Offence[] = [];
  const lines: FileLine[] = [];
  text.split('\n').forEach((part, i) => {
    const json = part.trim();
    if (json === '') return;
    const line = i + 1;
    if (isTooDeep(json)) {
      offences.push(offence(line, 'json_too_deep', `nests deeper than ${MAX_JSON_DEPTH} levels`));
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      offences.push(offence(line, 'invalid_json', 'is not JSON'));
      return;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      offences.push(offence(line, 'invalid_json', 'is not a JSON object'));
      return;
    }
    lines.push({ line, values: Object.fromEntries(Object.entries(value).filter(([name]) => !PASSED_OVER.has(name))) });
  });
  return { lines, offences };
}

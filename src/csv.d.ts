/*
 * The parts of csv-parse and csv-stringify that are used (tsconfig.json maps their names to this file): their own declarations bring in
 * @types/node, which would redeclare the globals of @cloudflare/workers-types.
 */
export interface CsvError extends Error {
  /** Line breaks before the fault, and one. */
  lines?: number;
}
export interface CsvRecord {
  record: (string | null)[];
  /** `lines`: the line that the record ends on. */
  info: { lines: number };
}
export function parse(
  text: string,
  options: {
    bom: true;
    info: true;
    relax_column_count: true;
    skip_empty_lines: true;
    skip_records_with_error: true;
    on_skip: (error: CsvError | undefined) => void;
    cast: (cell: string, context: { quoting: boolean }) => string | null;
  },
): CsvRecord[];

export function stringify(
  records: (string | number | null)[][],
  options: {
    record_delimiter: 'windows';
    quoted_match: RegExp;
    cast: { string: (value: string) => { value: string; quoted_empty: boolean } };
  },
): string;

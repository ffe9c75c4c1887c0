/** A cell: its text, or null when it is empty, without quotes. */
export type Cell = string | null;
/** One record: the line that it begins on, counted from 1, and its cells, or what is wrong with it. */
export type CsvRecord = { line: number; cells: Cell[] } | { line: number; issue: string };

/** Maximum cells of one record. More are an issue, and the rest of the line is skipped. */
export const MAX_CELLS = 200;

/** Separators of programs that write CSV with another separator than a comma. */
export const SEPARATORS: Readonly<Record<string, string>> = { ';': '";"', '\t': 'tabs', '|': '"|"' };

const separatedBy = (other: string): string => `has cells that are separated by ${other}: use commas`;
const TWICE = 'write a quote within a cell twice ("")';

/**
 * The records of a CSV file (RFC 4180, with commas), one by one. CRLF, LF and CR end a line, in any mixture, except between quotes. Lines
 * without a character are passed over. Reading goes on behind an issue, on the next line. Linear: a quoted cell that goes wrong is
 * read again from its second line, where no cell can be as long.
 */
export function* csvRecords(text: string): Generator<CsvRecord, void> {
  const reader = new Reader(text);
  while (!reader.isAtEnd()) {
    const record = reader.record();
    if (record !== null) yield record;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  record(): CsvRecord | null {
    const line = this.#line;
    if (this.#endLine()) return null;
    const cells: Cell[] = [];
    for (;;) {
      const issueLine = this.#line;
      const cell = this.#text[this.#at] === '"' ? this.#quoted() : this.#plain();
      if (typeof cell === 'object' && cell !== null) return { line: issueLine, ...cell };
      cells.push(cell);
      if (this.isAtEnd() || this.#endLine()) return { line, cells };
      if (cells.length === MAX_CELLS) {
        this.#skipLine();
        return { line, issue: `has more than ${MAX_CELLS} cells; no table has as many columns` };
      }
      this.#at++;
    }
  }

  /** Reads a cell without quotes, up to a comma, a line end or the end. */
  #plain(): Cell | { issue: string } {
    const cell = this.#match(/[^,\r\n"]*/y);
    if (this.#text[this.#at] !== '"') return cell === '' ? null : cell;
    this.#skipLine();
    const other = SEPARATORS[cell.at(-1) ?? ''];
    if (other !== undefined) return { issue: separatedBy(other) };
    return {
      issue: cell.trim() === '' ? 'has a space before an opening quote' : `has a quote within a cell; ${TWICE}`,
    };
  }

  #quoted(): Cell | { issue: string } {
    const [start, startLine] = [this.#at + 1, this.#line];
    let end = this.#text.indexOf('"', start);
    while (end >= 0 && this.#text[end + 1] === '"') end = this.#text.indexOf('"', end + 2);
    if (end < 0) {
      this.#skipLine();
      return { issue: `has an opening quote that is never closed; ${TWICE}` };
    }
    const raw = this.#text.slice(start, end);
    this.#at = end + 1;
    this.#line += lineBreaks(raw);
    if (this.isAtEnd() || /[,\r\n]/.test(this.#text[this.#at]!)) return raw.replaceAll('""', '"');
    const other = SEPARATORS[this.#text[this.#at]!];
    if (other !== undefined && this.#line === startLine) {
      this.#skipLine();
      return { issue: separatedBy(other) };
    }
    const where = this.#line === startLine ? '' : `, which is on line ${this.#line}`;
    [this.#at, this.#line] = [start, startLine];
    this.#skipLine();
    return { issue: `has text behind a closing quote${where}; ${TWICE}` };
  }

  #skipLine(): void {
    this.#match(/[^\r\n]*/y);
    this.#endLine();
  }

  #endLine(): boolean {
    if (this.#match(/\r\n|\r|\n/y) === '') return false;
    this.#line++;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

const lineBreaks = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;

/** Renders records as in RFC 4180, each ending in CRLF. null is an empty cell, an empty text is `""`. */
export const writeCsv = (records: Cell[][]): string =>
  records.map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('');

// A lone CR or LF is a line end to many readers.
const writeCell = (cell: Cell): string =>
  cell === null ? '' : cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

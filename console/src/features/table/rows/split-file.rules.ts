/** A part of a file that is imported at once. */
export interface FilePart {
  text: string;
  /** Rows in it. */
  rows: number;
  /** Line of the file at which its first row begins, from 1. */
  firstLine: number;
  /** Lines of the header, which each part of a CSV file repeats. */
  headerLines: number;
}

interface Limits {
  rows: number;
  /** Characters; a character has at most three bytes for each UTF-16 unit. */
  characters: number;
}

/** Limits of one import: the service takes 20,000 rows and 5 MiB. */
export const IMPORT_LIMITS: Limits = { rows: 5000, characters: 1_500_000 };

/** Splits a file at the ends of rows. Each part of a CSV file begins with its header. */
export function splitFile(text: string, format: 'csv' | 'ndjson', limits: Limits = IMPORT_LIMITS): FilePart[] {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const headerEnd = format === 'csv' ? rowEnd(body, 0, true) : 0;
  const header = body.slice(0, headerEnd);
  const parts: FilePart[] = [];
  const headerLines = linesIn(header);
  let line = 1 + headerLines;
  let part: FilePart = { text: header, rows: 0, firstLine: line, headerLines };
  for (let at = headerEnd; at < body.length;) {
    const end = rowEnd(body, at, format === 'csv');
    const row = body.slice(at, end);
    const isFull = part.rows >= limits.rows || part.text.length + row.length > limits.characters;
    if (isFull && part.rows > 0) {
      parts.push(part);
      part = { text: header, rows: 0, firstLine: line, headerLines };
    }
    part.text += row;
    if (row.trim() !== '') part.rows++;
    line += linesIn(row);
    at = end;
  }
  if (part.rows > 0 || parts.length === 0) parts.push(part);
  return parts;
}

/** Returns the end of the row at `from`, its line break included. In CSV, a line break between quotes is a part of a value. */
function rowEnd(text: string, from: number, isCsv: boolean): number {
  let isQuoted = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isCsv && code === QUOTE) isQuoted = !isQuoted;
    else if (!isQuoted && code === LF) return at + 1;
    else if (!isQuoted && code === CR) return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
  }
  return text.length;
}
const QUOTE = 34;
const LF = 10;
const CR = 13;

const linesIn = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

/** Returns the line of the file that an issue is about, from its line in a part. */
export const lineInFile = ({ firstLine, headerLines }: FilePart, line: number): number =>
  line <= headerLines ? line : firstLine + line - headerLines - 1;

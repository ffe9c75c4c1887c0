/** Rows and cells that a preview draws. */
const MAX_ROWS = 200;
const MAX_CELLS = 50;

/** Returns the value of a JSON text; undefined for any other text. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Splits a text of separated values into rows, at most 200 of 50 cells. Quotes are those of CSV; a line end inside of them is part of a cell. */
export function rowsOf(text: string, separator: ',' | '\t'): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = (): void => {
    if (row.length < MAX_CELLS) row.push(cell);
    cell = '';
  };
  for (let at = 0; at < text.length && rows.length < MAX_ROWS; at++) {
    const char = text[at]!;
    if (isQuoted && char === '"' && text[at + 1] === '"') cell += text[++at]!;
    else if (char === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (!isQuoted && char === separator) endCell();
    else if (!isQuoted && char === '\n') {
      endCell();
      rows.push(row);
      row = [];
    } else if (isQuoted || char !== '\r') cell += char;
  }
  if (rows.length < MAX_ROWS && (cell !== '' || row.length > 0)) {
    endCell();
    rows.push(row);
  }
  return rows;
}

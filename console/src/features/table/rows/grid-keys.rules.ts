/** A cell of a grid. Row -1 is the header. */
export interface Place {
  row: number;
  column: number;
}

interface Size {
  rows: number;
  columns: number;
  /** Rows that a screen shows. */
  page: number;
}

/** Returns the cell to which a key leads; null for a key that moves nothing. */
export function move(at: Place, key: string, isMod: boolean, { rows, columns, page }: Size): Place | null {
  const to = (row: number, column: number): Place => ({
    row: Math.max(-1, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  });
  switch (key) {
    case 'ArrowDown':
      return to(at.row + 1, at.column);
    case 'ArrowUp':
      return to(at.row - 1, at.column);
    case 'ArrowRight':
      return to(at.row, at.column + 1);
    case 'ArrowLeft':
      return to(at.row, at.column - 1);
    case 'PageDown':
      return to(at.row + page, at.column);
    case 'PageUp':
      return to(Math.max(0, at.row - page), at.column);
    case 'Home':
      return to(isMod ? 0 : at.row, 0);
    case 'End':
      return to(isMod ? rows - 1 : at.row, columns - 1);
    default:
      return null;
  }
}

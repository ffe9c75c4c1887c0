import type { SortKey } from '../../../storage/row-sql';
import type { StoredRow } from '../../../storage/rows';
import type { Scalar } from '../catalogue/value.rules';

/** A cursor has the values of the last row's sort keys: the next page begins behind them, whatever became of that row. */
const signature = (sort: SortKey[]): string => sort.map(({ key, desc }) => `${desc ? '-' : ''}${key}`).join(',');

export function writeRowCursor(sort: SortKey[], row: StoredRow): string {
  const bytes = new TextEncoder().encode(JSON.stringify([signature(sort), ...sort.map(({ key }) => row[key] ?? null)]));
  // Piece by piece: a call takes a limited number of arguments.
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The values of a cursor; null for one that was changed, or that belongs to another order. */
export function readRowCursor(cursor: string, sort: SortKey[]): Scalar[] | null {
  try {
    const text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(text, (char) => char.charCodeAt(0)),
    );
    const parsed: unknown = JSON.parse(json);
    if (!Array.isArray(parsed) || parsed.length !== sort.length + 1 || parsed[0] !== signature(sort)) return null;
    const values: unknown[] = parsed.slice(1);
    return values.every(isScalar) ? values : null;
  } catch {
    return null;
  }
}

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'number' || (typeof value === 'string' && !value.includes('\0'));

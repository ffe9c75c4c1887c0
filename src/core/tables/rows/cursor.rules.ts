import type { SortKey } from '../../../storage/row-sql';
import type { StoredRow } from '../../../storage/rows';
import type { Scalar } from '../catalogue/value.rules';
import { exactUtf8, fromBase64Url, toBase64Url } from '../../../kernel/encoding';

/** A cursor has the values of the last row's sort keys: the next page begins after them, even when that row was changed or deleted. */
const signature = (sort: SortKey[]): string => sort.map(({ key, desc }) => `${desc ? '-' : ''}${key}`).join(',');

export function writeRowCursor(sort: SortKey[], row: StoredRow): string {
  const values = [signature(sort), ...sort.map(({ key }) => row[key] ?? null)];
  return toBase64Url(new TextEncoder().encode(JSON.stringify(values)));
}

/** Returns the values of a cursor; null for one that was altered, or that belongs to another order. */
export function readRowCursor(cursor: string, sort: SortKey[]): Scalar[] | null {
  try {
    const parsed: unknown = JSON.parse(exactUtf8(fromBase64Url(cursor)) ?? '');
    if (!Array.isArray(parsed) || parsed.length !== sort.length + 1 || parsed[0] !== signature(sort)) return null;
    const values: unknown[] = parsed.slice(1);
    return values.every(isScalar) ? values : null;
  } catch {
    return null;
  }
}

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'number' || (typeof value === 'string' && !value.includes('\0'));

import type { RunRow } from '../../storage/runs';
import type { RunDetail } from './run.schema';

/** A queue message holds 128 KB [Cloudflare's limit], and a record travels whole. */
export const ROW_BYTES = 100_000;
/** What is left of a body when nothing else makes the record small enough. */
const SHORT_BODY = 1024;

const encoder = new TextEncoder();
const sizeOf = (value: unknown): number => encoder.encode(JSON.stringify(value)).length;

/** The record as JSON text of at most ROW_BYTES. */
export function toRowText(row: RunRow): string {
  const text = JSON.stringify(row);
  // A UTF-16 unit is at most three bytes: nearly every record is small enough without being measured.
  return text.length * 3 <= ROW_BYTES ? text : JSON.stringify(fitRow(row));
}

/**
 * The record, made small enough for a queue message. Everything in it is bounded, but in characters: escaped, or as ten thousand
 * lines of one letter, it can be many times as long. The last log lines go first, then steps, then the ends of bodies.
 */
export function fitRow(row: RunRow): RunRow {
  let over = sizeOf(row) - ROW_BYTES;
  if (over <= 0) return row;
  const detail: RunDetail = { ...row.detail, truncated: true };
  for (const field of ['logs', 'steps'] as const) {
    if (over <= 0) break;
    const kept = dropLast<unknown>(detail[field], over);
    over -= kept.saved;
    Object.assign(detail, { [field]: kept.items });
  }
  if (over > 0) {
    detail.request = { ...detail.request, body: detail.request.body?.slice(0, SHORT_BODY) ?? null };
    detail.response = detail.response && {
      ...detail.response,
      body: detail.response.body?.slice(0, SHORT_BODY) ?? null,
    };
  }
  return { ...row, detail };
}

/** Takes items off the end until `over` bytes are saved, or none is left. */
function dropLast<T>(items: T[], over: number): { items: T[]; saved: number } {
  let saved = 0;
  let length = items.length;
  while (length > 0 && saved < over) saved += sizeOf(items[--length]) + 1;
  return { items: items.slice(0, length), saved };
}

import type { RunRow } from '../../storage/runs';
import type { RunDetail } from './run.schema';

/** A queue message holds 128 KB [Cloudflare's limit], and a record travels whole. */
export const ROW_BYTES = 100_000;
/** What is left of a body when nothing else makes the record small enough. */
const SHORT_BODY = 1024;

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;
/** Within a record, whose `detail` is escaped once more: what it takes at least. */
const sizeOf = (value: unknown): number => bytesOf(JSON.stringify(value));

/**
 * The record as JSON text of at most ROW_BYTES, in the form that `runs.save` takes: `detail` is a text within it, so that SQLite
 * stores it as it is instead of parsing it.
 */
export function toRowText(row: RunRow): string {
  const text = encode(row);
  // A UTF-16 unit is at most three bytes: nearly every record is small enough without being measured.
  return text.length * 3 <= ROW_BYTES ? text : encode(fitRow(row));
}

const encode = (row: RunRow): string => JSON.stringify({ ...row, detail: JSON.stringify(row.detail) });

/**
 * The record, made small enough for a queue message. Everything in it is bounded, but in characters: escaped, or as ten thousand
 * lines of one letter, it can be many times as long. The last log lines go first, then steps and requests that the handler sent, then
 * the ends of bodies, then headers.
 */
export function fitRow(row: RunRow): RunRow {
  let over = bytesOf(encode(row)) - ROW_BYTES;
  if (over <= 0) return row;
  const detail: RunDetail = { ...row.detail, truncated: true };
  for (const field of ['logs', 'steps', 'outbound'] as const) {
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
  const fitted = { ...row, detail };
  if (bytesOf(encode(fitted)) <= ROW_BYTES) return fitted;
  detail.request.headers = {};
  if (detail.response) detail.response = { ...detail.response, headers: {} };
  return fitted;
}

/** Takes items off the end until `over` bytes are saved, or none is left. */
function dropLast<T>(items: T[], over: number): { items: T[]; saved: number } {
  let saved = 0;
  let length = items.length;
  while (length > 0 && saved < over) saved += sizeOf(items[--length]) + 1;
  return { items: items.slice(0, length), saved };
}

import type { RunRow } from '../../storage/runs';
import type { RunDetail } from './run.schema';
import { utf8Length } from '../../kernel/encoding';

/** Bytes of a record, which is sent in one queue message of at most 128 KB (Cloudflare's limit). */
export const ROW_BYTES = 100_000;
/** Characters of a body that are kept when nothing else makes the record small enough. */
const SHORT_BODY = 1024;

/** Returns the least bytes of a value in a record, whose `detail` is escaped once more. */
const sizeOf = (value: unknown): number => utf8Length(JSON.stringify(value));

/**
 * Serializes a record to at most ROW_BYTES, in the form that `runs.save` takes: `detail` is a text within it, which SQLite stores
 * without parsing it.
 */
export function toRowText(row: RunRow): string {
  const text = encode(row);
  // A UTF-16 unit is at most three bytes, so nearly every record is small enough without measuring it.
  return text.length * 3 <= ROW_BYTES ? text : encode(fitRow(row));
}

const encode = (row: RunRow): string => JSON.stringify({ ...row, detail: JSON.stringify(row.detail) });

/**
 * Makes a record small enough for a queue message. Its parts are bounded in characters only: escaped, or as ten thousand lines of one
 * letter, they can be many times as long. Drops the last log lines first, then steps and requests that the handler sent, then the ends
 * of bodies, then headers.
 */
function fitRow(row: RunRow): RunRow {
  let over = utf8Length(encode(row)) - ROW_BYTES;
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
  if (utf8Length(encode(fitted)) <= ROW_BYTES) return fitted;
  detail.request.headers = {};
  if (detail.response) detail.response = { ...detail.response, headers: {} };
  return fitted;
}

/** Drops items from the end until `over` bytes are saved, or none is left. */
function dropLast<T>(items: T[], over: number): { items: T[]; saved: number } {
  let saved = 0;
  let length = items.length;
  while (length > 0 && saved < over) saved += sizeOf(items[--length]) + 1;
  return { items: items.slice(0, length), saved };
}

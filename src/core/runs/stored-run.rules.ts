import type { RunRecord, StoredRun } from './run-log';
import type { RunDetail } from './run.schema';
import { utf8Length } from '../../kernel/encoding';

/** Bytes of the details of a record. */
export const RECORD_BYTES = 100_000;
/** Characters of a body that are kept when nothing else makes the record small enough. */
const SHORT_BODY = 1024;

/** Returns the least bytes of a value in a record. */
const sizeOf = (value: unknown): number => utf8Length(JSON.stringify(value));

/** Serializes the details of a record to at most RECORD_BYTES. `hasBegun`: the start of the run is stored. */
export function toStoredRun({ detail, ...entry }: RunRecord, hasBegun = false): StoredRun {
  const text = JSON.stringify(detail);
  // A UTF-16 unit is at most three bytes, so nearly every record is small enough without measuring it.
  const isSmall = text.length * 3 <= RECORD_BYTES;
  return { entry, detail: isSmall ? text : JSON.stringify(fitDetail(detail)), hasBegun };
}

/** Returns the record that a stored one was made of, as far as it was kept. */
export const toRecord = ({ entry, detail }: Pick<StoredRun, 'entry' | 'detail'>): RunRecord => ({
  ...entry,
  detail: JSON.parse(detail) as RunDetail,
});

/**
 * Makes the details of a record small enough. Their parts are bounded in characters only: escaped, or as ten thousand lines of one letter,
 * they can be many times as long. Drops the last log lines first, then steps and requests that the handler sent, then the ends of bodies,
 * then headers.
 */
function fitDetail(whole: RunDetail): RunDetail {
  let over = sizeOf(whole) - RECORD_BYTES;
  if (over <= 0) return whole;
  const detail: RunDetail = { ...whole, truncated: true };
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
  if (sizeOf(detail) <= RECORD_BYTES) return detail;
  detail.request.headers = {};
  if (detail.response) detail.response = { ...detail.response, headers: {} };
  return detail;
}

/** Drops items from the end until `over` bytes are saved, or none is left. */
function dropLast<T>(items: T[], over: number): { items: T[]; saved: number } {
  let saved = 0;
  let length = items.length;
  while (length > 0 && saved < over) saved += sizeOf(items[--length]) + 1;
  return { items: items.slice(0, length), saved };
}

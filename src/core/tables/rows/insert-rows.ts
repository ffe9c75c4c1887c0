import { verb } from '../../access/verb';
import type { RowsResult } from '../../../storage/rows';
import type { TableRow } from '../../../storage/tables';
import type { Context } from '../../access/context';
import type { Issue } from '../../../kernel/errors';
import type { FirstAnswer } from '../../idempotency/first-answer';
import { invalidInput } from '../../../kernel/issues';
import { auditRows } from './audit-rows';
import { openTable, type TableTarget } from '../catalogue/open-table';
import type { Row } from '../catalogue/row.schema';
import { collect, readNewRow, type NewRow } from './row.rules';
import { unwrapRows } from '../catalogue/rows-result';
import { fieldsOf, toRow } from '../catalogue/shape.rules';
import type { Scalar } from '../catalogue/value.rules';

/** Adds rows, all or none, and returns them as stored, in their order. Throws 422 with every issue, or 409 `value_taken`. */
export const insertRows = verb(
  'row.use',
  async (ctx, target: TableTarget, rows: Record<string, unknown>[]): Promise<Row[]> => {
    const table = await openTable(ctx, target, 'write');
    const issues: Issue[] = [];
    const fresh = rows.map((row, i) => readNewRow(table, row, collect(issues, `#/rows/${i}`)));
    if (issues.length > 0) throw invalidInput(issues);
    const now = ctx.now();
    const answerOf = (ids: Scalar[]): Row[] => toRows(table, fresh, ids, now);
    const items = ctx.firstAnswer
      ? await storeAnswered(ctx, table, fresh, now, answerOf)
      : answerOf(await storeRows(ctx, table, fresh, now, null));
    await auditRows(ctx, table, 'insert', { rows: rows.length });
    return items;
  },
);

function toRows(table: TableRow, fresh: NewRow[], ids: Scalar[], now: number): Row[] {
  const fields = fieldsOf(table);
  return fresh.map(({ values }, i) => {
    const stored = Object.fromEntries(table.columns.map(({ key }, at) => [key, values[at] ?? null]));
    return toRow(fields, { ...stored, id: ids[i]!, created_at: now, updated_at: now });
  });
}

/** Stores checked rows, all or none, with the idempotent response if there is one. Returns their ids in the order of the rows. */
export async function storeRows(
  ctx: Context,
  table: TableRow,
  rows: NewRow[],
  now: number,
  answer: FirstAnswer | null,
): Promise<Scalar[]> {
  const ids = table.idType === 'uuid' ? uuidsOf(rows, now) : rows.map(({ id }) => id);
  const given = await unwrapRows(ctx, table, await insert(ctx, table, rows, ids, now, answer));
  // Counted ids ascend in the order of the rows; SQLite does not guarantee the order of its result.
  const own = new Set(ids);
  const counted = given.filter((id) => !own.has(id)).sort((a, b) => Number(a) - Number(b));
  return ids.map((id) => id ?? counted.shift()!);
}

/** Attempts to find free ids when concurrent requests take them. */
const TRIES = 5;

/**
 * Does the same when the rows are the idempotent response, which is written together with them, so their ids must be known before, even
 * when SQLite counts them.
 */
async function storeAnswered(
  ctx: Context,
  table: TableRow,
  rows: NewRow[],
  now: number,
  answerOf: (ids: Scalar[]) => Row[],
): Promise<Row[]> {
  for (let n = 1; ; n++) {
    const ids = table.idType === 'uuid' ? uuidsOf(rows, now) : await countedIds(ctx, table, rows);
    const items = answerOf(ids);
    const result = await insert(ctx, table, rows, ids, now, ctx.firstAnswer!({ items }));
    if (result.kind === 'taken' && result.key === 'id' && table.idType !== 'uuid' && n < TRIES) continue;
    await unwrapRows(ctx, table, result);
    return items;
  }
}

const insert = (
  ctx: Context,
  table: TableRow,
  rows: NewRow[],
  ids: Scalar[],
  now: number,
  answer: FirstAnswer | null,
): Promise<RowsResult<Scalar[]>> => {
  const keys = table.columns.map(({ key }) => key);
  const lists = rows.map(({ values }, i) => [ids[i]!, now, ...values]);
  return ctx.store.rows.insert(table, keys, lists, answer);
};

function uuidsOf(rows: NewRow[], now: number): Scalar[] {
  const uuids = uuid7s(now, rows.length);
  return rows.map(({ id }, i) => id ?? uuids[i]!);
}

/** Returns the ids that SQLite would assign to these rows in their order. */
async function countedIds(ctx: Context, table: TableRow, rows: NewRow[]): Promise<Scalar[]> {
  let last = await unwrapRows(ctx, table, await ctx.store.rows.lastCounted(table));
  return rows.map(({ id }) => {
    if (id === null) return ++last;
    last = Math.max(last, Number(id));
    return id;
  });
}

/**
 * Returns `count` version 7 UUIDs (RFC 9562), ascending within a call, and across calls with the clock, so that new rows are at the end
 * of the index and `id` is the order of insertion. 12 bits count within a millisecond; after 4,096, the next millisecond is used.
 */
export const uuid7s = (now: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => {
    const time = (now + (i >> 12)).toString(16).padStart(12, '0');
    const counter = (i & 0xfff).toString(16).padStart(3, '0');
    // Variant and random bits have the same positions as in version 4.
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${crypto.randomUUID().slice(19)}`;
  });

import type { TableRow } from '../../storage/tables';
import type { Context } from '../context';
import type { Offence } from '../errors';
import { invalidInput } from '../offences';
import { auditRows } from './audit-rows';
import { openTable, type TableTarget } from './open-table';
import type { Row } from './row.schema';
import { collect, readNewRow, type NewRow } from './row.rules';
import { expectRows } from './rows-result';
import { fieldsOf, toRow } from './shape.rules';
import { uuid7s } from './uuid7';
import type { Scalar } from './value.rules';

/** Adds rows, all or none, and answers them as they are stored, in their order. 422 with every offence; 409 `value_taken`. */
export async function insertRows(ctx: Context, target: TableTarget, rows: Record<string, unknown>[]): Promise<Row[]> {
  const table = await openTable(ctx, target, 'write');
  const offences: Offence[] = [];
  const fresh = rows.map((row, i) => readNewRow(table, row, collect(offences, `#/rows/${i}`)));
  if (offences.length > 0) throw invalidInput(offences);
  const now = ctx.now();
  const ids = await storeRows(ctx, table, fresh, now);
  await auditRows(ctx, table, 'insert', { rows: rows.length });
  const fields = fieldsOf(table);
  return fresh.map(({ values }, i) => {
    const stored = Object.fromEntries(table.columns.map(({ key }, at) => [key, values[at] ?? null]));
    return toRow(fields, { ...stored, id: ids[i]!, created_at: now, updated_at: now });
  });
}

/** Stores checked rows, all or none, and answers their ids in the order of the rows. */
export async function storeRows(ctx: Context, table: TableRow, rows: NewRow[], now: number): Promise<Scalar[]> {
  const uuids = table.idType === 'uuid' ? uuid7s(now, rows.length) : [];
  const ids = rows.map(({ id }, i) => id ?? uuids[i] ?? null);
  const keys = table.columns.map(({ key }) => key);
  const lists = rows.map(({ values }, i) => [ids[i]!, now, ...values]);
  const given = await expectRows(ctx, table, await ctx.store.rows.insert(table, keys, lists));
  // Counted ids ascend in the order of the rows; SQLite promises no order of what it returns.
  const own = new Set(ids);
  const counted = given.filter((id) => !own.has(id)).sort((a, b) => Number(a) - Number(b));
  return ids.map((id) => id ?? counted.shift()!);
}

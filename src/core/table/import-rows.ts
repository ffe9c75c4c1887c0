import type { TableRow } from '../../storage/tables';
import type { Context } from '../context';
import { Fault, type Offence } from '../errors';
import { invalidInput } from '../offences';
import { auditRows } from './audit-rows';
import { readLines, type FileLine, type Format } from './file-lines';
import { storeRows } from './insert-rows';
import { openTable, type TableTarget } from './open-table';
import { collect, readNewRow, type NewRow } from './row.rules';
import { expectRows } from './rows-result';
import { fieldsOf } from './shape.rules';
import type { Scalar } from './value.rules';

/** What one import takes: all of it is in memory at once, and goes into D1 in one batch. */
export const IMPORT_BYTES = 5 * 1_048_576;
export const IMPORT_ROWS = 20_000;
/** Faults that an answer lists; its message says how many there are when there are more. */
const LISTED = 1000;

/**
 * Adds the rows of a file, all or none. 422 lists every bad line with its number, a value that must be unique and is there already
 * included.
 */
export async function importRows(
  ctx: Context,
  target: TableTarget,
  file: { format: Format; text: string },
): Promise<{ count: number }> {
  const table = await openTable(ctx, target, 'write');
  const { lines, offences } = readLines(file.format, file.text, fieldsOf(table));
  if (lines.length > IMPORT_ROWS)
    throw new Fault('body_too_large', `A file has at most ${IMPORT_ROWS} rows; this one has ${lines.length}.`);
  const rows = lines.map(({ values, line }) =>
    readNewRow(table, values, collect(offences, '#', { line }, Number.POSITIVE_INFINITY)),
  );
  offences.push(...repeated(table, lines, rows));
  if (offences.length > 0) throw badLines(offences);
  if (rows.length > 0) await store(ctx, table, lines, rows);
  await auditRows(ctx, table, 'import', { rows: rows.length, format: file.format });
  return { count: rows.length };
}

async function store(ctx: Context, table: TableRow, lines: FileLine[], rows: NewRow[]): Promise<void> {
  try {
    await storeRows(ctx, table, rows, ctx.now());
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'value_taken') throw error;
    const offences = await taken(ctx, table, lines, rows);
    throw offences.length > 0 ? badLines(offences) : error;
  }
}

interface UniqueColumn {
  name: string;
  key: string;
  of: (row: NewRow) => Scalar;
}
const uniqueColumns = (table: TableRow): UniqueColumn[] => [
  { name: 'id', key: 'id', of: (row) => row.id },
  ...table.columns.flatMap(({ name, key, unique }, i) =>
    unique ? [{ name, key, of: (row: NewRow) => row.values[i] ?? null }] : [],
  ),
];

/** Values that two lines of the file share and may not. */
function repeated(table: TableRow, lines: FileLine[], rows: NewRow[]): Offence[] {
  return uniqueColumns(table).flatMap(({ name, of }) => {
    const first = new Map<Scalar, number>();
    return rows.flatMap((row, i): Offence[] => {
      const [value, line] = [of(row), lines[i]!.line];
      const before = value === null ? undefined : first.get(value);
      if (before === undefined) {
        first.set(value, line);
        return [];
      }
      return [{ pointer: `#/${name}`, code: 'value_taken', message: `line ${before} has this value as well`, line }];
    });
  });
}

/** Values of the file that rows of the table have already. */
async function taken(ctx: Context, table: TableRow, lines: FileLine[], rows: NewRow[]): Promise<Offence[]> {
  const offences: Offence[] = [];
  for (const { name, key, of } of uniqueColumns(table)) {
    const values = rows.map(of);
    const asked = values.filter((value) => value !== null);
    if (asked.length === 0) continue;
    const there = new Set(await expectRows(ctx, table, await ctx.store.rows.existing(table, key, asked)));
    values.forEach((value, i) => {
      if (value !== null && there.has(value))
        offences.push({
          pointer: `#/${name}`,
          code: 'value_taken',
          message: 'another row has this value',
          line: lines[i]!.line,
        });
    });
  }
  return offences;
}

function badLines(offences: Offence[]): Fault {
  const sorted = offences.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const { extra } = invalidInput(sorted.slice(0, LISTED));
  const first = sorted[0]!;
  const lines = new Set(sorted.map(({ line }) => line)).size;
  const column = first.pointer === '#' ? '' : `${first.pointer.slice(2)} `;
  return new Fault(
    'invalid_input',
    `Nothing was imported. ${lines} bad ${lines === 1 ? 'line' : 'lines'}; line ${first.line}: ${column}${first.message}.`,
    extra,
  );
}

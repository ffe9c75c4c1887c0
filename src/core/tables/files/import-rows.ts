import { verb } from '../../access/verb';
import type { TableRow } from '../../../storage/tables';
import type { Context } from '../../access/context';
import { ApiError, limitIssues, quoted } from '../../../kernel/errors';
import { auditRows } from '../rows/audit-rows';
import { readLines, type FileLine, type Format } from './file-lines';
import { storeRows } from '../rows/insert-rows';
import { LineIssues } from './line-issues';
import { openTable, type TableTarget } from '../catalogue/open-table';
import { readNewRow, type NewRow } from '../rows/row.rules';
import { unwrapRows } from '../catalogue/rows-result';
import { fieldsOf } from '../catalogue/shape.rules';
import type { Scalar } from '../catalogue/value.rules';
import { pointerSegment } from '../../../kernel/json-pointer';

/** Limits of one import, which is in memory as a whole and written to D1 in one batch. */
export const IMPORT_BYTES = 5 * 1_048_576;
const IMPORT_ROWS = 20_000;

/**
 * Adds the rows of a file, all or none. Throws 422 with the first bad lines and their numbers, including values of unique columns that
 * already exist.
 */
export const importRows = verb(
  'row.use',
  async (ctx, target: TableTarget, file: { format: Format; text: string }): Promise<{ count: number }> => {
    const table = await openTable(ctx, target, 'write');
    const issues = new LineIssues();
    const lines = linesOf(file, table, issues);
    issues.nextPass();
    const rows = lines.map(({ values, line }) =>
      readNewRow(table, values, (column, code, message) =>
        issues.add(line, code, message, column === '' ? '#' : pointer(column)),
      ),
    );
    findRepeated(table, lines, rows, issues);
    if (issues.count > 0) throw badLines(issues);
    if (rows.length > 0) await store(ctx, table, lines, rows);
    await auditRows(ctx, table, 'import', { rows: rows.length, format: file.format });
    return { count: rows.length };
  },
);

/** Throws 413 as soon as there are too many lines, without reading the rest. */
function linesOf({ format, text }: { format: Format; text: string }, table: TableRow, issues: LineIssues): FileLine[] {
  const lines: FileLine[] = [];
  for (const line of readLines(format, text, fieldsOf(table), issues)) {
    if (lines.push(line) > IMPORT_ROWS)
      throw new ApiError('body_too_large', `A file must have at most ${IMPORT_ROWS} rows. Import it in parts.`);
  }
  return lines;
}

async function store(ctx: Context, table: TableRow, lines: FileLine[], rows: NewRow[]): Promise<void> {
  try {
    await storeRows(ctx, table, rows, ctx.now(), ctx.firstAnswer?.({ count: rows.length }) ?? null);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'value_taken') throw error;
    const issues = new LineIssues();
    await findTaken(ctx, table, lines, rows, issues);
    throw issues.count > 0 ? badLines(issues) : error;
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

/** Adds issues for values of unique columns that two lines of the file share. */
function findRepeated(table: TableRow, lines: FileLine[], rows: NewRow[], issues: LineIssues): void {
  for (const { name, of } of uniqueColumns(table)) {
    issues.nextPass();
    const first = new Map<Scalar, number>();
    rows.forEach((row, i) => {
      const [value, line] = [of(row), lines[i]!.line];
      const before = value === null ? undefined : first.get(value);
      if (before === undefined) first.set(value, line);
      else issues.add(line, 'value_taken', `line ${before} has the same value`, pointer(name));
    });
  }
}

/** Adds issues for values of unique columns that rows of the table already have. */
async function findTaken(
  ctx: Context,
  table: TableRow,
  lines: FileLine[],
  rows: NewRow[],
  issues: LineIssues,
): Promise<void> {
  for (const { name, key, of } of uniqueColumns(table)) {
    issues.nextPass();
    const values = rows.map(of);
    const asked = values.filter((value) => value !== null);
    if (asked.length === 0) continue;
    const existing = new Set(await unwrapRows(ctx, table, await ctx.store.rows.existing(table, key, asked)));
    values.forEach((value, i) => {
      if (value !== null && existing.has(value))
        issues.add(lines[i]!.line, 'value_taken', 'another row has this value', pointer(name));
    });
  }
}

const pointer = (column: string): string => `#${pointerSegment(column)}`;

function badLines(issues: LineIssues): ApiError {
  const listed = issues.first();
  const { pointer: at, line, message } = listed[0]!;
  const column = at === '#' ? '' : `${quoted(at.slice(2))} `;
  const count = issues.badLines;
  return new ApiError(
    'invalid_input',
    `Nothing was imported. ${count} bad ${count === 1 ? 'line' : 'lines'}; line ${line}: ${column}${message}.`,
    { issues: limitIssues(listed, issues.count) },
  );
}

import { verb } from '../../access/verb';
import type { TableRow } from '../../../storage/tables';
import type { Context } from '../../access/context';
import { CSV_TYPE, NDJSON_TYPE, streamParts, toNdjson, type ExportedFile } from '../../../kernel/stream-parts';
import { writeCsv, type Cell } from '../../../kernel/csv.rules';
import type { Format } from './file-lines';
import { readPage } from '../rows/list-rows';
import { openTable, type TableTarget } from '../catalogue/open-table';
import { MAX_ROWS, type Row, type RowsQuery } from '../catalogue/row.schema';
import { fieldsOf, type Field } from '../catalogue/shape.rules';

export type ExportQuery = Pick<RowsQuery, 'where' | 'order' | 'columns'> & { format: Format };

/**
 * Exports all rows that match the conditions, as a stream with at most one page in memory. Each page is read when the client pulls it, so
 * the file has concurrent changes up to then. The first page is read before the response starts.
 */
export const exportRows = verb(
  'row.use',
  async (ctx, target: TableTarget, query: ExportQuery): Promise<ExportedFile> => {
    const table = await openTable(ctx, target, 'read');
    const { format, ...rest } = query;
    const write = format === 'csv' ? csvWriter(table, query.columns) : toNdjson;
    const parts = pages(ctx, table, rest, write);
    const body = await streamParts(parts);
    const type = format === 'csv' ? CSV_TYPE : NDJSON_TYPE;
    return { type, filename: `${table.schema}.${table.name}.${format}`, body };
  },
);

async function* pages(
  ctx: Context,
  table: TableRow,
  query: Omit<ExportQuery, 'format'>,
  write: (rows: Row[], first: boolean) => string,
): AsyncGenerator<string, void, void> {
  let cursor: string | null = null;
  for (let first = true; first || cursor !== null; first = false) {
    const page = await readPage(ctx, table, { ...query, limit: MAX_ROWS, cursor });
    cursor = page.nextCursor;
    yield write(page.rows, first);
  }
}

/** Writes RFC 4180 with a header; null is an empty cell, the empty text is `""`. Import reads both back. */
function csvWriter(table: TableRow, chosen: string[] | undefined): (rows: Row[], first: boolean) => string {
  const fields = fieldsOf(table).filter(({ name }) => !chosen || name === 'id' || chosen.includes(name));
  return (rows, first) => {
    const cells = rows.map((row) => fields.map(({ name, type }) => toCell(type, row[name] ?? null)));
    return writeCsv([...(first ? [fields.map(({ name }) => name)] : []), ...cells]);
  };
}

const toCell = (type: Field['type'], value: unknown): Cell =>
  value === null ? null : type === 'json' ? JSON.stringify(value) : String(value as string | number | boolean);

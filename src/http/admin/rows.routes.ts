import * as z from 'zod';
import { notFound } from '../../kernel/errors';
import { pageOf } from '../../kernel/page';
import { deleteRow, deleteRows } from '../../core/tables/rows/delete-rows';
import { exportRows } from '../../core/tables/files/export-rows';
import { IMPORT_BYTES, importRows } from '../../core/tables/files/import-rows';
import { insertRows } from '../../core/tables/rows/insert-rows';
import { getRow, listRows } from '../../core/tables/rows/list-rows';
import {
  RowChanges,
  Count,
  DeleteManyInput,
  InsertRowsInput,
  Row,
  UpdateManyInput,
} from '../../core/tables/catalogue/row.schema';
import { updateRow, updateRows } from '../../core/tables/rows/update-rows';
import { IdParams, route } from '../wire/route';
import { ExportRowsQuery, ListRowsQuery } from './rows.query';

const tag = 'Rows';
const RowParams = z.strictObject({ ...IdParams.shape, row: z.string().min(1).max(64) });

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';
const formatOf = (type: string): 'csv' | 'ndjson' => (type === CSV ? 'csv' : 'ndjson');

/** Returns the result of a verb that found or changed a row. Throws 404 when it is null. */
function found<T>(row: T): T {
  if (!row) throw notFound('row');
  return row;
}

export const rowRoutes = [
  route({
    id: 'listRows',
    method: 'get',
    path: '/admin/tables/:id/rows',
    verb: listRows,
    tag,
    summary: 'List rows',
    params: IdParams,
    query: ListRowsQuery,
    answers: { 200: pageOf(Row) },
    args: ({ params, query }) => [params, query],
    toBody: ({ rows, nextCursor }) => ({ items: rows, nextCursor }),
  }),
  route({
    id: 'insertRows',
    method: 'post',
    path: '/admin/tables/:id/rows',
    verb: insertRows,
    tag,
    summary: 'Insert rows, all or none',
    params: IdParams,
    body: InsertRowsInput,
    answers: { 201: z.object({ items: z.array(Row) }) },
    changesRows: true,
    args: ({ params, body }) => [params, body.rows],
    toBody: (items) => ({ items }),
  }),
  route({
    id: 'updateRows',
    method: 'patch',
    path: '/admin/tables/:id/rows',
    verb: updateRows,
    tag,
    summary: 'Change the rows that match conditions',
    params: IdParams,
    body: UpdateManyInput,
    answers: { 200: Count },
    args: ({ params, body }) => [params, body],
  }),
  route({
    id: 'deleteRows',
    method: 'delete',
    path: '/admin/tables/:id/rows',
    verb: deleteRows,
    tag,
    summary: 'Delete the rows that match conditions',
    params: IdParams,
    body: DeleteManyInput,
    answers: { 200: Count },
    args: ({ params, body }) => [params, body],
  }),
  route({
    id: 'getRow',
    method: 'get',
    path: '/admin/tables/:id/rows/:row',
    verb: getRow,
    tag,
    summary: 'Read a row',
    params: RowParams,
    answers: { 200: Row },
    args: ({ params }) => [{ id: params.id }, params.row],
    toBody: found,
  }),
  route({
    id: 'updateRow',
    method: 'patch',
    path: '/admin/tables/:id/rows/:row',
    verb: updateRow,
    tag,
    summary: 'Change columns of a row',
    params: RowParams,
    body: RowChanges,
    answers: { 200: Row },
    args: ({ params, body }) => [{ id: params.id }, params.row, body],
    toBody: found,
  }),
  route({
    id: 'deleteRow',
    method: 'delete',
    path: '/admin/tables/:id/rows/:row',
    verb: deleteRow,
    tag,
    summary: 'Delete a row',
    params: RowParams,
    answers: { 204: null },
    args: ({ params }) => [{ id: params.id }, params.row],
    toBody: found,
  }),
  route({
    id: 'importRows',
    method: 'post',
    path: '/admin/tables/:id/import',
    verb: importRows,
    tag,
    summary: 'Insert the rows of a CSV or NDJSON file, all or none',
    params: IdParams,
    text: { types: [CSV, NDJSON], maxBytes: IMPORT_BYTES },
    answers: { 200: Count },
    changesRows: true,
    args: ({ params, text }) => [params, { format: formatOf(text!.type), text: text!.text }],
  }),
  route({
    id: 'exportRows',
    method: 'get',
    path: '/admin/tables/:id/export',
    verb: exportRows,
    tag,
    summary: 'Download rows as a CSV or NDJSON file',
    params: IdParams,
    query: ExportRowsQuery,
    files: [CSV, NDJSON],
    answers: { 200: null },
    args: ({ params, query }) => [params, query],
  }),
] as const;

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
import { IdParams, route, type Route } from '../wire/route';
import { ExportRowsQuery, ListRowsQuery } from './rows.query';

const tag = 'Rows';
const RowParams = z.strictObject({ ...IdParams.shape, row: z.string().min(1).max(64) });

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';

export const rowRoutes: Route[] = [
  route({
    id: 'listRows',
    method: 'get',
    path: '/admin/tables/:id/rows',
    policy: 'row.use',
    tag,
    summary: 'List rows',
    params: IdParams,
    query: ListRowsQuery,
    answers: { 200: pageOf(Row) },
    run: async (ctx, { params, query }) => {
      const { rows, nextCursor } = await listRows(ctx, params, query);
      return { body: { items: rows, nextCursor } };
    },
  }),
  route({
    id: 'insertRows',
    method: 'post',
    path: '/admin/tables/:id/rows',
    policy: 'row.use',
    tag,
    summary: 'Insert rows, all or none',
    params: IdParams,
    body: InsertRowsInput,
    answers: { 201: z.object({ items: z.array(Row) }) },
    changesRows: true,
    run: async (ctx, { params, body }) => ({ status: 201, body: { items: await insertRows(ctx, params, body.rows) } }),
  }),
  route({
    id: 'updateRows',
    method: 'patch',
    path: '/admin/tables/:id/rows',
    policy: 'row.use',
    tag,
    summary: 'Change the rows that pass conditions',
    params: IdParams,
    body: UpdateManyInput,
    answers: { 200: Count },
    run: async (ctx, { params, body }) => ({ body: await updateRows(ctx, params, body) }),
  }),
  route({
    id: 'deleteRows',
    method: 'delete',
    path: '/admin/tables/:id/rows',
    policy: 'row.use',
    tag,
    summary: 'Delete the rows that pass conditions',
    params: IdParams,
    body: DeleteManyInput,
    answers: { 200: Count },
    run: async (ctx, { params, body }) => ({ body: await deleteRows(ctx, params, body) }),
  }),
  route({
    id: 'getRow',
    method: 'get',
    path: '/admin/tables/:id/rows/:row',
    policy: 'row.use',
    tag,
    summary: 'Read a row',
    params: RowParams,
    answers: { 200: Row },
    run: async (ctx, { params }) => {
      const row = await getRow(ctx, { id: params.id }, params.row);
      if (!row) throw notFound('row');
      return { body: row };
    },
  }),
  route({
    id: 'updateRow',
    method: 'patch',
    path: '/admin/tables/:id/rows/:row',
    policy: 'row.use',
    tag,
    summary: 'Change columns of a row',
    params: RowParams,
    body: RowChanges,
    answers: { 200: Row },
    run: async (ctx, { params, body }) => {
      const row = await updateRow(ctx, { id: params.id }, params.row, body);
      if (!row) throw notFound('row');
      return { body: row };
    },
  }),
  route({
    id: 'deleteRow',
    method: 'delete',
    path: '/admin/tables/:id/rows/:row',
    policy: 'row.use',
    tag,
    summary: 'Delete a row',
    params: RowParams,
    answers: { 204: null },
    run: async (ctx, { params }) => {
      if (!(await deleteRow(ctx, { id: params.id }, params.row))) throw notFound('row');
      return { status: 204 };
    },
  }),
  route({
    id: 'importRows',
    method: 'post',
    path: '/admin/tables/:id/import',
    policy: 'row.use',
    tag,
    summary: 'Insert the rows of a CSV or NDJSON file, all or none',
    params: IdParams,
    text: { types: [CSV, NDJSON], maxBytes: IMPORT_BYTES },
    answers: { 200: Count },
    changesRows: true,
    run: async (ctx, { params, text }) => {
      const { type, text: content } = text!;
      return { body: await importRows(ctx, params, { format: type === CSV ? 'csv' : 'ndjson', text: content }) };
    },
  }),
  route({
    id: 'exportRows',
    method: 'get',
    path: '/admin/tables/:id/export',
    policy: 'row.use',
    tag,
    summary: 'Download rows as a CSV or NDJSON file',
    params: IdParams,
    query: ExportRowsQuery,
    files: [CSV, NDJSON],
    answers: { 200: null },
    run: async (ctx, { params, query }) => ({ file: await exportRows(ctx, params, query) }),
  }),
];

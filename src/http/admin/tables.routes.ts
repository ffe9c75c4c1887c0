import { pageOf } from '../../kernel/page';
import { createTable } from '../../core/tables/catalogue/create-table';
import { deleteTable } from '../../core/tables/catalogue/delete-table';
import { getTable, listTables } from '../../core/tables/catalogue/get-table';
import { CreateTableInput, ListTablesQuery, Table, UpdateTableInput } from '../../core/tables/catalogue/table.schema';
import { updateTable } from '../../core/tables/catalogue/update-table';
import { forceQuery } from '../../core/uses/use.schema';
import { IdParams, route } from '../wire/route';

const tag = 'Tables';

export const tableRoutes = [
  route({
    id: 'createTable',
    method: 'post',
    path: '/admin/tables',
    verb: createTable,
    tag,
    summary: 'Create a table',
    body: CreateTableInput,
    answers: { 201: Table },
    args: ({ body }) => [body],
  }),
  route({
    id: 'listTables',
    method: 'get',
    path: '/admin/tables',
    verb: listTables,
    tag,
    summary: 'List the tables that you may see, newest first',
    query: ListTablesQuery,
    answers: { 200: pageOf(Table) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'getTable',
    method: 'get',
    path: '/admin/tables/:id',
    verb: getTable,
    tag,
    summary: 'Read the definition of a table',
    params: IdParams,
    answers: { 200: Table },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'updateTable',
    method: 'patch',
    path: '/admin/tables/:id',
    verb: updateTable,
    tag,
    summary: 'Rename a table, change its columns or who may use it',
    params: IdParams,
    query: forceQuery('code that names the old one fails', 'change its name'),
    body: UpdateTableInput,
    ifMatch: true,
    stored: (ctx, { id }) => getTable(ctx, id),
    answers: { 200: Table },
    args: ({ params, query, body, ifMatch }) => [params.id, body, query.force === 'true', ifMatch],
  }),
  route({
    id: 'deleteTable',
    method: 'delete',
    path: '/admin/tables/:id',
    verb: deleteTable,
    tag,
    summary: 'Delete a table that is empty and that nothing uses',
    params: IdParams,
    query: forceQuery('its rows are deleted too, and code that names it fails'),
    ifMatch: true,
    answers: { 204: null },
    args: ({ params, query, ifMatch }) => [params.id, query.force === 'true', ifMatch],
  }),
] as const;

import * as z from 'zod';
import { CreateRoleInput, Role, RoleName } from '../../core/identity/roles/role.schema';
import { getRoleIfAny, putRole } from '../../core/identity/roles/put-role';
import { CreateEndpointInput, Endpoint, SavedEndpoint } from '../../core/publishing/endpoints/endpoint.schema';
import { METHODS, type Method } from '../../kernel/http-methods';
import { getEndpointAt, getEndpointAtIfAny, putEndpoint } from '../../core/publishing/endpoints/put-endpoint';
import {
  CreateVersionInput,
  DeployedHandler,
  HandlerFiles,
  SOURCE_BYTES,
} from '../../core/publishing/handlers/handler.schema';
import { getFilesAt, getSourceAt, putHandler } from '../../core/publishing/handlers/put-handler';
import { getTableNamed, getTableNamedIfAny, putTable } from '../../core/tables/catalogue/put-table';
import { CreateTableInput, Table } from '../../core/tables/catalogue/table.schema';
import { route } from '../wire/route';

/** Of several segments: slashes stay as they are, or are sent as %2F. */
const PathParams = z.strictObject({ path: z.string().min(1).max(600) });
const MethodQuery = z.strictObject({
  method: z.enum(METHODS).optional().meta({ description: 'Of several endpoints at the path, the one that answers it' }),
});
const NameParams = z.strictObject({ name: z.string().min(1).max(130) });
const SOURCE_TYPES = ['text/plain', 'text/javascript', 'text/typescript', 'text/x-python', 'application/octet-stream'];

/** Returns the methods of an endpoint in a body that is not checked yet. */
const methodsOf = (body: { methods?: unknown }): readonly Method[] | null =>
  CreateEndpointInput.shape.methods.safeParse(body.methods).data ?? null;

/** Objects by the path or name that files know them by: what GET answers can be changed and sent back. */
export const byPathRoutes = [
  route({
    id: 'getHandlerSource',
    method: 'get',
    path: '/admin/by-path/handlers/:path',
    takesRest: true,
    verb: getSourceAt,
    tag: 'Handlers',
    summary: 'Read the source of a handler by its path',
    params: PathParams,
    files: ['text/plain'],
    answers: { 200: z.string() },
    args: ({ params }) => [params.path],
  }),
  route({
    id: 'putHandlerSource',
    method: 'put',
    path: '/admin/by-path/handlers/:path',
    takesRest: true,
    verb: putHandler,
    tag: 'Handlers',
    summary: 'Save a source at a path, as a file',
    params: PathParams,
    query: z.strictObject({
      note: CreateVersionInput.shape.note.unwrap().optional(),
      deploy: z.enum(['true', 'false']).default('true'),
    }),
    text: { types: SOURCE_TYPES, maxBytes: SOURCE_BYTES },
    ifMatch: true,
    answers: { 200: DeployedHandler },
    args: ({ params, query, text, ifMatch }) => [
      params.path,
      { source: text!.text, note: query.note, deploy: query.deploy === 'true' },
      ifMatch,
    ],
  }),
  route({
    id: 'getHandlerFiles',
    method: 'get',
    path: '/admin/by-path/handler-files/:path',
    takesRest: true,
    verb: getFilesAt,
    tag: 'Handlers',
    summary: 'Read the files of a handler by its path',
    params: PathParams,
    query: z.strictObject({ built: z.enum(['true', 'false']).default('false') }),
    answers: { 200: HandlerFiles },
    args: ({ params, query }) => [params.path, query.built === 'true'],
  }),
  route({
    id: 'getEndpointByPath',
    method: 'get',
    path: '/admin/by-path/endpoints/:path',
    takesRest: true,
    verb: getEndpointAt,
    tag: 'Endpoints',
    summary: 'Read an endpoint by its path',
    params: PathParams,
    query: MethodQuery,
    answers: { 200: Endpoint },
    args: ({ params, query: { method } }) => [params.path, method ? [method] : null],
  }),
  route({
    id: 'putEndpoint',
    method: 'put',
    path: '/admin/by-path/endpoints/:path',
    takesRest: true,
    verb: putEndpoint,
    tag: 'Endpoints',
    summary: 'Create the endpoint at a path, or replace all of its settings',
    params: PathParams,
    query: MethodQuery,
    body: CreateEndpointInput,
    ifMatch: true,
    stored: (ctx, { path }, { method }, body) => getEndpointAtIfAny(ctx, path, method ? [method] : methodsOf(body)),
    answers: { 200: SavedEndpoint },
    args: ({ params, query, body, ifMatch }) => [params.path, query.method, body, ifMatch],
  }),
  route({
    id: 'getTableByName',
    method: 'get',
    path: '/admin/by-path/tables/:name',
    verb: getTableNamed,
    tag: 'Tables',
    summary: 'Read the definition of a table by its name',
    params: NameParams,
    answers: { 200: Table },
    args: ({ params }) => [params.name],
  }),
  route({
    id: 'putTable',
    method: 'put',
    path: '/admin/by-path/tables/:name',
    verb: putTable,
    tag: 'Tables',
    summary: 'Create a table, or add the columns that it lacks',
    params: NameParams,
    body: CreateTableInput,
    ifMatch: true,
    stored: (ctx, { name }) => getTableNamedIfAny(ctx, name),
    answers: { 200: Table },
    args: ({ params, body, ifMatch }) => [params.name, body, ifMatch],
  }),
  route({
    id: 'putRole',
    method: 'put',
    path: '/admin/by-path/roles/:name',
    verb: putRole,
    tag: 'Roles',
    summary: 'Create an application role, or replace its description',
    params: NameParams,
    body: CreateRoleInput.extend({ name: RoleName.optional() }),
    ifMatch: true,
    stored: (ctx, { name }) => getRoleIfAny(ctx, name),
    answers: { 200: Role },
    args: ({ params, body, ifMatch }) => [params.name, body, ifMatch],
  }),
] as const;

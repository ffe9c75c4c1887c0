import * as z from 'zod';
import { checkHandlerSource } from '../../core/publishing/handlers/check-handler-source';
import { createHandler } from '../../core/publishing/handlers/create-handler';
import { createVersion } from '../../core/publishing/handlers/create-version';
import { deleteHandler } from '../../core/publishing/handlers/delete-handler';
import { deleteVersion } from '../../core/publishing/handlers/delete-version';
import { deployVersion } from '../../core/publishing/handlers/deploy-version';
import { getHandler, getVersion, listHandlers, listVersions } from '../../core/publishing/handlers/get-handler';
import {
  CheckedSource,
  CheckSourceInput,
  CreateHandlerInput,
  CreateVersionInput,
  DeployedHandler,
  DeployInput,
  Handler,
  HandlerVersion,
  HandlerVersionWithSource,
  ListHandlersQuery,
  SavedHandler,
  SavedVersion,
  UpdateHandlerInput,
} from '../../core/publishing/handlers/handler.schema';
import { HandlerTreeItem, HandlerTreeQuery } from '../../core/publishing/handlers/handler-tree.schema';
import { listHandlerTree } from '../../core/publishing/handlers/list-handler-tree';
import { getHandlerTypes } from '../../core/projects/types/get-handler-types';
import { HandlerTypes } from '../../core/projects/types/handler-types.schema';
import { renameHandler } from '../../core/publishing/handlers/rename-handler';
import { pageOf, PageQuery } from '../../kernel/page';
import { forceQuery } from '../../core/uses/use.schema';
import { IdParams, route } from '../wire/route';

const tag = 'Handlers';
const Version = z.coerce.number().int().min(1);
const VersionParams = z.strictObject({ id: z.string().max(64), version: Version });
const ReadVersionParams = VersionParams.extend({
  version: z.union([z.literal('latest'), Version], { error: 'must be the number of a version, or latest' }),
});

export const handlerRoutes = [
  route({
    id: 'createHandler',
    method: 'post',
    path: '/admin/handlers',
    verb: createHandler,
    tag,
    summary: 'Save a new handler, as version 1',
    body: CreateHandlerInput,
    answers: { 201: SavedHandler },
    args: ({ body }) => [body],
  }),
  route({
    id: 'checkHandlerSource',
    method: 'post',
    path: '/admin/handlers/check',
    verb: checkHandlerSource,
    tag,
    summary: 'Check a source without saving it',
    body: CheckSourceInput,
    answers: { 200: CheckedSource },
    notReplayable: true,
    args: ({ body }) => [body],
  }),
  route({
    id: 'listHandlers',
    method: 'get',
    path: '/admin/handlers',
    verb: listHandlers,
    tag,
    summary: 'List handlers, newest first',
    query: ListHandlersQuery,
    answers: { 200: pageOf(Handler) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'listHandlerTree',
    method: 'get',
    path: '/admin/handlers/tree',
    verb: listHandlerTree,
    tag,
    summary: 'List a folder of handlers',
    query: HandlerTreeQuery,
    answers: { 200: pageOf(HandlerTreeItem) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'getHandler',
    method: 'get',
    path: '/admin/handlers/:id',
    verb: getHandler,
    tag,
    summary: 'Read a handler',
    params: IdParams,
    answers: { 200: Handler },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'getHandlerTypes',
    method: 'get',
    path: '/admin/handlers/:id/types',
    verb: getHandlerTypes,
    tag,
    summary: 'Read the types for an editor of a handler',
    params: IdParams,
    answers: { 200: HandlerTypes },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'updateHandler',
    method: 'patch',
    path: '/admin/handlers/:id',
    verb: renameHandler,
    tag,
    summary: 'Change the path of a handler; endpoints follow',
    params: IdParams,
    query: forceQuery('steps that call it by its old path fail', 'change it'),
    body: UpdateHandlerInput,
    ifMatch: true,
    stored: (ctx, { id }) => getHandler(ctx, id),
    answers: { 200: Handler },
    args: ({ params, query, body, ifMatch }) => [params.id, body, query.force === 'true', ifMatch],
  }),
  route({
    id: 'deleteHandler',
    method: 'delete',
    path: '/admin/handlers/:id',
    verb: deleteHandler,
    tag,
    summary: 'Delete an unused handler',
    params: IdParams,
    query: forceQuery(
      'steps that call it fail; an endpoint that is linked to it or attaches it still prevents the deletion',
    ),
    ifMatch: true,
    answers: { 204: null },
    args: ({ params, query, ifMatch }) => [params.id, query.force === 'true', ifMatch],
  }),
  route({
    id: 'createHandlerVersion',
    method: 'post',
    path: '/admin/handlers/:id/versions',
    verb: createVersion,
    tag,
    summary: 'Save the next version',
    params: IdParams,
    body: CreateVersionInput,
    ifMatch: true,
    answers: { 201: SavedVersion },
    args: ({ params, body, ifMatch }) => [params.id, body, ifMatch],
  }),
  route({
    id: 'listHandlerVersions',
    method: 'get',
    path: '/admin/handlers/:id/versions',
    verb: listVersions,
    tag,
    summary: 'List the versions of a handler, newest first',
    params: IdParams,
    query: PageQuery,
    answers: { 200: pageOf(HandlerVersion) },
    args: ({ params, query }) => [params.id, query],
  }),
  route({
    id: 'getHandlerVersion',
    method: 'get',
    path: '/admin/handlers/:id/versions/:version',
    verb: getVersion,
    tag,
    summary: 'Read a version with its source',
    params: ReadVersionParams,
    answers: { 200: HandlerVersionWithSource },
    args: ({ params }) => [params.id, params.version],
  }),
  route({
    id: 'deleteHandlerVersion',
    method: 'delete',
    path: '/admin/handlers/:id/versions/:version',
    verb: deleteVersion,
    tag,
    summary: 'Delete a version that is not in use, with its source',
    params: VersionParams,
    ifMatch: true,
    answers: { 204: null },
    args: ({ params, ifMatch }) => [params.id, params.version, ifMatch],
  }),
  route({
    id: 'deployHandlerVersion',
    method: 'put',
    path: '/admin/handlers/:id/default',
    verb: deployVersion,
    tag,
    summary: 'Deploy a version, or roll back to it',
    params: IdParams,
    body: DeployInput,
    ifMatch: true,
    answers: { 200: DeployedHandler },
    args: ({ params, body, ifMatch }) => [params.id, body.version, ifMatch],
  }),
] as const;

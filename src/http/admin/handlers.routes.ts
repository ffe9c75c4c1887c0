import * as z from 'zod';
import { createHandler } from '../../core/publishing/handlers/create-handler';
import { createVersion } from '../../core/publishing/handlers/create-version';
import { deleteHandler } from '../../core/publishing/handlers/delete-handler';
import { deleteVersion } from '../../core/publishing/handlers/delete-version';
import { deployVersion } from '../../core/publishing/handlers/deploy-version';
import { getHandler, getVersion, listHandlers, listVersions } from '../../core/publishing/handlers/get-handler';
import {
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
import { renameHandler } from '../../core/publishing/handlers/rename-handler';
import { pageOf, PageQuery } from '../../kernel/page';
import { forceQuery } from '../../core/uses/use.schema';
import { IdParams, route, type Route } from '../wire/route';

const tag = 'Handlers';
const VersionParams = z.strictObject({ id: z.string().max(64), version: z.coerce.number().int().min(1) });

export const handlerRoutes: Route[] = [
  route({
    id: 'createHandler',
    method: 'post',
    path: '/admin/handlers',
    policy: 'handler.write',
    tag,
    summary: 'Save a new handler, as version 1',
    body: CreateHandlerInput,
    answers: { 201: SavedHandler },
    run: async (ctx, { body }) => ({ status: 201, body: await createHandler(ctx, body) }),
  }),
  route({
    id: 'listHandlers',
    method: 'get',
    path: '/admin/handlers',
    policy: 'handler.read',
    tag,
    summary: 'List handlers, newest first',
    query: ListHandlersQuery,
    answers: { 200: pageOf(Handler) },
    run: async (ctx, { query }) => ({ body: await listHandlers(ctx, query) }),
  }),
  route({
    id: 'getHandler',
    method: 'get',
    path: '/admin/handlers/:id',
    policy: 'handler.read',
    tag,
    summary: 'Read a handler',
    params: IdParams,
    answers: { 200: Handler },
    run: async (ctx, { params }) => ({ body: await getHandler(ctx, params.id) }),
  }),
  route({
    id: 'updateHandler',
    method: 'patch',
    path: '/admin/handlers/:id',
    policy: 'handler.write',
    tag,
    summary: 'Change the path of a handler; endpoints follow',
    params: IdParams,
    query: forceQuery('steps that call it by its old path fail', 'change it'),
    body: UpdateHandlerInput,
    ifMatch: true,
    stored: (ctx, { id }) => getHandler(ctx, id),
    answers: { 200: Handler },
    run: async (ctx, { params, query, body, ifMatch }) => ({
      body: await renameHandler(ctx, params.id, body, query.force === 'true', ifMatch),
    }),
  }),
  route({
    id: 'deleteHandler',
    method: 'delete',
    path: '/admin/handlers/:id',
    policy: 'handler.write',
    tag,
    summary: 'Delete a handler that nothing uses',
    params: IdParams,
    query: forceQuery(
      'steps that call it fail; endpoints that are linked to it or attach it are respected all the same',
    ),
    ifMatch: true,
    answers: { 204: null },
    run: async (ctx, { params, query, ifMatch }) => {
      await deleteHandler(ctx, params.id, query.force === 'true', ifMatch);
      return { status: 204 };
    },
  }),
  route({
    id: 'createHandlerVersion',
    method: 'post',
    path: '/admin/handlers/:id/versions',
    policy: 'handler.write',
    tag,
    summary: 'Save the next version',
    params: IdParams,
    body: CreateVersionInput,
    ifMatch: true,
    answers: { 201: SavedVersion },
    run: async (ctx, { params, body, ifMatch }) => ({
      status: 201,
      body: await createVersion(ctx, params.id, body, ifMatch),
    }),
  }),
  route({
    id: 'listHandlerVersions',
    method: 'get',
    path: '/admin/handlers/:id/versions',
    policy: 'handler.read',
    tag,
    summary: 'List the versions of a handler, newest first',
    params: IdParams,
    query: PageQuery,
    answers: { 200: pageOf(HandlerVersion) },
    run: async (ctx, { params, query }) => ({ body: await listVersions(ctx, params.id, query) }),
  }),
  route({
    id: 'getHandlerVersion',
    method: 'get',
    path: '/admin/handlers/:id/versions/:version',
    policy: 'handler.read',
    tag,
    summary: 'Read a version with its source',
    params: VersionParams,
    answers: { 200: HandlerVersionWithSource },
    run: async (ctx, { params }) => ({ body: await getVersion(ctx, params.id, params.version) }),
  }),
  route({
    id: 'deleteHandlerVersion',
    method: 'delete',
    path: '/admin/handlers/:id/versions/:version',
    policy: 'handler.write',
    tag,
    summary: 'Delete a version that nothing serves, with its source',
    params: VersionParams,
    ifMatch: true,
    answers: { 204: null },
    run: async (ctx, { params, ifMatch }) => {
      await deleteVersion(ctx, params.id, params.version, ifMatch);
      return { status: 204 };
    },
  }),
  route({
    id: 'deployHandlerVersion',
    method: 'put',
    path: '/admin/handlers/:id/default',
    policy: 'handler.write',
    tag,
    summary: 'Deploy a version, or roll back to it',
    params: IdParams,
    body: DeployInput,
    ifMatch: true,
    answers: { 200: DeployedHandler },
    run: async (ctx, { params, body, ifMatch }) => ({
      body: await deployVersion(ctx, params.id, body.version, ifMatch),
    }),
  }),
];

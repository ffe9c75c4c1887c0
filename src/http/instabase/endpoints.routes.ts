import * as z from 'zod';
import type { Context } from '../../core/access/context';
import { createEndpoint } from '../../core/publishing/endpoints/create-endpoint';
import { deleteEndpoint } from '../../core/publishing/endpoints/delete-endpoint';
import { assertRequestHandler } from '../../core/publishing/endpoints/assert-request-handler';
import { findEndpoints } from '../../core/publishing/endpoints/find-endpoints';
import { getEndpoint } from '../../core/publishing/endpoints/get-endpoint';
import { updateEndpoint } from '../../core/publishing/endpoints/update-endpoint';
import { ApiError } from '../../kernel/errors';
import { invalidField } from '../../kernel/issues';
import { route, type Route } from '../wire/route';
import {
  CreateBody,
  EndpointIdParams,
  EndpointList,
  Entry,
  IdAnswer,
  ListQuery,
  NamedParams,
  toCreateInput,
  toFilter,
  toInstabaseEntry,
  toLine,
  toUpdateInput,
  UpdateBody,
} from './forms';

const tag = 'Instabase';

/** Refuses another id in the body. An id never changes: runs, audit entries and keys refer to it. */
function assertSameId(id: string, repeated: string | undefined): void {
  if (repeated !== undefined && repeated !== id)
    throw invalidField('id', 'different', 'must be the id in the URL: it cannot change');
}

/** The state of a GET may be sent back; `enabled` changes it. */
async function assertSameState(ctx: Context, id: string, state: string): Promise<void> {
  if (state !== toInstabaseEntry(toLine(await getEndpoint(ctx, id))).state)
    throw invalidField('state', 'read_only', 'cannot be changed here: set enabled to true or false');
}

/** Every route of the Instabase dialect, below INSTABASE_PREFIX. */
export const instabaseRoutes: Route[] = [
  route({
    id: 'listInstabaseEndpoints',
    method: 'get',
    path: '/list',
    verb: findEndpoints,
    tag,
    summary: 'List endpoints, oldest first',
    query: ListQuery,
    answers: { 200: EndpointList },
    run: async (ctx, { query }) => {
      const found = await findEndpoints(ctx, toFilter(query), query.offset, query.limit ?? null);
      return { body: { id: query.id ?? '', endpoints: found.map(toInstabaseEntry) } };
    },
  }),
  route({
    id: 'getInstabaseEndpoint',
    method: 'get',
    path: '/:id',
    verb: getEndpoint,
    tag,
    summary: 'Read an endpoint',
    params: NamedParams,
    answers: { 200: Entry },
    args: ({ params }) => [params.id],
    toBody: (endpoint) => toInstabaseEntry(toLine(endpoint)),
  }),
  route({
    id: 'createInstabaseEndpoint',
    method: 'put',
    path: '/:id',
    verb: createEndpoint,
    tag,
    summary: 'Create an endpoint under an id of your choice',
    params: EndpointIdParams,
    body: CreateBody,
    answers: { 201: IdAnswer },
    run: async (ctx, { params: { id }, body }) => {
      assertSameId(id, body.id);
      await assertRequestHandler(ctx, body.handler_script_path);
      const { path } = await createEndpoint(ctx, toCreateInput(body), id);
      // The document shows this message beside the status, and a body with the id alone.
      const message = `Endpoint handler is created at u/${path}`;
      return { status: 201, statusText: message, headers: { 'x-portico-message': message }, body: { id } };
    },
  }),
  route({
    id: 'updateInstabaseEndpoint',
    method: 'patch',
    path: '/:id',
    verb: updateEndpoint,
    tag,
    summary: 'Change an endpoint; any change except `enabled` needs endpoint.write',
    params: NamedParams,
    body: UpdateBody,
    answers: { 200: IdAnswer },
    run: async (ctx, { params: { id }, body }) => {
      assertSameId(id, body.id);
      if (body.state !== undefined) await assertSameState(ctx, id, body.state);
      if (body.handler_script_path !== undefined) await assertRequestHandler(ctx, body.handler_script_path);
      await updateEndpoint(ctx, id, toUpdateInput(body), null);
      return { body: { id } };
    },
  }),
  route({
    id: 'deleteInstabaseEndpoint',
    method: 'delete',
    path: '/:id',
    verb: deleteEndpoint,
    tag,
    summary: 'Delete an endpoint',
    params: NamedParams,
    answers: { 200: z.object({}) },
    args: ({ params }) => [params.id, null],
    // The document's own example parses the response to a deletion as JSON.
    toBody: () => ({}),
  }),
  route({
    id: 'refuseInstabaseMethod',
    method: 'all',
    path: '/:id',
    verb: getEndpoint,
    tag,
    summary: 'Refuse every other method',
    answers: {},
    run: () => {
      throw new ApiError(
        'method_not_allowed',
        'Read an endpoint with GET, create it with PUT, update it with PATCH, and delete it with DELETE.',
        { headers: { allow: 'GET, PUT, PATCH, DELETE' } },
      );
    },
  }),
];

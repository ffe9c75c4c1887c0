import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import * as z from 'zod';
import { METHODS } from '../../core/endpoint/endpoint.schema';
import type { Action } from '../../core/user/can';
import {
  CreateBody,
  EndpointList,
  Entry,
  IdAnswer,
  IdParams,
  INSTABASE_PREFIX,
  InstabaseProblem,
  ListQuery,
  UpdateBody,
} from './wire';

const TAG = 'Instabase';

const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
const refused = { default: { description: 'Refused or failed', ...json(InstabaseProblem) } };

function manage(
  operationId: string,
  summary: string,
  policy: Action,
  answer: { status: '200' | '201'; schema: z.ZodType },
  input: { body?: z.ZodType; params?: z.ZodObject; query?: z.ZodObject },
): ZodOpenApiOperationObject {
  return {
    operationId,
    tags: [TAG],
    summary,
    description: `Needs the permission ${policy}.`,
    security: [{ namedToken: [] }, { accessToken: [] }],
    requestParams: {
      ...(input.params ? { path: input.params } : {}),
      ...(input.query ? { query: input.query } : {}),
    },
    ...(input.body ? { requestBody: { required: true, ...json(input.body) } } : {}),
    responses: { [answer.status]: { description: 'OK', ...json(answer.schema) }, ...refused },
  };
}

/** What is sent and answered is the handler's affair; what opens the endpoint is the endpoint's. */
const trigger = (method: string): ZodOpenApiOperationObject => ({
  operationId: `callInstabaseEndpointWith${method.charAt(0)}${method.slice(1).toLowerCase()}`,
  tags: [TAG],
  summary: 'Call an endpoint',
  description: "For the methods that the endpoint takes. The endpoint's access level says which credential it needs.",
  security: [{ namedToken: [] }, { endpointToken: [] }, { apiKey: [] }, {}],
  requestParams: { path: z.strictObject({ path: z.string() }) },
  ...(['POST', 'PUT', 'PATCH'].includes(method) ? { requestBody: { content: { '*/*': {} } } } : {}),
  responses: { '200': { description: 'What the handler answers', content: { '*/*': {} } }, ...refused },
});

const anyId = IdParams.extend({ id: z.string() });
const ok = (schema: z.ZodType) => ({ status: '200', schema }) as const;

/** The Instabase dialect for /openapi.json, from the schemas that its requests are checked with. */
export const instabasePaths: ZodOpenApiPathsObject = {
  [`${INSTABASE_PREFIX}/list`]: {
    get: manage('listInstabaseEndpoints', 'List endpoints, oldest first', 'endpoint.read', ok(EndpointList), {
      query: ListQuery,
    }),
  },
  [`${INSTABASE_PREFIX}/{id}`]: {
    get: manage('getInstabaseEndpoint', 'Read an endpoint', 'endpoint.read', ok(Entry), { params: anyId }),
    put: manage(
      'createInstabaseEndpoint',
      'Make an endpoint under an id of your choice',
      'endpoint.write',
      { status: '201', schema: IdAnswer },
      { params: IdParams, body: CreateBody },
    ),
    patch: manage(
      'updateInstabaseEndpoint',
      'Change an endpoint; more than `enabled` needs endpoint.write',
      'endpoint.operate',
      ok(IdAnswer),
      {
        params: anyId,
        body: UpdateBody,
      },
    ),
    delete: manage('deleteInstabaseEndpoint', 'Delete an endpoint', 'endpoint.write', ok(z.object({})), {
      params: anyId,
    }),
  },
  [`${INSTABASE_PREFIX}/u/{path}`]: Object.fromEntries(
    METHODS.map((method) => [method.toLowerCase(), trigger(method)]),
  ),
};

/** The credentials that it takes beside the admin API's. */
export const instabaseSecurity = {
  namedToken: { type: 'http', scheme: 'bearer', description: 'token of POST /admin/tokens' },
  endpointToken: { type: 'http', scheme: 'bearer', description: 'endpointToken of POST /admin/session' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'key of POST /admin/keys' },
} as const;

import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import * as z from 'zod';
import type { Permission } from '../../core/access/permissions';
import { callOperations } from '../reference/call-operations';
import { RECORDED_ANSWERS, referenceOf } from '../reference/examples';
import { describeProblems, pickProblems } from '../reference/problems';
import {
  CreateBody,
  EndpointList,
  Entry,
  IdAnswer,
  EndpointIdParams,
  INSTABASE_PREFIX,
  InstabaseProblem,
  ListQuery,
  UpdateBody,
} from './forms';

const TAG = 'Instabase';

const json = (schema: z.ZodType, example: unknown) => ({
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

/** Problems as this wire writes them. */
const PROBLEMS = describeProblems({
  prefix: 'Instabase',
  type: 'application/json',
  schema: InstabaseProblem,
  toExample: (code, msg) => ({ status: 'ERROR', msg, code, request_id: 'req_0Vc0ExampleRequest01' }),
});

function manage(
  operationId: string,
  summary: string,
  policy: Permission,
  answer: { status: '200' | '201'; schema: z.ZodType },
  input: { body?: z.ZodType; params?: z.ZodObject; query?: z.ZodObject },
): ZodOpenApiOperationObject {
  const { description = '', body } = referenceOf(operationId) ?? {};
  const refused = [400, 401, 403, ...(input.params ? [404] : []), ...(input.body ? [409, 413, 415, 422] : [])];
  return {
    operationId,
    tags: [TAG],
    summary,
    description: `${description}\n\nNeeds the permission \`${policy}\`, of a named token or a signed-in user.`,
    security: [{ namedToken: [] }, { accessToken: [] }],
    requestParams: {
      ...(input.params ? { path: input.params } : {}),
      ...(input.query ? { query: input.query } : {}),
    },
    ...(input.body ? { requestBody: { required: true, ...json(input.body, body) } } : {}),
    responses: {
      [answer.status]: { description: 'OK', ...json(answer.schema, RECORDED_ANSWERS[operationId]) },
      ...pickProblems(PROBLEMS, refused),
    },
  };
}

const anyId = EndpointIdParams.extend({ id: z.string() });
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
      { params: EndpointIdParams, body: CreateBody },
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
  [`${INSTABASE_PREFIX}/u/{path}`]: callOperations(TAG, 'callInstabaseEndpoint', PROBLEMS),
};

/** The credentials that it takes beside the admin API's. */
export const instabaseSecurity = {
  namedToken: { type: 'http', scheme: 'bearer', description: '`token` of `POST /admin/tokens`' },
  endpointToken: { type: 'http', scheme: 'bearer', description: '`endpointToken` of `POST /admin/session`' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: '`key` of `POST /admin/keys`' },
} as const;

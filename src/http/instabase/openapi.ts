import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { callOperations } from '../reference/call-operations';
import { describeRoutes, type WireReference } from '../reference/operations';
import { describeProblems } from '../reference/problems';
import { instabaseRoutes } from './endpoints.routes';
import { INSTABASE_PREFIX, InstabaseProblem } from './forms';

/** Errors in the format of this wire. */
const PROBLEMS = describeProblems({
  prefix: 'Instabase',
  type: 'application/json',
  schema: InstabaseProblem,
  toExample: (code, msg) => ({ status: 'ERROR', msg, code, request_id: 'req_0Vc0ExampleRequest01' }),
});

const REFERENCE: WireReference = {
  prefix: INSTABASE_PREFIX,
  problems: PROBLEMS,
  security: [{ namedToken: [] }, { accessToken: [] }],
  describePolicy: (policy) => `Needs the permission \`${policy}\`, of a named token or a signed-in user.`,
  refusedWith: ({ params, body }) => [400, 401, 403, ...(params ? [404] : []), ...(body ? [409, 413, 415, 422] : [])],
};

/** The Instabase dialect for /openapi.json, from the mounted routes. */
export const instabasePaths: ZodOpenApiPathsObject = {
  ...describeRoutes(instabaseRoutes, REFERENCE),
  [`${INSTABASE_PREFIX}/u/{path}`]: callOperations('Instabase', 'callInstabaseEndpoint', PROBLEMS),
};

/** The credentials that it accepts besides the admin API's. */
export const instabaseSecurity = {
  namedToken: { type: 'http', scheme: 'bearer', description: '`token` of `POST /admin/tokens`' },
  endpointToken: { type: 'http', scheme: 'bearer', description: '`endpointToken` of `POST /admin/session`' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: '`key` of `POST /admin/keys`' },
} as const;
